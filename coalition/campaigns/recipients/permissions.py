"""Who may do what with recipients: who sees drafts sees them, who plans imports and changes them."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right


def may_see_recipients(access: Access) -> bool:
    """See bodies, their people and imports; also in an archived workspace."""
    return access.may(Right.SEE_DRAFTS)


def may_change_recipients(access: Access) -> bool:
    """Add, change and archive bodies; import lists, apply and undo them."""
    return has_active_right(access, Right.PLAN)
