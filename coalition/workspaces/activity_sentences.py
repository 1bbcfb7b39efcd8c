"""The words of activities: a whole sentence in the reader's language, with the names they may be told.

Higher layers register the kinds they write. What a sentence may use: `mentions.py`.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

from coalition.accounts.naming import Viewer
from coalition.workspaces.models import Activity
from coalition.workspaces.naming import PersonCircle, person_circle
from coalition.workspaces.sentence_params import LabelText, SentenceParams, register_labels

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
    """An activity in words, for one reader."""

    at: datetime.datetime
    sentence: str
    circle: PersonCircle | None
    workspace: str
    url: str


def register_activity_sentences(
    sentences: Mapping[str, LabelText],
    links: Mapping[str, str] | None = None,
    labels: Mapping[str, Mapping[str, LabelText]] | None = None,
) -> None:
    """Add sentences by kind of activity, address names by kind of subject (its UUID is the argument), and
    the labels of values by entry of the detail."""
    _sentences.update(sentences)
    _links.update(links or {})
    register_labels(labels or {})


def describe_activities(viewer: Viewer, activities: Iterable[Activity]) -> list[ActivitySentence]:
    """The activities in words: two queries beside the activities themselves, however many they are.

    `activities` must come from `queries.activity_for`, which leaves out what the reader may not know.
    """
    rows = list(activities)
    mentions = SentenceParams(viewer, rows)
    return [_describe_activity(viewer, row, mentions) for row in rows]


def _describe_activity(viewer: Viewer, row: Activity, mentions: SentenceParams) -> ActivitySentence:
    sentence = _sentences.get(row.kind, gettext_lazy("Something changed in this workspace."))
    return ActivitySentence(
        at=row.at,
        sentence=str(sentence) % mentions.of(row),
        circle=person_circle(viewer, row.actor, row.organisation) if row.actor else None,
        workspace=row.workspace.title,
        url=_activity_address(row),
    )


def _activity_address(row: Activity) -> str:
    name = _links.get(row.subject_kind)
    return reverse(name, args=[row.subject]) if name and row.subject else ""
