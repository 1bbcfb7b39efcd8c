"""How long guests are named here."""

import datetime
from collections.abc import Collection
from uuid import UUID

from coalition.core.retention import empty_in_batches
from documents.quotations.models import QuotationConsent


def forget_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty addresses of speakers who were asked before; returns how many."""
    return empty_in_batches(QuotationConsent.objects.filter(asked_at__lt=before).exclude(email=""), email="")
