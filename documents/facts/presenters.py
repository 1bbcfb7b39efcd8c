"""Facts for display: rows of the list, entries of the history, uses."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.naming import person_name
from documents.facts.actions import fact_content_of
from documents.facts.content import FactContent, FactWording, fact_words_for, missing_in
from documents.facts.enums import FactAct
from documents.facts.models import Fact, FactEntry, FactUse, FactVersion, FactWords
from documents.facts.queries import (
    FactPage,
    entries_of,
    fact_pages,
    local_today,
    publications_using,
    texts_using,
    versions_of,
)
from documents.publication.models import Publication


@dataclass(frozen=True)
class FactRow:
    """A fact in a list."""

    fact: Fact
    words: FactWords | None
    version: FactVersion | None
    owner: str
    missing: list[str]

    @property
    def is_due(self) -> bool:
        return self.fact.next_check <= local_today()

    @property
    def is_unchecked(self) -> bool:
        """Whether nobody except its author has checked the current words."""
        return self.fact.checked_id is None or self.fact.checked_id != self.fact.current_id


def fact_row(viewer: Viewer, fact: Fact, language: str) -> FactRow:
    version = fact.current
    owner = display_name_for(viewer, fact.owner)
    return FactRow(fact, fact_words_for(version, language), version, owner, missing_in(version))


@dataclass(frozen=True)
class FactUses:
    """Uses of a fact that the person may know of."""

    texts: list[FactUse]
    publications: list[Publication]
    places: list[FactPage]

    @property
    def count(self) -> int:
        return len(self.texts) + len(self.publications) + len(self.places)


def visible_uses(person: User, fact: Fact) -> FactUses:
    """Return texts the person may read, public texts, public pages; others are not even counted."""
    return FactUses(list(texts_using(person, fact)), list(publications_using(fact)), fact_pages(fact))


@dataclass(frozen=True)
class EntryRow:
    """One entry of a fact's history, with the names that the viewer may see."""

    act: str
    why: str
    by: str
    organisation: str
    at: datetime.datetime
    next_check: datetime.date
    number: int
    differences: list[tuple[str, str, str]]


def entry_rows(viewer: Viewer, fact: Fact) -> list[EntryRow]:
    """Return the history, newest first, with the differences of each change."""
    sayings = {version.number: fact_content_of(version) for version in versions_of(fact)}
    return [_entry_row(viewer, entry, sayings) for entry in entries_of(fact)]


def _entry_row(viewer: Viewer, entry: FactEntry, sayings: dict[int, FactContent | None]) -> EntryRow:
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
        differences=list(content_differences(before, after)) if changed and before and after else [],
    )


def content_differences(before: FactContent, after: FactContent) -> Iterator[tuple[str, str, str]]:
    """Yield the differences between two versions: name, old value, new value."""
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
        old, new = (one.words.get(language.value, FactWording()) for one in (before, after))
        for part in fields(FactWording):
            was, now = getattr(old, part.name), getattr(new, part.name)
            if was != now:
                yield f"{parts[part.name]} ({language.label})", was, now
