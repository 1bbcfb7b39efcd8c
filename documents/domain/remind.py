"""Reminding those who have not decided, a day before the deadline."""

from typing import Any

from django.db import transaction

from coalition.clock.now import now
from coalition.partners.naming import PUBLIC
from documents.domain.round_trail import decide_address, write_to
from documents.enums import CellState, RoundState
from documents.models import ApprovalRound
from documents.queries.approvals import approvers_of, board_of

OPEN_STATES = {CellState.NOT_OPENED, CellState.READ, CellState.REOPENED}


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
        for asked, organisation in zip(board.asked, board.matrix.data.asked, strict=True):
            if all(cell.state not in OPEN_STATES for cell in board.matrix.row(organisation)):
                continue
            write_to(
                approvers_of(asked.organisation, kind=round_.draft.kind),
                template="approval_reminder",
                about=f"{round_.uuid}:{payload.get('deadline', '')}",
                address=decide_address(round_),
                deadline=round_.deadline,
            )
