"""Telling those who may decide for the organisations asked: of words put, and of a deadline."""

import datetime
from collections.abc import Collection, Iterable

from django.db.models import Case, Value, When

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from documents.approval.audit import concern, concern_deciders
from documents.approval.models import ApprovalRound
from documents.approval.queries.tacit_consent import may_object
from documents.drafts.queries import people_around

URGENT = datetime.timedelta(hours=12)


def ask(
    access: Access,
    round_: ApprovalRound,
    organisations: Iterable[Organisation],
    *,
    once: str,
    spared: Collection[int],
    again: bool = False,
) -> None:
    """Tell those who may decide for the organisations asked, and those who worked on the text. `spared`:
    organisations (primary keys) whose approval was carried over; they are told of that."""
    people = concern_deciders(
        round_,
        [one for one in organisations if one.pk not in spared],
        kind=_kind_of(round_, again=again),
        once=once,
        actor=access.user,
        organisation=access.organisation,
        deadline=round_.deadline.isoformat(),
    )
    _note_who_heard(round_)
    if not again:
        deciding = {person.pk for person in people}
        concern(
            round_,
            [person for person in people_around(round_.draft) if person.pk not in deciding],
            kind="put_to_approval",
            once=once,
            actor=access.user,
            organisation=access.organisation,
        )


def _note_who_heard(round_: ApprovalRound) -> None:
    """Notice begins with it, for those who can object; the silence of others says nothing."""
    round_.asked.update(told_at=Case(When(may_object(), then=Value(now()))))


def tell_earlier(access: Access, round_: ApprovalRound, moment: datetime.datetime) -> None:
    """Everyone who may decide hears that there is less time, whether or not they decided already."""
    concern_deciders(
        round_,
        asked_still(round_),
        kind="deadline_earlier",
        once=f"{round_.uuid}:{moment.isoformat()}",
        actor=access.user,
        organisation=access.organisation,
        deadline=round_.deadline.isoformat(),
    )


def _kind_of(round_: ApprovalRound, *, again: bool) -> str:
    """Where hours count, people hear of it as they wish to hear of what is urgent."""
    if round_.deadline - now() <= URGENT:
        return "approval_again_urgent" if again else "approval_urgent"
    return "approval_again" if again else "approval_asked"


def asked_still(round_: ApprovalRound) -> list[Organisation]:
    """Organisations asked in the round that have not left the coalition since."""
    rows = round_.asked.filter(organisation__left_at=None)
    return [row.organisation for row in rows.select_related("organisation")]
