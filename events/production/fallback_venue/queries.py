"""Second places of events."""

from events.core.models import Event
from events.production.fallback_venue.models import SecondPlace


def second_place_of(event: Event) -> SecondPlace | None:
    """Where the event goes if its place falls through; for those who prepare it."""
    return SecondPlace.objects.filter(event=event).first()
