"""What was said with the press is forgotten a while later."""

from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches
from events.core.queries import is_over_since
from events.press.coverage.models import CoverageLink
from events.press.kit.models import KitOpened
from events.press.models import Call

DAYS_KEPT = 90  # after the event


def forget_calls() -> int:
    """Erase notes of phone calls, recipients of links, hashes of kit visitors. Return the number of
    rows."""
    before = anonymise_cutoff()
    opens = ("kit__made_at", "kit__opens_at", "kit__afterwards_at")
    opened = KitOpened.objects.filter(is_over_since(DAYS_KEPT, "kit__event__", *opens))
    return (
        empty_in_batches(Call.objects.filter(called_at__lt=before).exclude(note=""), note="")
        + empty_in_batches(CoverageLink.objects.filter(ends_at__lt=before).exclude(label=""), label="")
        + delete_in_batches(opened)
    )
