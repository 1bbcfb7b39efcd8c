"""Telling people what concerns them: a row in their inbox each, then mail and a waking push as they wish."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import F

from coalition import live
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.workspaces.models import Notification, Workspace
from coalition.workspaces.notifications.deliver import send_out
from coalition.workspaces.notifications.kinds import kind_of, known_kinds
from coalition.workspaces.notifications.queries import who_may_be_told
from coalition.workspaces.notifications.subjects import subjects

TOGETHER = datetime.timedelta(hours=1)


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
    if kind not in known_kinds():
        raise LookupError(f"unknown kind of notification: {kind}")
    if subject_kind not in subjects():
        raise LookupError(f"nobody has said who may see subjects of the kind {subject_kind}")
    concerned = {person.pk: person for person in people if actor is None or person.pk != actor.pk}
    hosts = None if restricted_to is None else list(restricted_to)
    told = list(who_may_be_told(list(concerned.values()), workspace=workspace, restricted_to=hosts))
    if not told:
        return []
    row = Notification(
        workspace=workspace,
        kind=kind,
        actor=actor,
        organisation=organisation,
        subject_kind=subject_kind,
        subject=subject,
        needs_drafts=needs_drafts,
        detail=detail,
        key=once,
        at=now(),
    )
    raised = _raise(row, told) if kind_of(kind).together else []
    added = _add(row, [person for person in told if person.pk not in {one.person_id for one in raised}])
    send_out(added, by_mail=not mailed)
    for person in told:
        live.nudge(user_id=person.pk, what="unread")
    return [*raised, *added]


def _raise(row: Notification, told: Collection[User]) -> list[Notification]:
    """Count it into the rows about the same thing that are still unread and not an hour old."""
    rows = Notification.objects.filter(
        person__in=[person.pk for person in told],
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject=row.subject,
        read_at=None,
        at__gt=row.at - TOGETHER,
    )
    found = list(rows.select_related("person"))
    Notification.objects.filter(pk__in=[one.pk for one in found]).update(
        count=F("count") + 1, at=row.at, actor=row.actor, organisation=row.organisation, detail=row.detail
    )
    return found


def _add(row: Notification, told: Collection[User]) -> list[Notification]:
    """A row for each of them, but for who has one with this key already."""
    people = {person.pk: person for person in told}
    if row.key:
        known = Notification.objects.filter(person__in=people, key=row.key)
        for pk in known.values_list("person_id", flat=True):
            people.pop(pk, None)
    fields = ("workspace", "kind", "actor", "organisation", "subject_kind", "subject", "needs_drafts")
    same = {name: getattr(row, name) for name in (*fields, "detail", "key", "at")}
    return Notification.objects.bulk_create([Notification(person=one, **same) for one in people.values()])
