"""Notifications of counts in person: `core.count_notifications` for tables and bundles of sheets."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from coalition.campaigns.core.count_notifications import CountSubject, remind_of_count, reminder_cutoff
from coalition.campaigns.core.double_count import CountState
from coalition.campaigns.in_person.counting.enums import TALLY_KIND
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.counting.queries import current_counts, tallies_for, with_counts
from coalition.campaigns.in_person.counting.titles import tally_title
from coalition.workspaces.notifications.kinds import SubjectDescription, register_subject


def register_tally_subjects() -> None:
    """Say who may see a tally in their inbox, and what it is called."""
    register_subject(TALLY_KIND, visible=tallies_for, describe=_described, address=address_of)


def address_of(tally: UUID) -> str:
    """Return the path of the page on which it is counted."""
    return reverse("campaigns:count", args=[tally])


def count_subject(tally: Tally) -> CountSubject:
    """Return the tally as the subject of a notification."""
    return CountSubject(TALLY_KIND, tally.uuid, tally.workspace, tally.region)


def remind_of_counts() -> None:
    """Remind of counts that wait for a second person (`remind_of_count`). Run hourly."""
    before = reminder_cutoff()
    if before is None:
        return
    waiting = TallyCount.objects.filter(tally=OuterRef("pk"), replaced_at=None, at__lt=before)
    rows = Tally.objects.filter(Exists(waiting), state=CountState.WAITING, workspace__archived_at=None)
    for tally in with_counts(rows):
        (first,) = current_counts(tally)
        with transaction.atomic():
            remind_of_count(count_subject(tally), first)


def _described(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = with_counts(Tally.objects.filter(uuid__in=list(uuids)))
    return {row.uuid: SubjectDescription(tally_title(row), address_of(row.uuid)) for row in rows}
