"""Guests of an event are forgotten a while later."""

from coalition.core.retention import empty_in_batches
from events.core.models import EventInvitation
from events.core.queries import is_over_since

DAYS_KEPT = 90  # after the event


def forget_invited() -> int:
    """Erase names and addresses of guests some time after the event: the invitation and the answer
    stay. Return the number of rows."""
    over = is_over_since(DAYS_KEPT, "event__", "invited_at", "answered_at", standing=True)
    guests = EventInvitation.objects.filter(over, person=None)
    return empty_in_batches(guests.exclude(guest_name="", guest_address=""), guest_name="", guest_address="")
