"""Reminding those who have not decided, a day before the deadline."""

from typing import Any

from django.db import transaction

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from documents.approval.audit import concern_deciders
from documents.approval.models.rounds import ApprovalRound
from documents.approval.queries.boards import board_of
from documents.drafts.enums import RoundState


def remind(key: str, payload: dict[str, Any]) -> None:
    """Run the due reminder of the round with the UUID `key`.

    Whom it reaches is found now: who decided meanwhile, or left, gets none. Running it twice sends once.
    """
    with transaction.atomic():
        round_ = (
            ApprovalRound.objects.select_related("draft__workspace")
            .filter(uuid=key, state=RoundState.OPEN, draft__workspace__archived_at=None)
            .first()
        )
        if round_ is None or round_.deadline <= now():
            return
        board = board_of(round_, PUBLIC)
        undecided = [
            asked.organisation
            for asked, one in zip(board.asked, board.matrix.data.asked, strict=True)
            if not (one.left or all(cell.is_decided for cell in board.matrix.row(one)))
        ]
        concern_deciders(
            round_,
            undecided,
            kind="approval_reminder",
            once=f"{round_.uuid}:{payload.get('deadline', '')}",
            deadline=round_.deadline.isoformat(),
        )
