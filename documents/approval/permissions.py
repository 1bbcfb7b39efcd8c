"""Who may put texts to approval, attest translations and confirm calls."""

from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.approval.models import PhoneCall
from documents.comments.permissions import may_comment
from documents.drafts.models import Draft
from documents.drafts.permissions import may_read_draft, works_here


def may_put_to_approval(access: Access, draft: Draft) -> bool:
    """Put versions to organisations, put newer ones, close the round, publish: who holds the right."""
    return draft.archived_at is None and works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_attest(access: Access, draft: Draft) -> bool:
    """Answer that a translation says the same: everyone who may speak about the text beside it."""
    return may_comment(access, draft)


def may_confirm_call(access: Access, call: PhoneCall) -> bool:
    """Call back and confirm what was approved by phone: who reads the draft for an organisation that is
    neither the one that decided nor the caller's."""
    concerned = {call.organisation_id, call.caller_for_id}
    people = {call.caller_id, call.person_id}
    another = access.organisation.pk not in concerned and access.user.pk not in people
    return another and may_comment(access, call.round.draft)
