"""What sentences of activities and notifications mention: names and labels, as the reader may be told them.

%(actor)s, %(organisation)s (in whose name), and what stands in the detail. Some entries of the detail are
turned into words: `about` (UUID of an organisation), `person` with `person_for` (UUIDs of a person and the
organisation they act for), `deadline` (a moment, ISO 8601), and those with labels: `role` (of a seat),
`language`, and what higher layers register.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.utils.functional import Promise

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import organisations_with, people_with
from coalition.core.quotation_marks import nest_quotes
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.roles import SeatRole
from coalition.workspaces.naming import person_name

type LabelText = str | Promise


class SentenceRow(Protocol):
    """An activity or a notification."""

    detail: Any

    @property
    def actor(self) -> User | None: ...

    @property
    def organisation(self) -> Organisation | None: ...


_labels: dict[str, Mapping[str, LabelText]] = {
    "role": dict(SeatRole.choices),
    "language": dict(Language.choices),
}


def register_labels(labels: Mapping[str, Mapping[str, LabelText]]) -> None:
    """Add the labels of values by entry of the detail."""
    _labels.update(labels)


class SentenceParams:
    """Names and people that a page of rows mentions, read at once: two queries, however many rows."""

    def __init__(self, viewer: Viewer, rows: Iterable[SentenceRow]) -> None:
        self.viewer = viewer
        told = [row.detail for row in rows]
        organisations = {d[key] for d in told for key in ("about", "person_for") if d.get(key)}
        people = {d["person"] for d in told if d.get("person")}
        self.organisations = {str(uuid): row for uuid, row in organisations_with(organisations).items()}
        self.people = {str(uuid): row for uuid, row in people_with(people).items()}

    def of(self, row: SentenceRow, **more: str) -> dict[str, Any]:
        """What the row's sentence may mention. `more`: words that stand between quotation marks."""
        detail = row.detail
        # Sentences put titles and names of versions between quotation marks.
        names: dict[str, Any] = _NamesOrDash(
            {
                key: nest_quotes(value) if isinstance(value, str) else value
                for key, value in {**detail, **more}.items()
            }
        )
        if row.organisation:
            # Who is forgotten, or gone, acted for it.
            names["actor"] = names["organisation"] = display_name_for(self.viewer, row.organisation)
        if row.actor:
            names["actor"] = person_name(self.viewer, row.actor, row.organisation)
        if about := self.organisations.get(detail.get("about", "")):
            names["about"] = display_name_for(self.viewer, about)
        if person := self.people.get(detail.get("person", "")):
            on_behalf_of = self.organisations.get(detail.get("person_for", ""))
            names["person"] = person_name(self.viewer, person, on_behalf_of)
        if deadline := detail.get("deadline"):
            names["deadline"] = moment_with_time_zone(datetime.datetime.fromisoformat(deadline))
        for entry, labels in _labels.items():
            if detail.get(entry) in labels:
                names[entry] = labels[detail[entry]]
        return names


class _NamesOrDash(dict[str, Any]):
    """What a sentence may mention. What is gone since (a person, an organisation) is a dash."""

    def __missing__(self, key: str) -> str:
        return "—"
