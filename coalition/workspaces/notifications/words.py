"""The words of notifications: a whole sentence in the reader's language, with what they may be told."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import ngettext

from coalition.accounts.naming import Viewer
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.kinds import kind_of
from coalition.workspaces.notifications.mails import address_at
from coalition.workspaces.notifications.subjects import Described, subjects
from coalition.workspaces.people import Circle, circle_of
from coalition.workspaces.sentence_params import Mentions


@dataclass(frozen=True)
class Told:
    """A notification in words, for its person."""

    uuid: UUID
    at: datetime.datetime
    sentence: str
    icon: str
    circle: Circle | None
    workspace: str
    url: str
    unread: bool
    asks: bool


def tell(viewer: Viewer, notifications: Iterable[Notification]) -> list[Told]:
    """The notifications in words: two queries, and one for each kind of subject, however many they are.

    `notifications` must come from `queries.notifications_for`, which leaves out what the reader may not see.
    """
    rows = list(notifications)
    mentions = Mentions(viewer, rows)
    described = _describe(rows)
    return [_tell(viewer, row, mentions, described.get((row.subject_kind, row.subject))) for row in rows]


def unread_words(count: int) -> str:
    """How much is unread, for those who hear the page."""
    return ngettext("%(count)s unread", "%(count)s unread", count) % {"count": count}


def _tell(viewer: Viewer, row: Notification, mentions: Mentions, subject: Described | None) -> Told:
    kind = kind_of(row.kind)
    sentence = kind.together if kind.together and row.count > 1 else kind.sentence
    names = mentions.of(row, title=subject.title if subject else "—", workspace=row.workspace.title)
    names["count"] = row.count
    return Told(
        uuid=row.uuid,
        at=row.at,
        sentence=str(sentence) % names,
        icon=kind.icon,
        circle=circle_of(viewer, row.actor, row.organisation) if row.actor else None,
        workspace=row.workspace.title,
        url=address_at(row, subject),
        unread=row.read_at is None,
        asks=kind.asks,
    )


def _describe(rows: list[Notification]) -> dict[tuple[str, UUID], Described]:
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.subject_kind, set()).add(row.subject)
    found: dict[tuple[str, UUID], Described] = {}
    for kind, uuids in wanted.items():
        if (subject := subjects().get(kind)) is not None:
            found |= {(kind, uuid): one for uuid, one in subject.describe(uuids).items()}
    return found
