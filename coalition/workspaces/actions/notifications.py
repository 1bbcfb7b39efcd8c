"""What people do in their inbox: mark as read, take it back. Each only in their own."""

import datetime
import hashlib
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition import live_push
from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models import (
    MutedWorkspace,
    Notification,
    NotificationSettings,
    PushSubscription,
    Workspace,
)
from coalition.workspaces.notifications.deliver import plan_mail
from coalition.workspaces.notifications.queries import unread_of
from coalition.workspaces.queries import workspaces_for

READ_KEPT = datetime.timedelta(days=90)
UNREAD_KEPT = datetime.timedelta(days=365)


def mark_read(*, person: User, notifications: Collection[UUID]) -> tuple[UUID, int]:
    """Mark these as read. Returns what takes it back (`mark_unread`), and how many there were."""
    return _mark_as_read(
        person, unread_of(person).filter(uuid__in=notifications).values_list("pk", flat=True)
    )


def mark_all_read(*, person: User, workspace: Workspace | None = None) -> tuple[UUID, int]:
    """Mark everything as read, or everything of one workspace. Returns as `mark_read` does."""
    rows = unread_of(person)
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return _mark_as_read(person, rows.values_list("pk", flat=True))


def mark_unread(*, person: User, batch: UUID) -> int:
    """Take back what was marked as read together."""
    count = Notification.objects.filter(person=person, read_in=batch).update(read_at=None, read_in=None)
    live_push.push_counter(user_id=person.pk, what="unread")
    return count


def mark_opened(*, person: User, pks: Collection[int]) -> None:
    """The person has opened what these are about."""
    _mark_as_read(person, pks)


def delete_old_notifications() -> int:
    """Delete what is long read, and what nobody has read in a year; and browsers that nobody came back to.
    Returns how many rows."""
    moment = now()
    old = Q(read_at__lt=moment - READ_KEPT) | Q(at__lt=moment - UNREAD_KEPT)
    quiet = Q(pushed_at=None) | Q(pushed_at__lt=moment - UNREAD_KEPT)
    unused = PushSubscription.objects.filter(quiet, created_at__lt=moment - UNREAD_KEPT)
    return delete_in_batches(Notification.objects.filter(old)) + delete_in_batches(unused)


def anonymise_notification_actors(*, subjects: QuerySet[Any, Any]) -> None:
    """Let what people were told of these things (a query for their UUIDs) name the organisation and no person
    any more."""
    Notification.objects.filter(subject__in=subjects, organisation__isnull=False).update(actor=None)


def anonymise_notification_person(person: UUID) -> int:
    """What others were told of this person names nobody; returns how often it did."""
    rows = [row for row in Notification.objects.exclude(detail={}) if str(person) in row.detail.values()]
    for row in rows:
        row.detail = {name: value for name, value in row.detail.items() if value != str(person)}
        row.save(update_fields=["detail"])
    return len(rows)


def _mark_as_read(person: User, pks: Collection[int]) -> tuple[UUID, int]:
    batch = uuid7()
    rows = Notification.objects.filter(person=person, pk__in=list(pks), read_at=None)
    count = rows.update(read_at=now(), read_in=batch)
    if count:
        live_push.push_counter(user_id=person.pk, what="unread")
    return batch, count


# --- notification settings ---
# How a person wants to be told.


@transaction.atomic
def change_notification_settings(
    *,
    person: User,
    mail: MailMode,
    digest_hour: int,
    quiet: tuple[datetime.time, datetime.time] | None,
    urgent_passes: bool,
    muted: Collection[Workspace],
) -> NotificationSettings:
    """Keep the person's wishes. What waits to be mailed follows the new ones.

    `quiet`: from and until, on the wall of the person's zone. `muted`: workspaces about which the person is
    neither written to nor woken, of those they have a seat in.
    """
    begins, ends = quiet or (None, None)
    kept, _new = NotificationSettings.objects.update_or_create(
        person=person,
        defaults={
            "mail": mail,
            "digest_hour": digest_hour,
            "quiet_from": begins,
            "quiet_to": ends,
            "urgent_passes": urgent_passes,
        },
    )
    own = workspaces_for(person).filter(pk__in=[one.pk for one in muted])
    MutedWorkspace.objects.filter(person=person).exclude(workspace__in=own).delete()
    MutedWorkspace.objects.bulk_create(
        [MutedWorkspace(person=person, workspace=one) for one in own], ignore_conflicts=True
    )
    plan_mail(person)
    return kept


# --- browsers ---
# Browsers that a person lets be woken, and lets be no longer.


MAX_BROWSERS = 10  # browsers a person; a new one takes the place of the oldest
MAX_ADDRESS_LENGTH = 2000


@transaction.atomic
def allow_push(*, person: User, address: str, session_key: str) -> PushSubscription:
    """Let the browser with this push address be woken, as long as the session stands.

    A browser belongs to who allowed it last. Raises Refused if the address is no address of a push service;
    whether it leads to a place that may be reached is decided at every sending.
    """
    parts = urlsplit(address)
    if len(address) > MAX_ADDRESS_LENGTH or parts.scheme != "https" or not parts.hostname or parts.username:
        raise Refused(_("This browser gave no address at which it can be woken."))
    browser, _new = PushSubscription.objects.update_or_create(
        address_hash=_address_hash(address),
        defaults={
            "person": person,
            "address": address,
            "session_key": session_key,
            "session_round": person.session_round,
            "created_at": now(),
            "pushed_at": None,
        },
    )
    own = PushSubscription.objects.filter(person=person).order_by("-created_at", "-pk")
    PushSubscription.objects.filter(pk__in=list(own.values_list("pk", flat=True)[MAX_BROWSERS:])).delete()
    return browser


@transaction.atomic
def renew_push(*, person: User, address: str, session_key: str) -> bool:
    """The person has come back in a browser that they let be woken before: it counts with the new session.

    Not after signing out everywhere, nor for somebody else. Returns whether it counts.
    """
    browser = PushSubscription.objects.filter(person=person, address_hash=_address_hash(address)).first()
    if browser is None:
        return False
    if browser.session_round != person.session_round:
        browser.delete()
        return False
    browser.session_key = session_key
    browser.save(update_fields=["session_key"])
    return True


def stop_push(*, person: User, address: str = "") -> int:
    """Let one browser be woken no longer, or none of the person's. Returns how many there were."""
    rows = PushSubscription.objects.filter(person=person)
    if address:
        rows = rows.filter(address_hash=_address_hash(address))
    return rows.delete()[0]


def _address_hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
