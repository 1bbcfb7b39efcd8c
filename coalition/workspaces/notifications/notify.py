"""Notifications: rows in people's inboxes, mail and push, marked as read."""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition import live_push
from coalition.accounts.models import Membership, Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.core.safe_cache import cache_get, cache_set
from coalition.http.responses import RequestSlot
from coalition.workspaces.models import (
    MutedWorkspace,
    Notification,
    NotificationSettings,
    PushSubscription,
    Seat,
    Workspace,
)
from coalition.workspaces.notifications.deliver import (
    deliver_notifications,
    plan_mail,
    queue_mails_without_inbox,
)
from coalition.workspaces.notifications.kinds import (
    UNKNOWN_KIND,
    all_notification_subjects,
    get_notification_kind,
)
from coalition.workspaces.notifications.queries import Recipient, recipients_of, unread_of
from coalition.workspaces.queries import active_seats, roles_by_seat, workspaces_for

GROUPING_WINDOW = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class RecipientGroup:
    """People who get the same notification: `once` and `detail` as in `notify`."""

    people: Collection[User]
    once: str
    detail: Mapping[str, Any]


def notify(
    *,
    people: Iterable[User] = (),
    groups: Sequence[RecipientGroup] = (),
    kind: str,
    workspace: Workspace,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str,
    subject: UUID,
    needs_drafts: bool = True,
    restricted_to: Iterable[Organisation] | None = None,
    once: str = "",
    mailed: bool = False,
    **detail: Any,
) -> list[Notification]:
    """Notify these people in the caller's transaction; mail and push follow after the commit.

    Nobody is notified of their own action or without access. Whether a person may see the subject is
    checked on every display and when a mail is sent (`notifications/kinds.py`), so callers need not
    check permissions. `needs_drafts`: only people whose seat in the workspace allows reading drafts;
    False where others are concerned too, such as those who decide for an organisation without a seat.
    `restricted_to`: only people seated on behalf of one of these.

    `detail` contains UUIDs, codes and moments (ISO 8601), no titles and no names. `once`: a key under
    which a person is notified only once. Several of one kind with a `together` sentence about one
    subject within an hour become one row with a count. Returns the rows, new and incremented.

    `groups`, instead of `people`, `once` and `detail`: several groups at once, with as many queries as for
    one, except for a kind with a `together` sentence. A person in two groups is notified twice, and mailed
    according to `deliver_notifications`.

    Raises LookupError for an unregistered kind or kind of subject.
    """
    groups = groups or [RecipientGroup(list(people), once, detail)]
    if get_notification_kind(kind) is UNKNOWN_KIND:
        raise LookupError(f"unknown kind of notification: {kind}")
    if subject_kind not in all_notification_subjects():
        raise LookupError(f"nobody has said who may see subjects of the kind {subject_kind}")
    row = Notification(
        workspace=workspace,
        kind=kind,
        actor=actor,
        organisation=organisation,
        subject_kind=subject_kind,
        subject=subject,
        needs_drafts=needs_drafts,
        at=now(),
    )
    concerned = {person.pk for group in groups for person in group.people} - {row.actor_id}
    keys = [group.once for group in groups]
    found = recipients_of(
        concerned, row, keys=keys, restricted_to=None if restricted_to is None else list(restricted_to)
    )
    to = {one.pk: one for one in found}
    rows, raised = [], []
    for group in groups:
        pks = {one.pk for one in group.people if one.pk in to}
        incremented = _count_into_unread(row, group, pks) if get_notification_kind(kind).together else []
        raised += incremented
        rows += _rows_for(row, group, pks - {one.person_id for one in incremented}, to)
    added = Notification.objects.bulk_create(rows)
    deliver_notifications(added, to, by_mail=not mailed)
    for pk in to:
        live_push.push_counter(user_id=pk, what="unread")
    return [*raised, *added]


def _count_into_unread(
    row: Notification, group: RecipientGroup, people: Collection[int]
) -> list[Notification]:
    """Increment rows about the same subject that are still unread and less than an hour old."""
    rows = Notification.objects.filter(
        person__in=list(people),
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject=row.subject,
        read_at=None,
        at__gt=row.at - GROUPING_WINDOW,
    )
    found = list(rows.select_related("person"))
    Notification.objects.filter(pk__in=[one.pk for one in found]).update(
        count=F("count") + 1, at=row.at, actor=row.actor, organisation=row.organisation, detail=group.detail
    )
    return found


def _rows_for(
    row: Notification, group: RecipientGroup, people: Collection[int], to: Mapping[int, Recipient]
) -> list[Notification]:
    """Return an unsaved row for each person, except those who have one with this key already."""
    knows = [pk for pk in people if group.once and to[pk].knows_key]
    if knows:
        known = Notification.objects.filter(person__in=knows, key=group.once)
        people = set(people) - set(known.values_list("person_id", flat=True))
    fields = ("workspace", "kind", "actor", "organisation", "subject_kind", "subject", "needs_drafts", "at")
    same = {name: getattr(row, name) for name in fields}
    return [
        Notification(person=to[pk], **same, detail=dict(group.detail), key=group.once)
        for pk in sorted(people)
    ]


# Notification of members about something outside their workspaces: in a workspace of theirs, since every
# notification belongs to one; by mail for people without a seat.
def notify_members(
    *,
    members: Iterable[Membership],
    kind: str,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str,
    subject: UUID,
    once: str,
    workspace: Workspace | None = None,
    **detail: Any,
) -> None:
    """Notify these members in the caller's transaction; `person` of each is loaded.

    Each is notified in `workspace` if they have a seat there, else in one in which they sit for the
    membership's organisation, else in any; never in an archived one. People without a seat are mailed
    at once, unless they want no mail. `actor` is not notified. Otherwise as in `notify`, without the
    need to read drafts. The subject must be visible to members without a seat.

    Raises LookupError for an unregistered kind or kind of subject.
    """
    members = [one for one in members if one.person != actor]
    people = {one.person_id: one.person for one in members}
    places = _workspaces_of(members, workspace)
    for place, group in places.items():
        notify(
            people=[people[pk] for pk in group],
            kind=kind,
            workspace=place,
            actor=actor,
            organisation=organisation,
            subject_kind=subject_kind,
            subject=subject,
            needs_drafts=False,
            once=once,
            **detail,
        )
    seated = {pk for group in places.values() for pk in group}
    row = Notification(kind=kind, subject_kind=subject_kind, subject=subject, detail=detail)
    queue_mails_without_inbox([people[pk] for pk in people.keys() - seated], row, once=once)


def _workspaces_of(
    members: Collection[Membership], preferred: Workspace | None
) -> dict[Workspace, list[int]]:
    """Return where to notify each person (primary key); people without a seat are in no workspace."""
    memberships = {(one.person_id, one.organisation_id) for one in members}
    people = {one.person_id for one in members}
    seats = active_seats().filter(person__in=people, workspace__archived_at=None).select_related("workspace")

    def rank(seat: Seat) -> tuple[bool, bool, int]:
        return (
            preferred is None or seat.workspace_id != preferred.pk,
            (seat.person_id, seat.organisation_id) not in memberships,
            seat.pk,
        )

    best: dict[int, Workspace] = {}
    for seat in sorted(seats, key=rank):
        best.setdefault(seat.person_id, seat.workspace)
    found: dict[Workspace, list[int]] = {}
    for pk, workspace in best.items():
        found.setdefault(workspace, []).append(pk)
    return found


READ_KEPT = datetime.timedelta(days=90)
UNREAD_KEPT = datetime.timedelta(days=365)


def mark_read(*, person: User, notifications: Collection[UUID]) -> tuple[UUID, int]:
    """Mark these as read. Returns the batch that undoes it (`mark_unread`), and their number."""
    seen = unread_of(person).filter(uuid__in=notifications)
    return mark_opened(person=person, pks=seen.values_list("pk", flat=True))


def mark_all_read(*, person: User, workspace: Workspace | None = None) -> tuple[UUID, int]:
    """Mark everything, or everything of one workspace, as read. Returns as `mark_read` does."""
    seen = unread_of(person)
    if workspace is not None:
        seen = seen.filter(workspace=workspace)
    return mark_opened(person=person, pks=seen.values_list("pk", flat=True))


def mark_unread(*, person: User, batch: UUID) -> int:
    count = Notification.objects.filter(person=person, read_in=batch).update(read_at=None, read_in=None)
    live_push.push_counter(user_id=person.pk, what="unread")
    return count


def mark_opened(*, person: User, pks: Collection[int]) -> tuple[UUID, int]:
    """Mark notifications as read whose subjects the person has opened. Returns as `mark_read` does."""
    batch = uuid7()
    rows = Notification.objects.filter(person=person, pk__in=list(pks), read_at=None)
    count = rows.update(read_at=now(), read_in=batch)
    if count:
        live_push.push_counter(user_id=person.pk, what="unread")
    return batch, count


def delete_old_notifications() -> int:
    """Delete notifications read long ago or unread for a year, and browsers no longer used. Returns the
    number of rows."""
    moment = now()
    old = Q(read_at__lt=moment - READ_KEPT) | Q(at__lt=moment - UNREAD_KEPT)
    quiet = Q(pushed_at=None) | Q(pushed_at__lt=moment - UNREAD_KEPT)
    unused = PushSubscription.objects.filter(quiet, created_at__lt=moment - UNREAD_KEPT)
    return delete_in_batches(Notification.objects.filter(old)) + delete_in_batches(unused)


def anonymise_notification_actors(*, subjects: QuerySet[Any, Any]) -> None:
    """Erase the actors of notifications about these subjects (a query for their UUIDs); the
    organisation stays."""
    Notification.objects.filter(subject__in=subjects, organisation__isnull=False).update(actor=None)


@transaction.atomic
def change_notification_settings(
    *, person: User, muted: Collection[Workspace] = (), **fields: Any
) -> NotificationSettings:
    """Save the settings: fields of NotificationSettings. Pending mail is rescheduled by them.

    `muted`: workspaces without mail and push, out of those the person has a seat in.
    """
    saved, _new = NotificationSettings.objects.update_or_create(person=person, defaults=fields)
    own = workspaces_for(person).filter(pk__in=[one.pk for one in muted])
    MutedWorkspace.objects.filter(person=person).exclude(workspace__in=own).delete()
    MutedWorkspace.objects.bulk_create(
        [MutedWorkspace(person=person, workspace=one) for one in own], ignore_conflicts=True
    )
    plan_mail(person)
    return saved


MAX_BROWSERS = 10  # browsers per person; a new one replaces the oldest
MAX_ADDRESS_LENGTH = 2000


@transaction.atomic
def allow_push(*, person: User, address: str, session_key: str) -> PushSubscription:
    """Allow push to the browser with this push address until the session ends.

    A browser belongs to the last person who allowed it. Raises Refused if the address is not one of a
    push service; whether the host may be reached is checked at every sending.
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
    """Attach a browser in which the person allowed push before to their new session.

    Not after signing out everywhere, nor for another person. Returns whether push is allowed.
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
    """Stop push to one browser, or to all of the person's. Returns how many there were."""
    rows = PushSubscription.objects.filter(person=person)
    if address:
        rows = rows.filter(address_hash=_address_hash(address))
    return rows.delete()[0]


def _address_hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


MAX_UNREAD = 100  # larger numbers are displayed as this one
COUNT_CACHE_SECONDS = 30  # cache lifetime in seconds; changes of unread rows or seats are counted at once
_unread_slot = RequestSlot[list[tuple[int, UUID]]]("unread")


def get_unread(request: HttpRequest) -> list[tuple[int, UUID]]:
    """Return primary keys and subjects of unread, visible rows, at most `MAX_UNREAD`; once a request."""
    known = _unread_slot.of(request)
    if known is None:
        user = request.user
        known = _unread_slot.put(request, _read_unread(user) if isinstance(user, User) else [])
    return known


def mark_subjects_read(request: HttpRequest, *subjects: UUID) -> None:
    """Mark notifications about these subjects as read, since the page displays them. Only on GET."""
    user = request.user
    if request.method != "GET" or not isinstance(user, User):
        return
    seen = [pk for pk, subject in get_unread(request) if subject in subjects]
    if seen:
        mark_opened(person=user, pks=seen)
        _unread_slot.put(request, [one for one in get_unread(request) if one[0] not in seen])


def _read_unread(user: User) -> list[tuple[int, UUID]]:
    """Return visible unread rows. Permissions are checked at most every `COUNT_CACHE_SECONDS` while nothing
    changes: the number is on every page. The inbox itself checks permissions on each display."""
    rows = Notification.objects.filter(person=user, read_at=None).order_by("-pk")
    found = list(rows.values_list("pk", "subject", "subject_kind")[:MAX_UNREAD])
    if not found:
        return []
    pks = [pk for pk, *_subject in found]
    key = _key(user, pks)
    seen: set[int] | None = cache_get(key)
    if seen is None:
        visible = unread_of(user, {kind for *_subject, kind in found})
        seen = set(visible.filter(pk__in=pks).values_list("pk", flat=True))
        cache_set(key, seen, seconds=COUNT_CACHE_SECONDS)
    return [(pk, subject) for pk, subject, _kind in found if pk in seen]


def _key(user: User, pks: list[int]) -> str:
    digest = hashlib.sha256(repr((pks, sorted(roles_by_seat(user).items()))).encode()).hexdigest()
    return f"unread:{user.pk}:{digest}"
