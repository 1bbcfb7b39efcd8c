"""Closing a round without publishing."""

from django.db import transaction

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.approval.actions.open_round import REMINDER, lock_led
from documents.approval.audit import keep
from documents.approval.models import ApprovalRound
from documents.drafts.enums import RoundState
from documents.hooks import HOOKS


def close_round(*, access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Close a round without publishing: what was decided stays on record, nothing more is decided.

    What was scheduled is put off: nothing becomes public by itself, and who agreed to the embargo is told.
    Raises NotAllowed without the right, Refused if it is closed.
    """
    with transaction.atomic():
        locked = lock_led(access, round_)
        for follow in HOOKS.round_closing:
            follow(locked)
        locked.state, locked.closed_at = RoundState.CLOSED, now()
        locked.save(update_fields=["state", "closed_at"])
        scheduler.cancel(kind=REMINDER, key=str(locked.uuid))
        keep(
            locked,
            action="round.closed",
            kind="round_closed",
            person=access.user,
            organisation=access.organisation,
            role=access.seat.role,
            number=locked.number,
        )
    return locked
