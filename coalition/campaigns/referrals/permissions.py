"""Who may do what with referral codes.

| | who works in the workspace (reviewer and above) | coordinator |
|---|---|---|
| see codes and their numbers | of their organisation | of every organisation |
| make a code | for their organisation | for all at once |
| end a code, bring it back | of their organisation | every one |
"""

from coalition.campaigns.referrals.models import ReferralCode
from coalition.roles import Right
from coalition.workspaces.permissions import Access


def may_see_codes(access: Access) -> bool:
    """See the page: people who work in the workspace, so not observers."""
    return access.may(Right.SEE_DRAFTS)


def may_see_all_codes(access: Access) -> bool:
    """See the codes and numbers of every organisation: coordinators."""
    return access.may(Right.MANAGE)


def may_make_codes(access: Access) -> bool:
    """Make codes for one's own organisation, in a workspace that is not archived."""
    return access.may(Right.SEE_DRAFTS) and access.workspace.archived_at is None


def may_make_codes_for_all(access: Access) -> bool:
    """Make codes for all organisations that take part: coordinators."""
    return access.may(Right.MANAGE) and access.workspace.archived_at is None


def may_end_code(access: Access, code: ReferralCode) -> bool:
    """End a code of one's own organisation, or bring it back; coordinators do so with every one."""
    is_own = code.organisation_id == access.organisation.pk
    return (may_make_codes(access) and is_own) or may_make_codes_for_all(access)
