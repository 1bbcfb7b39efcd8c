"""Who may do what with tables.

| predicate | who |
|---|---|
| may_see_tables | who sees drafts in the workspace |
| may_prepare_tables | who creates, for their organisation; coordinators for every one that takes part |
| may_choose_organisation | coordinators |
| may_change_table | the same, of this table: it also shows the link for volunteers |
| may_write_guidance | coordinators |
"""

from coalition.campaigns.in_person.models import Table
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that

__all__ = [
    "may_change_table",
    "may_choose_organisation",
    "may_prepare_tables",
    "may_see_tables",
    "may_write_guidance",
    "require_that",
]


def may_see_tables(access: Access) -> bool:
    """See the tables of the workspace and their numbers; not the links of other organisations."""
    return access.may(Right.SEE_DRAFTS)


def may_prepare_tables(access: Access) -> bool:
    """Prepare a table of one's own organisation."""
    return has_active_right(access, Right.CREATE)


def may_choose_organisation(access: Access) -> bool:
    """Prepare and change tables of every organisation that takes part."""
    return has_active_right(access, Right.MANAGE)


def may_change_table(access: Access, table: Table) -> bool:
    """Change and cancel a table, see its link for volunteers and renew it."""
    is_own = table.organisation_id == access.organisation.pk
    return (may_prepare_tables(access) and is_own) or may_choose_organisation(access)


def may_write_guidance(access: Access) -> bool:
    """Write what volunteers read at every table of the workspace."""
    return has_active_right(access, Right.MANAGE)
