"""Guests of an event and what was said with the press are forgotten a while later."""

from coalition.forgetting import days_ago, delete, empty, long_ago
from events.models import Call, CoverageLink, EventInvitation, KitOpened

DAYS_KEPT = 90  # after the event


def forget_invited() -> int:
    """Names and addresses of guests, a while after the event: that somebody was invited and what was answered
    stays. Returns how many rows."""
    guests = EventInvitation.objects.filter(person=None, event__lasts_until__lt=days_ago(DAYS_KEPT))
    return empty(guests.exclude(guest_name="", guest_address=""), guest_name="", guest_address="")


def forget_calls() -> int:
    """What was said on the phone, for whom a link was, hashes of who opened a kit. Returns how many rows."""
    before = long_ago()
    opened = KitOpened.objects.filter(kit__event__lasts_until__lt=days_ago(DAYS_KEPT))
    return (
        empty(Call.objects.filter(called_at__lt=before).exclude(note=""), note="")
        + empty(CoverageLink.objects.filter(ends_at__lt=before).exclude(label=""), label="")
        + delete(opened)
    )
