"""Who may do what with uses of helplines.

| | editors and coordinators of the workspace | who sees drafts there | members of the line's organisation |
|---|---|---|---|
| add, change, end a use | yes | no | no |
| read it, with note and flags | yes | yes | no |
| read title, time, planner; answer | no, unless they are members | no | yes |
"""

from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.models import Helpline
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right

READING_ROLES = [role for role in SeatRole if Right.SEE_DRAFTS in RIGHTS[role]]
PLANNING_ROLES = [role for role in SeatRole if RIGHTS[role] & {Right.PLAN, Right.EDIT}]


def may_read_uses(access: Access) -> bool:
    return access.may(Right.SEE_DRAFTS)


def may_plan_uses(access: Access) -> bool:
    """Add, change and end: who plans events or edits drafts."""
    return has_active_right(access, Right.PLAN) or has_active_right(access, Right.EDIT)


def may_confirm(user: User, helpline: Helpline) -> bool:
    """Say whether the line is staffed: any member of the organisation that answers for it."""
    return active_memberships(user).filter(organisation=helpline.organisation_id).exists()
