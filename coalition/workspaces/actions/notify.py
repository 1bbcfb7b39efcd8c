"""Notifications: a row in each person's inbox, then mail and content-free push as they wish."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F

from coalition import live_push
from coalition.accounts.models import Membership, Organisation, User
from coalition.core.clock import now
from coalition.workspaces.models import Notification, Seat, Workspace
from coalition.workspaces.notifications import mails
from coalition.workspaces.notifications.deliver import deliver_notifications
from coalition.workspaces.notifications.kinds import (
    all_notification_subjects,
    get_notification_kind,
    known_kinds,
)
from coalition.workspaces.notifications.queries import Recipient, recipients_of
from coalition.workspaces.queries import active_seats

GROUPING_WINDOW = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class RecipientGroup:
    """People who get the same notification: `once` and `detail` as in `notify`."""

    people: Collection[User]
    once: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def notify(
    *,
    people: Iterable[User],
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
    checked on every display and when a mail is sent (`notifications/subjects.py`), so callers need not
    check permissions. `needs_drafts`: only people whose seat in the workspace allows reading drafts;
    False where others are concerned too, such as those who decide for an organisation without a seat.
    `restricted_to`: only people seated on behalf of one of these.

    `detail` contains UUIDs, codes and moments (ISO 8601), no titles and no names. `once`: a key under
    which a person is notified only once. Several of one kind with a `together` sentence about one
    subject within an hour become one row with a count. Returns the rows, new and incremented.

    Raises LookupError for an unregistered kind or kind of subject.
    """
    return notify_groups(
        [RecipientGroup(list(people), once, detail)],
        kind=kind,
        workspace=workspace,
        actor=actor,
        organisation=organisation,
        subject_kind=subject_kind,
        subject=subject,
        needs_drafts=needs_drafts,
        restricted_to=restricted_to,
        mailed=mailed,
    )


def notify_groups(
    groups: Sequence[RecipientGroup],
    *,
    kind: str,
    workspace: Workspace,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str,
    subject: UUID,
    needs_drafts: bool = True,
    restricted_to: Iterable[Organisation] | None = None,
    mailed: bool = False,
) -> list[Notification]:
    """Notify several groups at once: as many queries as for one, except for a kind with a `together`
    sentence. A person in two groups is notified twice, and mailed according to
    `deliver_notifications`."""
    if kind not in known_kinds():
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
    to = _recipients(row, groups, restricted_to)
    rows, raised = [], []
    for group in groups:
        told = {one.pk: to[one.pk].person for one in group.people if one.pk in to}
        lifted = _count_into_unread(row, group, told) if get_notification_kind(kind).together else []
        raised += lifted
        rows += _rows_for(row, group, told.keys() - {one.person_id for one in lifted}, to)
    added = Notification.objects.bulk_create(rows)
    deliver_notifications(added, to, by_mail=not mailed)
    for pk in to:
        live_push.push_counter(user_id=pk, what="unread")
    return [*raised, *added]


def _recipients(
    row: Notification, groups: Iterable[RecipientGroup], restricted_to: Iterable[Organisation] | None
) -> dict[int, Recipient]:
    """Return everybody in the groups who may be notified, by primary key, without the actor."""
    concerned = {person.pk for group in groups for person in group.people} - {row.actor_id}
    found = recipients_of(
        concerned,
        row,
        keys=[group.once for group in groups],
        restricted_to=None if restricted_to is None else list(restricted_to),
    )
    return {one.person.pk: one for one in found}


def _count_into_unread(row: Notification, group: RecipientGroup, told: Collection[int]) -> list[Notification]:
    """Increment rows about the same subject that are still unread and less than an hour old."""
    rows = Notification.objects.filter(
        person__in=list(told),
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
        Notification(person=to[pk].person, **same, detail=dict(group.detail), key=group.once)
        for pk in sorted(people)
    ]


# --- notify members ---
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
    told = [one for one in members if one.person != actor]
    people = {one.person_id: one.person for one in told}
    places = _workspaces_of(told, workspace)
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
    mails.queue_mails_without_inbox([people[pk] for pk in people.keys() - seated], row, once=once)


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
