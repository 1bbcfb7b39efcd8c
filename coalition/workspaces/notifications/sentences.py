"""Sentences of notifications in the reader's language, with the names they may see."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import ngettext

from coalition.accounts.naming import Viewer
from coalition.workspaces.models import Notification
from coalition.workspaces.naming import PersonCircle, person_circle
from coalition.workspaces.notifications.kinds import (
    SubjectDescription,
    all_notification_subjects,
    get_notification_kind,
)
from coalition.workspaces.notifications.mails import notification_url
from coalition.workspaces.sentence_params import SentenceParams


@dataclass(frozen=True)
class NotificationSentence:
    """A notification rendered for its person."""

    uuid: UUID
    at: datetime.datetime
    sentence: str
    icon: str
    circle: PersonCircle | None
    workspace: str
    url: str
    unread: bool
    asks: bool


def describe_notifications(
    viewer: Viewer, notifications: Iterable[Notification]
) -> list[NotificationSentence]:
    """Render the notifications: two queries, and one for each kind of subject, whatever their number.

    `notifications` must come from `queries.notifications_for`, which excludes what the reader may not
    see.
    """
    rows = list(notifications)
    mentions = SentenceParams(viewer, rows)
    described = _describe_subjects(rows)
    return [
        _describe_notification(viewer, row, mentions, described.get((row.subject_kind, row.subject)))
        for row in rows
    ]


def unread_label(count: int) -> str:
    """Return the number of unread ones as a sentence for screen readers."""
    return ngettext("%(count)s unread", "%(count)s unread", count) % {"count": count}


def _describe_notification(
    viewer: Viewer, row: Notification, mentions: SentenceParams, subject: SubjectDescription | None
) -> NotificationSentence:
    kind = get_notification_kind(row.kind)
    sentence = kind.together if kind.together and row.count > 1 else kind.sentence
    names = mentions.of(row, title=subject.title if subject else "—", workspace=row.workspace.title)
    names["count"] = row.count
    return NotificationSentence(
        uuid=row.uuid,
        at=row.at,
        sentence=str(sentence) % names,
        icon=kind.icon,
        circle=person_circle(viewer, row.actor, row.organisation) if row.actor else None,
        workspace=row.workspace.title,
        url=notification_url(row, subject),
        unread=row.read_at is None,
        asks=kind.asks,
    )


def _describe_subjects(rows: list[Notification]) -> dict[tuple[str, UUID], SubjectDescription]:
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.subject_kind, set()).add(row.subject)
    found: dict[tuple[str, UUID], SubjectDescription] = {}
    for kind, uuids in wanted.items():
        if (subject := all_notification_subjects().get(kind)) is not None:
            found |= {(kind, uuid): one for uuid, one in subject.describe(uuids).items()}
    return found
