"""Who may do what with asks: who sees drafts sees them; who publishes writes them, since they are public."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right


def may_see_asks(access: Access) -> bool:
    """See asks and their steps at the desk; also in an archived workspace."""
    return access.may(Right.SEE_DRAFTS)


def may_manage_asks(access: Access) -> bool:
    """Add, change, order and remove asks; record what became of them, with its evidence."""
    return has_active_right(access, Right.PUBLISH)
