"""What the pages of a round say about deciding otherwise than on them."""

from typing import Any

from django.http import HttpRequest

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.rules import represents
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.approval.models.rounds import ApprovalRound, Asked
from documents.approval.queries.boards import Board
from documents.approval.queries.phone_calls import calls_to_confirm
from documents.drafts.enums import OTHERWISE, RoundState
from documents.drafts.permissions import may_confirm_call


def ways_for(request: HttpRequest, board: Board, asked: Asked) -> dict[str, Any]:
    """Context of `documents/ways/_for_organisation.html`: whether the person represents the organisation, and
    whether something stands that was decided otherwise for it."""
    own = next(one for one in board.matrix.data.asked if one.pk == asked.organisation_id)
    found = (cell.decision for cell in board.matrix.row(own))
    otherwise = any(one is not None and one.way in OTHERWISE and one.objected_at is None for one in found)
    speaks = represents(door.person(request), asked.organisation)
    return {"represents": speaks, "otherwise": speaks and otherwise}


def to_confirm(access: Access, viewer: Viewer, round_: ApprovalRound) -> list[dict[str, Any]]:
    """Calls of an open round that the person could confirm for another organisation."""
    if round_.state != RoundState.OPEN:
        return []
    found = []
    for call in calls_to_confirm(round_):
        call.round = round_
        if may_confirm_call(access, call):
            name = display_name_for(viewer, call.organisation)
            found.append({"uuid": call.uuid, "organisation": name, "at": call.at})
    return found
