"""Who may do what with paper sheets.

| predicate | who |
|---|---|
| may_see_sheets | who sees drafts in the workspace |
| may_print_sheets | who creates, for the organisation in whose name they act |
| may_mark_sheets | the same for sheets of that organisation; coordinators those of all |
"""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that

__all__ = ["may_mark_sheets", "may_mark_sheets_of_all", "may_print_sheets", "may_see_sheets", "require_that"]


def may_see_sheets(access: Access) -> bool:
    """See runs, numbers and states of the sheets of every organisation."""
    return access.may(Right.SEE_DRAFTS)


def may_print_sheets(access: Access) -> bool:
    """Print sheets for one's own organisation, in a workspace that is not archived."""
    return has_active_right(access, Right.CREATE)


def may_mark_sheets(access: Access) -> bool:
    """Mark sheets of one's own organisation as returned, lost or void."""
    return has_active_right(access, Right.CREATE)


def may_mark_sheets_of_all(access: Access) -> bool:
    """Mark sheets of every organisation: coordinators."""
    return has_active_right(access, Right.MANAGE)
