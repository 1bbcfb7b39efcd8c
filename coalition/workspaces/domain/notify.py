"""Telling people what concerns them: a row in their inbox each, then mail and a waking push as they wish."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F

from coalition import live
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.workspaces.models import Notification, Workspace
from coalition.workspaces.notifications.deliver import send_out
from coalition.workspaces.notifications.kinds import kind_of, known_kinds
from coalition.workspaces.notifications.queries import Recipient, recipients_of
from coalition.workspaces.notifications.subjects import subjects

TOGETHER = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Group:
    """People who are told the same: `once` and `detail` as `notify` takes them."""

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
    """Tell these people of something, in the caller's transaction; effects follow after the commit.

    Nobody hears of what they did themselves, nor who has left. Whether a person may see the subject is
    asked whenever it is shown and when a mail leaves (`notifications/subjects.py`), so that callers name
    whom it concerns and need not work out rights. `needs_drafts`: only for people whose seat in the
    workspace lets drafts be read; False where others are concerned too, such as those who decide for an
    organisation without a seat. `restricted_to`: only people seated on behalf of one of these.

    `detail` holds UUIDs, codes and moments (ISO 8601), no titles and no names. `once`: whoever was told with
    the same key already is not told again. Several of one kind with a `together` sentence about one thing
    within an hour become one row with a count. Returns the rows, new and raised.

    Raises LookupError for a kind or a kind of subject that nobody has registered.
    """
    return notify_groups(
        [Group(list(people), once, detail)],
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
    groups: Sequence[Group],
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
    """Do the same for several groups at once: as many queries as for one, but for a kind with a `together`
    sentence. Who is in two groups is told twice, and mailed as `send_out` says."""
    if kind not in known_kinds():
        raise LookupError(f"unknown kind of notification: {kind}")
    if subject_kind not in subjects():
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
        lifted = _raise(row, group, told) if kind_of(kind).together else []
        raised += lifted
        rows += _rows_for(row, group, told.keys() - {one.person_id for one in lifted}, to)
    added = Notification.objects.bulk_create(rows)
    send_out(added, to, by_mail=not mailed)
    for pk in to:
        live.nudge(user_id=pk, what="unread")
    return [*raised, *added]


def _recipients(
    row: Notification, groups: Iterable[Group], restricted_to: Iterable[Organisation] | None
) -> dict[int, Recipient]:
    """Everybody in the groups who may be told, by primary key, without who did it."""
    concerned = {person.pk for group in groups for person in group.people} - {row.actor_id}
    found = recipients_of(
        concerned,
        row,
        keys=[group.once for group in groups],
        restricted_to=None if restricted_to is None else list(restricted_to),
    )
    return {one.person.pk: one for one in found}


def _raise(row: Notification, group: Group, told: Collection[int]) -> list[Notification]:
    """Count it into the rows about the same thing that are still unread and not an hour old."""
    rows = Notification.objects.filter(
        person__in=list(told),
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject=row.subject,
        read_at=None,
        at__gt=row.at - TOGETHER,
    )
    found = list(rows.select_related("person"))
    Notification.objects.filter(pk__in=[one.pk for one in found]).update(
        count=F("count") + 1, at=row.at, actor=row.actor, organisation=row.organisation, detail=group.detail
    )
    return found


def _rows_for(
    row: Notification, group: Group, people: Collection[int], to: Mapping[int, Recipient]
) -> list[Notification]:
    """A row for each of them, not saved yet, but for who has one with this key already."""
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
