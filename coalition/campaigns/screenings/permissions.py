"""Who may do what with requests for screenings: editors and coordinators, who plan events.

They contain names of people outside the coalition, so those who only read drafts do not see them.
"""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right


def may_see_requests(access: Access) -> bool:
    """See requests and their numbers; also in an archived workspace."""
    return access.may(Right.PLAN)


def may_answer_requests(access: Access) -> bool:
    """Accept, decline, and note that a screening took place."""
    return has_active_right(access, Right.PLAN)
