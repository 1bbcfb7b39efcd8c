"""Who may do what with postcards.

| predicate | who |
|---|---|
| may_see_postcards | who sees drafts in the workspace |
| may_lead_postcards | who may publish (coordinators): designs, all batches, the public page |
| may_print_batch | coordinators every batch; who creates drafts those of the own organisation |
| may_see_scans | coordinators of every batch; others of those of the own organisation |
"""

from coalition.accounts.models import Organisation
from coalition.campaigns.postcards.models import Batch
from coalition.campaigns.referrals.permissions import may_see_all_codes
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import has_active_right, may_read_draft


def may_see_postcards(access: Access) -> bool:
    """See designs, batches and the previews of cards."""
    return access.may(Right.SEE_DRAFTS)


def may_lead_postcards(access: Access) -> bool:
    """Make designs and batches, close batches, show the numbers to everybody."""
    return has_active_right(access, Right.PUBLISH)


def may_use_text_of(access: Access, draft: Draft) -> bool:
    """Print the published text of this draft on cards: as for appeals."""
    return may_lead_postcards(access) and may_read_draft(access, draft)


def may_print_batches_of(access: Access, organisation: Organisation) -> bool:
    """Take out the cards of this organisation's batches to print them."""
    is_own = organisation.pk == access.organisation.pk and has_active_right(access, Right.CREATE)
    return may_lead_postcards(access) or is_own


def may_print_batch(access: Access, batch: Batch) -> bool:
    """Take out the cards of this batch."""
    return may_print_batches_of(access, batch.organisation)


def may_see_scans(access: Access, batch: Batch) -> bool:
    """Openings of codes of other organisations are for coordinators, as on the page of referral codes."""
    return may_see_all_codes(access) or batch.organisation_id == access.organisation.pk
