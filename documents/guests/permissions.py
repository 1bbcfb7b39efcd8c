"""Who may invite guests and learn what they wrote."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.permissions import GUESTS, may_see_guests, works_here


def hears_guests(access: Access) -> bool:
    """Learn that a guest wrote a comment, and when: those who read it. For all others a narrower thread
    is not there, whatever else they see of the guest."""
    return access.may(Right.MANAGE)


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Make a guest link under the mark that the draft has (`GUESTS`)."""
    asked = GUESTS[Handling(draft.handling)]
    may = asked is not None and draft.archived_at is None and works_here(access, asked.right)
    return may and may_see_guests(access, draft)
