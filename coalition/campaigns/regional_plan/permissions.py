"""Who may do what with the regional plan. It is never public.

| predicate | who |
|---|---|
| may_see_plan | who sees drafts in the workspace |
| may_lead_plan | who may plan: regions and actions of the plan, commitments of every organisation |
| may_change_commitment | who creates, for their own organisation; who may plan, for every one |
"""

from coalition.accounts.models import Organisation
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right


def may_see_plan(access: Access) -> bool:
    """See who does what."""
    return access.may(Right.SEE_DRAFTS)


def may_lead_plan(access: Access) -> bool:
    """Choose regions and actions, and enter commitments for every organisation."""
    return has_active_right(access, Right.PLAN)


def may_change_commitment(access: Access, organisation: Organisation) -> bool:
    """Enter, change and take out a commitment of this organisation."""
    is_own = organisation.pk == access.organisation.pk
    return may_lead_plan(access) or (is_own and has_active_right(access, Right.CREATE))
