"""Queries for fallback venues."""

from events.core.models import Event
from events.production.fallback_venue.models import SecondPlace


def second_place_of(event: Event) -> SecondPlace | None:
    """Return the event's fallback venue, for members who prepare it."""
    return SecondPlace.objects.filter(event=event).first()
