"""How long people without an account are named here."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from coalition.core.retention import empty_in_batches
from documents.approval.models import Approval, OneTimeLink


def forget_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty who one-time links ended before were for, and who decided by them; returns how many rows."""
    once = OneTimeLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    named = Approval.objects.filter(at__lt=before).exclude(named="")
    return empty_in_batches(once, name="", email="") + empty_in_batches(named, named="")
