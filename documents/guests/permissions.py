"""Who may invite guests and learn what they wrote."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS, has_active_right, may_see_guests


def may_see_guest_comments(access: Access) -> bool:
    """Whether the person may learn that a guest commented, and when: readers of the thread. For all
    others a narrower thread does not exist, whatever else they see of the guest."""
    return access.may(Right.MANAGE)


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Make a guest link under the mark that the draft has (`GUESTS`)."""
    asked = GUEST_LINK_REQUIREMENTS[Handling(draft.handling)]
    may = asked is not None and draft.archived_at is None and has_active_right(access, asked.right)
    return may and may_see_guests(access, draft)
