"""From an address to a round and the access to its workspace; 404 without a right to read."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.approval.models import ApprovalRound
from documents.approval.queries.rounds import rounds_for
from documents.drafts.access import access_to_drafts


def to_round(request: HttpRequest, uuid: UUID) -> tuple[Access, ApprovalRound]:
    """Return the round and the person's access; 404 if they may not read the draft."""
    round_ = get_object_or_404(rounds_for(request.user), uuid=uuid)
    mark_subjects_read(request, round_.uuid)
    return access_to_drafts(request, round_.draft.workspace.uuid), round_
