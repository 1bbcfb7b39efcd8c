"""Who may do what with figures, grants and reports.

| predicate | who |
|---|---|
| may_see_impact | who sees drafts in the workspace |
| may_declare | who edits: for the own organisation; coordinators for each |
| may_lead_impact | coordinators: grants, links of donors, frozen reports |
| may_end_links | coordinators, also in an archived workspace |
| may_see_grant | coordinators, and people of the organisation that holds it |
"""

from coalition.accounts.models import Organisation
from coalition.campaigns.impact.models import Grant
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that

__all__ = [
    "may_declare",
    "may_end_links",
    "may_lead_impact",
    "may_see_grant",
    "may_see_impact",
    "require_that",
]


def may_see_impact(access: Access) -> bool:
    """Read figures and reports at the desk; also in an archived workspace."""
    return access.may(Right.SEE_DRAFTS)


def may_declare(access: Access, organisation: Organisation | None = None) -> bool:
    """Declare and correct figures and changes, in the name of this organisation if one is given."""
    is_own = organisation is None or organisation.pk == access.organisation.pk
    return has_active_right(access, Right.EDIT) and (is_own or may_lead_impact(access))


def may_lead_impact(access: Access) -> bool:
    """Record grants and what they pay, give links to donors, freeze reports."""
    return has_active_right(access, Right.PUBLISH)


def may_end_links(access: Access) -> bool:
    """See the links of donors and end them: they still open when the workspace is archived."""
    return access.may(Right.PUBLISH)


def may_see_grant(access: Access, grant: Grant) -> bool:
    """See a grant with its donor: who pays whom may endanger people, so not everybody does."""
    is_holder = grant.organisation_id == access.organisation.pk
    return may_see_impact(access) and (is_holder or access.may(Right.PUBLISH))
