"""How long requests for screenings are kept."""

from collections import Counter
from typing import Final

from django.db.models import F
from django.utils.timezone import localdate

from coalition.applicants.flow import DAYS_UNPROVED, delete_unproved
from coalition.campaigns.screenings.enums import PROVED, ScreeningState
from coalition.campaigns.screenings.models import ErasedScreenings, ScreeningRequest
from coalition.core.retention import (
    RetentionRule,
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
)

DAYS_KEPT: Final = 183  # half a year after the day


def forget_requests() -> int:
    """Delete requests whose address nobody proved, and all half a year after their day; earlier, forget who
    answered. How many groups had a film stays. Returns how many values and rows went."""
    over = ScreeningRequest.objects.filter(state__in=PROVED, on__lt=localdate(days_ago(DAYS_KEPT)))
    answered = ScreeningRequest.objects.filter(answered_at__lt=anonymise_cutoff(), answered_by__isnull=False)
    unproved = delete_unproved(ScreeningRequest, state=ScreeningState.UNPROVED)
    return (
        unproved
        + delete_in_batches(over, before=_count_erased)
        + empty_in_batches(answered, answered_by=None)
    )


def _count_erased(requests: list[int]) -> None:
    given = ScreeningRequest.objects.filter(pk__in=requests).values_list("given_videos", flat=True)
    counts = Counter(video for videos in given for video in videos)
    for video, count in sorted(counts.items()):
        ErasedScreenings.objects.get_or_create(video=video)
        ErasedScreenings.objects.filter(video=video).update(count=F("count") + count)


REQUESTS = RetentionRule(
    name="campaigns.forget_screenings",
    of="campaigns.ScreeningRequest: who asks for a screening, their support person, what was agreed",
    until=f"unproved {DAYS_UNPROVED} days; {DAYS_KEPT} days after the day of the screening; who answered"
    " AUDIT_PERSON_MONTHS",
    forget=forget_requests,
)
