"""Who may count what was done in person.

| predicate | who |
|---|---|
| may_see_tallies | who sees drafts in the workspace |
| may_count | who creates, for the organisation in whose name they act |
| may_close_table | the same, for tables of that organisation; coordinators those of all |
| may_take_back_all | coordinators, while a count is not settled |
"""

from coalition.campaigns.in_person.models import Table
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that

__all__ = [
    "may_close_table",
    "may_count",
    "may_see_tallies",
    "may_take_back_all",
    "require_that",
]


def may_see_tallies(access: Access) -> bool:
    """See what is counted, and settled numbers. Not what somebody counted before another one has."""
    return access.may(Right.SEE_DRAFTS)


def may_count(access: Access) -> bool:
    """Give a count, in a workspace that is not archived."""
    return has_active_right(access, Right.CREATE)


def may_close_table(access: Access, table: Table) -> bool:
    """Close a table with its first count."""
    is_own = table.organisation_id == access.organisation.pk
    return may_count(access) and (is_own or access.may(Right.MANAGE))


def may_take_back_all(access: Access) -> bool:
    """Take back what others counted, so that it is counted again: where somebody cannot be reached."""
    return has_active_right(access, Right.MANAGE)
