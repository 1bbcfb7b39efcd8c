"""Who may do what with appeals on the organisers' side: named predicates.

| predicate | who |
|---|---|
| may_see_appeals | who sees drafts in the workspace |
| may_lead_appeals | who may publish: open, close, reopen, other texts, hand over, exact numbers |
| may_plan_petition | who may plan: the official petition's count and plan |
| may_pledge | who creates, for the organisation in whose name they act |
| may_decide_holds | who edits: two people of two organisations |
| may_offer_contact, may_export_contacts | representatives, for their own organisation |
"""

from coalition.accounts.models import Listing
from coalition.accounts.permissions import represents
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import has_active_right, may_read_draft, require_that

__all__ = [
    "may_decide_holds",
    "may_export_contacts",
    "may_lead_appeals",
    "may_offer_contact",
    "may_plan_petition",
    "may_pledge",
    "may_see_appeals",
    "may_use_text_of",
    "require_that",
]


def may_see_appeals(access: Access) -> bool:
    """See appeals of the workspace, with small numbers suppressed."""
    return access.may(Right.SEE_DRAFTS)


def may_lead_appeals(access: Access) -> bool:
    """Make, open, close and reopen appeals, give them another text, hand them over, read exact numbers."""
    return has_active_right(access, Right.PUBLISH)


def may_use_text_of(access: Access, draft: Draft) -> bool:
    """Put the published text of this draft before the public: as for open letters."""
    return may_lead_appeals(access) and may_read_draft(access, draft)


def may_plan_petition(access: Access) -> bool:
    """Type in the official petition's number and count, plan its filing, write for any organisation."""
    return has_active_right(access, Right.PLAN)


def may_pledge(access: Access) -> bool:
    """Say how many people with a digital signature one's own organisation promises and has found."""
    return has_active_right(access, Right.CREATE)


def may_decide_holds(access: Access) -> bool:
    """Give one of the two votes that release rows or set them aside."""
    return has_active_right(access, Right.EDIT)


def may_offer_contact(access: Access) -> bool:
    """Let one's organisation be offered in the form. Only one that may be named to everybody."""
    return (
        has_active_right(access, Right.SEE_DRAFTS)
        and access.organisation.listing == Listing.PUBLIC
        and represents(access.user, access.organisation)
    )


def may_export_contacts(access: Access) -> bool:
    """Take out the addresses of those who let one's organisation write to them; also from the archive."""
    return access.may(Right.SEE_DRAFTS) and represents(access.user, access.organisation)
