"""The demo coalition's data: read from TOML, given as plain dictionaries.

Tests check it against `schema.json`.

Pure: no models, no database. Times are whole days before (`days_ago`) or after (`deadline_in_days`) the
moment of seeding, or days of the spring to come (`on`), so that the demo is never out of date.
"""

import copy
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE / "data"

Record = dict[str, Any]


@dataclass(frozen=True)
class Demo:
    """All data to seed. Records refer to each other by `id`, to people by their e-mail address."""

    organisations: list[Record]
    people: list[Record]
    workspaces: list[Record]
    drafts: list[Record]
    facts: list[Record]
    topics: list[Record]
    news: list[Record]  # what the newsroom wrote itself
    published: list[Record]  # how published drafts stand in the news: topics, placement, cover
    home: Record
    logos: list[str]  # organisations that permit theirs
    campaign: Record  # the page that ties one together
    partners: Record
    about: Record
    events: list[Record]
    calendars: list[Record]  # partners' calendars, as files
    sittings: list[Record]
    agreement: Record  # the coalition's: its editions
    decisions: list[Record]  # other than texts
    requests: list[Record]  # of groups that ask to become members
    press: list[Record]  # the media list
    speakers: list[Record]  # spokespersons
    enquiries: list[Record]  # what outlets asked
    guide: list[Record]  # lines of the message guide
    coverage: list[Record]
    helplines: list[Record]
    appeals: list[Record]
    bodies: list[Record]  # recipients of letters and cards
    asks: list[Record]
    letters: list[Record]
    letter_board: list[Record]  # what came back on letters
    postcards: list[Record]  # designs and their batches
    sheets: list[Record]  # paper sheets by run
    counted_tables: list[Record]  # tables at which people supported in person
    regional_plan: Record
    tables: list[Record]  # at which people support an appeal in person
    table_guidance: Record  # what their volunteers read
    consent: Record  # of survivors, with a film and stories
    media_package: Record  # items, outlets that took them, what they answered
    impact: Record  # a grant, declared figures, changes

    def organisation(self, identifier: str) -> Record:
        return _by(self.organisations, "id", identifier)

    def person(self, email: str) -> Record:
        return _by(self.people, "email", email)

    def draft(self, identifier: str) -> Record:
        return _by(self.drafts, "id", identifier)

    def fact(self, identifier: str) -> Record:
        return _by(self.facts, "id", identifier)

    def representative_of(self, organisation: str) -> Record:
        """The person who may approve for the organisation; raises KeyError where it has none."""
        for person in self.people:
            for membership in person.get("memberships", ()):
                if membership["organisation"] == organisation and membership["role"] == "representative":
                    return person
        raise KeyError(organisation)


def load() -> Demo:
    """Return all demo data. Raises TypeError if a file has an unknown part."""
    return Demo(**read())


def read() -> Record:
    """Return the parsed files, merged and not validated; those of a folder in the order of their names."""
    record: Record = {}
    for path in sorted(DATA.glob("*.toml")):
        record |= tomllib.loads(path.read_text(encoding="utf-8"))
    for folder in ("drafts", "events", "news"):
        paths = sorted((DATA / folder).glob("*.toml"))
        record[folder] = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    return record


def text_at(text: Record, number: int) -> Record:
    """Return title, lead and body of a draft text in its version `number` (from 1).

    A version lists the sentences in which it `differs` from the current text: `now` and `then`.
    """
    state = {key: copy.deepcopy(text[key]) for key in ("title", "lead", "body")}
    for change in text["versions"][number - 1].get("differs", ()):
        state = _replaced(state, change["now"], change["then"])
    return state


def _replaced(value: Any, now: str, then: str) -> Any:
    if isinstance(value, str):
        return value.replace(now, then)
    if isinstance(value, list):
        return [_replaced(item, now, then) for item in value]
    if isinstance(value, dict):
        return {key: _replaced(item, now, then) for key, item in value.items()}
    return value


def _by(records: list[Record], key: str, value: str) -> Record:
    for record in records:
        if record[key] == value:
            return record
    raise KeyError(value)
