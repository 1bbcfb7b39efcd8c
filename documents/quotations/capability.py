"""What quotations register: hooks of approval and retention."""

import datetime
from collections.abc import Collection
from uuid import UUID

from coalition.core.retention import empty_in_batches
from documents.capability import Capability
from documents.hooks import Hooks
from documents.quotations.models import QuotationConsent
from documents.quotations.queries import approved_quotations


def erase_quotation_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty addresses of speakers who were asked before; returns how many."""
    return empty_in_batches(QuotationConsent.objects.filter(asked_at__lt=before).exclude(email=""), email="")


QUOTATIONS = Capability(
    name="quotations",
    urls="documents.quotations.urls",
    hooks=Hooks(quotations_agreed=[approved_quotations], guests_forgotten=[erase_quotation_guests]),
)
