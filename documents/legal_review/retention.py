"""How long guests are named here."""

import datetime
from collections.abc import Collection
from uuid import UUID

from coalition.core.retention import empty_in_batches
from documents.legal_review.models import Clearance


def forget_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty names beside verdicts of guests with these links; returns how many."""
    return empty_in_batches(Clearance.objects.filter(guest__in=links).exclude(guest_name=""), guest_name="")
