"""The words of activities: a whole sentence in the reader's language, with the names they may be told.

Higher layers register the kinds they write. A sentence may use %(actor)s, %(organisation)s (in whose
name), and what stands in the activity's detail. Some entries of the detail are turned into words:
`about` (UUID of an organisation), `person` with `person_for` (UUIDs of a person and the organisation
they act for), and those with labels: `role` (of a seat), `language`, and what higher layers register.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from coalition.partners.enums import Language
from coalition.partners.naming import Viewer, display_name_for
from coalition.partners.queries import organisations_with, people_with
from coalition.quoting import inside_quotes
from coalition.roles import SeatRole
from coalition.workspaces.models import Activity
from coalition.workspaces.people import Circle, circle_of, name_of

type Words = str | Promise

_sentences: dict[str, Words] = {
    "workspace_created": gettext_lazy("%(actor)s opened this workspace."),
    "workspace_described": gettext_lazy("%(actor)s changed the title or purpose of this workspace."),
    "workspace_archived": gettext_lazy("%(actor)s archived this workspace."),
    "workspace_taken_back": gettext_lazy("%(actor)s took this workspace back from the archive."),
    "organisation_joined": gettext_lazy("%(about)s takes part from now on, brought in by %(actor)s."),
    "organisation_left": gettext_lazy("%(about)s no longer takes part; noted by %(actor)s."),
    "organisation_frozen": gettext_lazy("%(about)s is frozen: its people have no access for now."),
    "organisation_thawed": gettext_lazy("%(about)s is no longer frozen."),
    "seat_given": gettext_lazy("%(actor)s gave a seat: %(person)s, %(role)s."),
    "seat_changed": gettext_lazy("%(actor)s changed a seat: %(person)s, now %(role)s."),
    "seat_taken": gettext_lazy("%(actor)s took a seat away: %(person)s."),
    "seat_ended": gettext_lazy("A seat ended because the membership ended: %(person)s."),
}
_links: dict[str, str] = {}
_labels: dict[str, Mapping[str, Words]] = {
    "role": dict(SeatRole.choices),
    "language": dict(Language.choices),
}


@dataclass(frozen=True)
class Told:
    """An activity in words, for one reader."""

    at: datetime.datetime
    sentence: str
    circle: Circle | None
    workspace: str
    url: str


def register_words(
    sentences: Mapping[str, Words],
    links: Mapping[str, str] | None = None,
    labels: Mapping[str, Mapping[str, Words]] | None = None,
) -> None:
    """Add sentences by kind of activity, address names by kind of subject (its UUID is the argument), and
    the labels of values by entry of the detail."""
    _sentences.update(sentences)
    _links.update(links or {})
    _labels.update(labels or {})


def known_kinds() -> frozenset[str]:
    return frozenset(_sentences)


def tell(viewer: Viewer, activities: Iterable[Activity]) -> list[Told]:
    """The activities in words: two queries beside the activities themselves, however many they are.

    `activities` must come from `queries.activity_for`, which leaves out what the reader may not know.
    """
    rows = list(activities)
    teller = _Teller(viewer, rows)
    return [teller.tell(row) for row in rows]


class _Teller:
    """Names and people that a page of activities mentions, read at once."""

    def __init__(self, viewer: Viewer, rows: list[Activity]) -> None:
        self.viewer = viewer
        told = [row.detail for row in rows]
        organisations = {d[key] for d in told for key in ("about", "person_for") if d.get(key)}
        people = {d["person"] for d in told if d.get("person")}
        self.organisations = {str(uuid): row for uuid, row in organisations_with(organisations).items()}
        self.people = {str(uuid): row for uuid, row in people_with(people).items()}

    def tell(self, row: Activity) -> Told:
        sentence = _sentences.get(row.kind, gettext_lazy("Something changed in this workspace."))
        circle = circle_of(self.viewer, row.actor, row.organisation) if row.actor else None
        return Told(
            at=row.at,
            sentence=str(sentence) % self._names(row),
            circle=circle,
            workspace=row.workspace.title,
            url=_address(row),
        )

    def _names(self, row: Activity) -> dict[str, Any]:
        detail = row.detail
        # Sentences put titles and names of versions between quotation marks.
        names: dict[str, Any] = _Names(
            {key: inside_quotes(value) if isinstance(value, str) else value for key, value in detail.items()}
        )
        if row.actor:
            names["actor"] = name_of(self.viewer, row.actor, row.organisation)
        if row.organisation:
            names["organisation"] = display_name_for(self.viewer, row.organisation)
        if about := self.organisations.get(detail.get("about", "")):
            names["about"] = display_name_for(self.viewer, about)
        if person := self.people.get(detail.get("person", "")):
            on_behalf_of = self.organisations.get(detail.get("person_for", ""))
            names["person"] = name_of(self.viewer, person, on_behalf_of)
        for entry, labels in _labels.items():
            if detail.get(entry) in labels:
                names[entry] = labels[detail[entry]]
        return names


class _Names(dict[str, Any]):
    """What a sentence may mention. What is gone since (a person, an organisation) is a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def _address(row: Activity) -> str:
    name = _links.get(row.subject_kind)
    return reverse(name, args=[row.subject]) if name and row.subject else ""
