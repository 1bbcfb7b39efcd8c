"""Facts as pages show them: a row of the list, an entry of the history, where one is used."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.naming import person_name
from documents.facts.actions import saying_of
from documents.facts.content import Saying, Wording, missing_in, words_in
from documents.facts.enums import FactAct
from documents.facts.models import Fact, FactEntry, FactUse, FactVersion, FactWords
from documents.facts.queries import (
    Place,
    entries_of,
    places_of,
    publications_using,
    texts_using,
    today,
    versions_of,
)
from documents.publication.models import Publication


@dataclass(frozen=True)
class Row:
    """A fact in a list."""

    fact: Fact
    words: FactWords | None
    version: FactVersion | None
    owner: str
    missing: list[str]

    @property
    def is_due(self) -> bool:
        return self.fact.next_check <= today()

    @property
    def is_unchecked(self) -> bool:
        """Nobody but its writer has looked at what it says now."""
        return self.fact.checked_id is None or self.fact.checked_id != self.fact.current_id


def fact_row(viewer: Viewer, fact: Fact, language: str) -> Row:
    version = fact.current
    owner = display_name_for(viewer, fact.owner)
    return Row(fact, words_in(version, language), version, owner, missing_in(version))


@dataclass(frozen=True)
class Uses:
    """Where the person may know that a fact is used."""

    texts: list[FactUse]
    publications: list[Publication]
    places: list[Place]

    @property
    def count(self) -> int:
        return len(self.texts) + len(self.publications) + len(self.places)


def uses_shown(person: User, fact: Fact) -> Uses:
    """Texts that the person may read, public texts, public pages; of nothing else even the number."""
    return Uses(list(texts_using(person, fact)), list(publications_using(fact)), places_of(fact))


@dataclass(frozen=True)
class EntryRow:
    """One entry of a fact's history, with the names that the viewer may be told."""

    act: str
    why: str
    by: str
    organisation: str
    at: datetime.datetime
    next_check: datetime.date
    number: int
    differences: list[tuple[str, str, str]]


def entry_rows(viewer: Viewer, fact: Fact) -> list[EntryRow]:
    """The history, newest first, with what each change changed."""
    sayings = {version.number: saying_of(version) for version in versions_of(fact)}
    return [_entry(viewer, entry, sayings) for entry in entries_of(fact)]


def _entry(viewer: Viewer, entry: FactEntry, sayings: dict[int, Saying | None]) -> EntryRow:
    number = entry.version.number
    before, after = sayings.get(number - 1), sayings.get(number)
    changed = entry.act == FactAct.CHANGED and before and after
    by = person_name(viewer, entry.person, entry.organisation) if entry.person else _("Someone who has left")
    return EntryRow(
        act=entry.get_act_display(),
        why=entry.why,
        by=by,
        organisation=display_name_for(viewer, entry.organisation),
        at=entry.at,
        next_check=entry.next_check,
        number=number,
        differences=list(differences(before, after)) if changed and before and after else [],
    )


def differences(before: Saying, after: Saying) -> Iterator[tuple[str, str, str]]:
    """What changed from one version to the next: its name, how it was, how it is."""
    labels = {
        "as_of": _("Year of which it holds"),
        "publisher": _("Who published it"),
        "title": _("Title of the source"),
        "address": _("Address"),
    }
    for name, label in labels.items():
        was, now = str(getattr(before, name)), str(getattr(after, name))
        if was != now:
            yield label, was, now
    parts = {
        "numeral": _("Number"),
        "sentence": _("What it says"),
        "scope": _("Where and when"),
        "source": _("Source"),
        "how": _("How do we know?"),
    }
    for language in Language:
        old, new = (one.words.get(language.value, Wording()) for one in (before, after))
        for part in fields(Wording):
            was, now = getattr(old, part.name), getattr(new, part.name)
            if was != now:
                yield f"{parts[part.name]} ({language.label})", was, now
