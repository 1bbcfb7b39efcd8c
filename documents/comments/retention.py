"""How long guests are named here."""

import datetime
from collections.abc import Collection
from uuid import UUID

from coalition.core.retention import empty_in_batches
from documents.comments.models import Comment


def forget_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty names beside comments of guests with these links; returns how many."""
    return empty_in_batches(Comment.objects.filter(guest__in=links).exclude(guest_name=""), guest_name="")
