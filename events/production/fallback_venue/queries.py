"""Second places of events."""

from events.models import Event, SecondPlace


def second_place_of(event: Event) -> SecondPlace | None:
    """Where the event goes if its place falls through; for those who prepare it."""
    return SecondPlace.objects.filter(event=event).first()
