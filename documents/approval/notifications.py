"""Notifications of the organisations' deciders about versions to approve and deadlines."""

import datetime
from collections.abc import Collection, Iterable

from django.db.models import Case, Value, When

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from documents.approval.audit import notify_about_round, notify_deciders
from documents.approval.models import ApprovalRound
from documents.approval.queries.tacit_consent import may_object
from documents.drafts.queries import people_involved_in

URGENT_WITHIN = datetime.timedelta(hours=12)


def request_decisions(
    access: Access,
    round_: ApprovalRound,
    organisations: Iterable[Organisation],
    *,
    once: str,
    spared: Collection[int],
    again: bool = False,
) -> None:
    """Notify those who may decide for the organisations asked, and the text's authors. `spared`:
    organisations (primary keys) with inherited approvals; they are notified of those."""
    people = notify_deciders(
        round_,
        [one for one in organisations if one.pk not in spared],
        kind=_notification_kind(round_, again=again),
        once=once,
        actor=access.user,
        organisation=access.organisation,
        deadline=round_.deadline.isoformat(),
    )
    _record_notice_start(round_)
    if not again:
        deciding = {person.pk for person in people}
        notify_about_round(
            round_,
            [person for person in people_involved_in(round_.draft) if person.pk not in deciding],
            kind="put_to_approval",
            once=once,
            actor=access.user,
            organisation=access.organisation,
        )


def _record_notice_start(round_: ApprovalRound) -> None:
    """Record the start of the notice period for those that can object; silence of others does not
    count."""
    round_.asked.update(told_at=Case(When(may_object(), then=Value(now()))))


def notify_earlier_deadline(access: Access, round_: ApprovalRound, moment: datetime.datetime) -> None:
    """Notify every decider that the deadline is earlier, whether or not they have decided."""
    notify_deciders(
        round_,
        organisations_still_asked(round_),
        kind="deadline_earlier",
        once=f"{round_.uuid}:{moment.isoformat()}",
        actor=access.user,
        organisation=access.organisation,
        deadline=round_.deadline.isoformat(),
    )


def _notification_kind(round_: ApprovalRound, *, again: bool) -> str:
    """Return the notification kind: urgent if only hours are left."""
    if round_.deadline - now() <= URGENT_WITHIN:
        return "approval_again_urgent" if again else "approval_urgent"
    return "approval_again" if again else "approval_asked"


def organisations_still_asked(round_: ApprovalRound) -> list[Organisation]:
    """Return the organisations asked in the round that have not left the coalition since."""
    rows = round_.asked.filter(organisation__left_at=None)
    return [row.organisation for row in rows.select_related("organisation")]
