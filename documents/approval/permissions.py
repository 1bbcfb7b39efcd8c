"""Who may put texts to approval, attest translations and confirm calls."""

from coalition.workspaces.permissions import Access
from documents.approval.models import PhoneCall
from documents.drafts.permissions import may_comment


def may_confirm_call(access: Access, call: PhoneCall) -> bool:
    """Whether the person may call back and confirm an approval by phone: readers of the draft whose
    organisation neither decided nor made the call."""
    concerned = {call.organisation_id, call.caller_for_id}
    people = {call.caller_id, call.person_id}
    another = access.organisation.pk not in concerned and access.user.pk not in people
    return another and may_comment(access, call.round.draft)
