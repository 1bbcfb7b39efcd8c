"""What people do in their inbox: mark as read, take it back. Each only in their own."""

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from uuid_utils.compat import uuid7

from coalition import live
from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.retention import delete
from coalition.workspaces.models import Notification, PushSubscription, Workspace
from coalition.workspaces.notifications.queries import unread_of

READ_KEPT = datetime.timedelta(days=90)
UNREAD_KEPT = datetime.timedelta(days=365)


def mark_read(*, person: User, notifications: Collection[UUID]) -> tuple[UUID, int]:
    """Mark these as read. Returns what takes it back (`mark_unread`), and how many there were."""
    return _mark(person, unread_of(person).filter(uuid__in=notifications).values_list("pk", flat=True))


def mark_all_read(*, person: User, workspace: Workspace | None = None) -> tuple[UUID, int]:
    """Mark everything as read, or everything of one workspace. Returns as `mark_read` does."""
    rows = unread_of(person)
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return _mark(person, rows.values_list("pk", flat=True))


def mark_unread(*, person: User, batch: UUID) -> int:
    """Take back what was marked as read together."""
    count = Notification.objects.filter(person=person, read_in=batch).update(read_at=None, read_in=None)
    live.nudge(user_id=person.pk, what="unread")
    return count


def mark_opened(*, person: User, pks: Collection[int]) -> None:
    """The person has opened what these are about."""
    _mark(person, pks)


def forget_old() -> int:
    """Delete what is long read, and what nobody has read in a year; and browsers that nobody came back to.
    Returns how many rows."""
    moment = now()
    old = Q(read_at__lt=moment - READ_KEPT) | Q(at__lt=moment - UNREAD_KEPT)
    quiet = Q(pushed_at=None) | Q(pushed_at__lt=moment - UNREAD_KEPT)
    unused = PushSubscription.objects.filter(quiet, created_at__lt=moment - UNREAD_KEPT)
    return delete(Notification.objects.filter(old)) + delete(unused)


def forget_actors(*, subjects: QuerySet[Any, Any]) -> None:
    """Let what people were told of these things (a query for their UUIDs) name the organisation and no person
    any more."""
    Notification.objects.filter(subject__in=subjects, organisation__isnull=False).update(actor=None)


def forget_person(person: UUID) -> int:
    """What others were told of this person names nobody; returns how often it did."""
    rows = [row for row in Notification.objects.exclude(detail={}) if str(person) in row.detail.values()]
    for row in rows:
        row.detail = {name: value for name, value in row.detail.items() if value != str(person)}
        row.save(update_fields=["detail"])
    return len(rows)


def _mark(person: User, pks: Collection[int]) -> tuple[UUID, int]:
    batch = uuid7()
    rows = Notification.objects.filter(person=person, pk__in=list(pks), read_at=None)
    count = rows.update(read_at=now(), read_in=batch)
    if count:
        live.nudge(user_id=person.pk, what="unread")
    return batch, count
