"""Sentences of activities and notifications: names and labels that the reader may see.

%(actor)s, %(organisation)s (the one acted for), and keys of the detail. Some are converted: `about` (UUID of
an organisation), `person` with `person_for` (UUIDs of a person and the organisation they act for), `deadline`
(a moment, ISO 8601), and those with labels: `role` (of a seat), `language`, and what higher layers register.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.models import Language, Organisation, User
from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.accounts.queries import organisations_with, people_with
from coalition.core.localized_text import nest_quotes
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.roles import SeatRole
from coalition.workspaces.models import Activity, Notification


@dataclass(frozen=True)
class PersonCircle:
    """The person's avatar, in the colour of their organisation."""

    initials: str
    hue: int
    name: str


def person_name(viewer: Viewer, person: User, organisation: Organisation | None) -> str:
    """Return the person's name, or a phrase that reveals neither the person nor the organisation."""
    return person.name if organisation is None else visible_name(viewer, person.name, organisation)


def visible_name(viewer: Viewer, name: str, organisation: Organisation) -> str:
    """Return as `person_name`, for callers that load names only."""
    if may_see_name(viewer, organisation):
        return name
    return _("A member of %(organisation)s") % {"organisation": display_name_for(viewer, organisation)}


def person_circle(viewer: Viewer, person: User, organisation: Organisation | None) -> PersonCircle:
    """Return the person's avatar for the viewer: no initials, no colour where the name is withheld."""
    name = person_name(viewer, person, organisation)
    if organisation is None:
        return PersonCircle(person.initials, 0, name)
    if may_see_name(viewer, organisation):
        return PersonCircle(person.initials, organisation.hue, name)
    return PersonCircle("?", 0, name)


type LabelText = str | Promise

_labels: dict[str, Mapping[str, LabelText]] = {
    "role": dict(SeatRole.choices),
    "language": dict(Language.choices),
}


def register_labels(labels: Mapping[str, Mapping[str, LabelText]]) -> None:
    """Register labels of values by key of the detail."""
    _labels.update(labels)


class SentenceParams:
    """Names and people that a page of rows mentions: two queries, whatever the number of rows."""

    def __init__(self, viewer: Viewer, rows: Iterable[Activity | Notification]) -> None:
        self.viewer = viewer
        details = [row.detail for row in rows]
        organisations = {one[key] for one in details for key in ("about", "person_for") if one.get(key)}
        people = {one["person"] for one in details if one.get("person")}
        self.organisations = {str(uuid): row for uuid, row in organisations_with(organisations).items()}
        self.people = {str(uuid): row for uuid, row in people_with(people).items()}

    def of(self, row: Activity | Notification, **more: str) -> dict[str, Any]:
        """Return the parameters of the row's sentence. `more`: texts placed between quotation marks."""
        detail = row.detail
        # Sentences place titles and names of versions between quotation marks.
        names: dict[str, Any] = defaultdict(lambda: "—")  # a deleted person or organisation
        for key, value in {**detail, **more}.items():
            names[key] = nest_quotes(value) if isinstance(value, str) else value
        if row.organisation:
            # An erased or deleted person acted for it.
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


_sentences: dict[str, LabelText] = {
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


@dataclass(frozen=True)
class ActivitySentence:
    """An activity rendered for one reader."""

    at: datetime.datetime
    sentence: str
    circle: PersonCircle | None
    workspace: str
    url: str


def register_activity_sentences(sentences: Mapping[str, LabelText], *, links: Mapping[str, str]) -> None:
    """Register sentences by kind of activity, and URL names by kind of subject (argument: its UUID)."""
    _sentences.update(sentences)
    _links.update(links)


def describe_activities(viewer: Viewer, activities: Iterable[Activity]) -> list[ActivitySentence]:
    """Render the activities: two queries besides the activities themselves, whatever their number.

    `activities` must come from `queries.activity_for`, which excludes what the reader may not see.
    """
    rows = list(activities)
    params = SentenceParams(viewer, rows)
    unknown = gettext_lazy("Something changed in this workspace.")
    return [
        ActivitySentence(
            at=row.at,
            sentence=str(_sentences.get(row.kind, unknown)) % params.of(row),
            circle=person_circle(viewer, row.actor, row.organisation) if row.actor else None,
            workspace=row.workspace.title,
            url=reverse(link, args=[row.subject])
            if (link := _links.get(row.subject_kind)) and row.subject
            else "",
        )
        for row in rows
    ]
