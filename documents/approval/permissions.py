"""Who may put texts to approval, attest translations and confirm calls."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.approval.models import ApprovalRound, PhoneCall
from documents.approval.queries.rounds import rounds_for
from documents.drafts.access import access_to_drafts
from documents.drafts.permissions import may_comment


def may_confirm_call(access: Access, call: PhoneCall) -> bool:
    """Whether the person may call back and confirm an approval by phone: readers of the draft whose
    organisation neither decided nor made the call."""
    concerned = {call.organisation_id, call.caller_for_id}
    people = {call.caller_id, call.person_id}
    another = access.organisation.pk not in concerned and access.user.pk not in people
    return another and may_comment(access, call.round.draft)


# --- access ---
# From an address to a round and the access to its workspace; 404 without a right to read.


def to_round(request: HttpRequest, uuid: UUID) -> tuple[Access, ApprovalRound]:
    """Return the round and the person's access; 404 if they may not read the draft."""
    round_ = get_object_or_404(rounds_for(request.user), uuid=uuid)
    mark_subjects_read(request, round_.uuid)
    return access_to_drafts(request, round_.draft.workspace.uuid), round_
