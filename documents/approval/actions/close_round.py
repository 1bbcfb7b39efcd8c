"""Closing a round without publishing."""

from django.db import transaction

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.approval.actions.open_round import REMINDER_KIND, lock_round_for_coordinator
from documents.approval.audit import record_round_event
from documents.approval.models import ApprovalRound
from documents.drafts.enums import RoundState
from documents.hooks import HOOKS


def close_round(*, access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Close a round without publishing: decisions stay on record, and no more can be made.

    Cancels a scheduled publication and notifies those who agreed to the embargo. Raises NotAllowed
    without the right, Refused if the round is closed.
    """
    with transaction.atomic():
        locked = lock_round_for_coordinator(access, round_)
        for follow in HOOKS.round_closing:
            follow(locked)
        locked.state, locked.closed_at = RoundState.CLOSED, now()
        locked.save(update_fields=["state", "closed_at"])
        scheduler.cancel(kind=REMINDER_KIND, key=str(locked.uuid))
        record_round_event(
            locked,
            action="round.closed",
            kind="round_closed",
            person=access.user,
            organisation=access.organisation,
            role=access.seat.role,
            number=locked.number,
        )
    return locked
