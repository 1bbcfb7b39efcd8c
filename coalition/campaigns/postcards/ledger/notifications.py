"""Notifications of counts of cards: `core.count_notifications` for batches."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.campaigns.core.count_notifications import CountSubject, remind_of_count, reminder_cutoff
from coalition.campaigns.postcards.ledger.queries import batches_for, counts_that_wait
from coalition.campaigns.postcards.models import Batch
from coalition.workspaces.notifications.kinds import SubjectDescription, register_subject

CARD_COUNT_KIND: Final = "card_count"  # of subjects: the batch, on the page that counts it


def register_count_subjects() -> None:
    """Say who may see counts of a batch in their inbox, and what they are called."""
    register_subject(CARD_COUNT_KIND, visible=batches_for, describe=_described, address=address_of)


def address_of(batch: UUID) -> str:
    """Return the path of the page on which its cards are counted."""
    return reverse("campaigns:card_count", args=[batch])


def count_subject(batch: Batch) -> CountSubject:
    """Return the batch, with its design and workspace loaded, as the subject of a notification."""
    return CountSubject(CARD_COUNT_KIND, batch.uuid, batch.design.workspace, batch.region)


def remind_of_card_counts() -> None:
    """Remind of counts that wait for a second person (`remind_of_count`). Run hourly."""
    before = reminder_cutoff()
    if before is None:
        return
    for first in counts_that_wait().filter(at__lt=before):
        with transaction.atomic():
            remind_of_count(count_subject(first.tally.batch), first)


def batch_title(batch: Batch) -> str:
    """Return what the cards of a batch are called in the active language."""
    return _("Cards of batch %(number)s") % {"number": f"{batch.design.slug} {batch.number}"}


def _described(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Batch.objects.filter(uuid__in=list(uuids)).select_related("design")
    return {row.uuid: SubjectDescription(batch_title(row), address_of(row.uuid)) for row in rows}
