"""Who may do what with the board of a letter action.

| predicate | who |
|---|---|
| may_see_board | who sees drafts in the workspace; the public one is for everybody |
| may_record | who edits: letters, answers and stances, the term, withdrawing |
| may_publish | who publishes: answers and stances, on the public board and off it |
"""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that

__all__ = ["may_publish", "may_record", "may_see_board", "require_that"]


def may_see_board(access: Access) -> bool:
    """See the board of the desk, with everything that was recorded."""
    return access.may(Right.SEE_DRAFTS)


def may_record(access: Access) -> bool:
    """Record letters, answers and stances in the name of the organisation they act for, and withdraw any."""
    return has_active_right(access, Right.EDIT)


def may_publish(access: Access) -> bool:
    """Show an answer or a stance to everybody, and take it off again."""
    return has_active_right(access, Right.PUBLISH)
