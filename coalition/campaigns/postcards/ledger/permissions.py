"""Who may do what with the ledger of cards.

| predicate | who |
|---|---|
| may_see_ledger | who sees drafts in the workspace |
| may_record_moves | contributors for batches of their organisation; editors, coordinators for all |
| may_count_cards | contributors, editors, coordinators, of any organisation |
| may_take_back_counts | coordinators, while two do not agree |
| may_deliver_cards | coordinators: deliver, take a delivery back, close a batch |
"""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.postcards.models import Batch
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right

ONLY_MEMBERS = _("The ledger of cards is for those who see drafts here.")
ONLY_OWN_BATCHES = _("Contributors enter cards of their own organisation, editors and coordinators of all.")
ONLY_COUNTERS = _("Contributors, editors and coordinators count cards.")
ONLY_COORDINATORS = _("Coordinators deliver cards and close batches.")


def may_see_ledger(access: Access) -> bool:
    """See all numbers of all batches, and the moves."""
    return access.may(Right.SEE_DRAFTS)


def may_record_moves(access: Access, batch: Batch) -> bool:
    """Enter what happened to cards of this batch, and reversing entries."""
    if has_active_right(access, Right.PLAN):
        return True
    return has_active_right(access, Right.CREATE) and batch.organisation_id == access.organisation.pk


def may_record_some(access: Access) -> bool:
    """Whether there may be batches whose cards the person enters: those decide one by one."""
    return has_active_right(access, Right.CREATE)


def may_count_cards(access: Access) -> bool:
    """Give one of the two counts of a batch; which organisations count, the double count decides."""
    return has_active_right(access, Right.CREATE)


def may_take_back_counts(access: Access) -> bool:
    """Take back what others counted, so that it is counted again: where somebody cannot be reached."""
    return has_active_right(access, Right.MANAGE)


def may_deliver_cards(access: Access) -> bool:
    """Deliver counted cards, take a delivery back, close a batch."""
    return has_active_right(access, Right.PUBLISH)
