"""Guests of an event and what was said with the press are forgotten a while later."""

from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches
from events.core.models import EventInvitation
from events.core.queries import is_over_since
from events.press.coverage.models import CoverageLink
from events.press.kit.models import KitOpened
from events.press.models import Call

DAYS_KEPT = 90  # after the event


def forget_invited() -> int:
    """Names and addresses of guests, a while after the event: that somebody was invited and what was answered
    stays. Returns how many rows."""
    over = is_over_since(DAYS_KEPT, "event__", "invited_at", "answered_at", standing=True)
    guests = EventInvitation.objects.filter(over, person=None)
    return empty_in_batches(guests.exclude(guest_name="", guest_address=""), guest_name="", guest_address="")


def forget_calls() -> int:
    """What was said on the phone, for whom a link was, hashes of who opened a kit. Returns how many rows."""
    before = anonymise_cutoff()
    opens = ("kit__made_at", "kit__opens_at", "kit__afterwards_at")
    opened = KitOpened.objects.filter(is_over_since(DAYS_KEPT, "kit__event__", *opens))
    return (
        empty_in_batches(Call.objects.filter(called_at__lt=before).exclude(note=""), note="")
        + empty_in_batches(CoverageLink.objects.filter(ends_at__lt=before).exclude(label=""), label="")
        + delete_in_batches(opened)
    )
