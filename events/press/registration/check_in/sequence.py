"""What the door must hear of gets a number, by which phones ask for what they lack."""

from collections.abc import Iterable

from django.db.models import F

from events.core.models import PressGuest, PressRegistration
from events.press.registration.check_in import topics


def moved(registration: PressRegistration, guests: Iterable[PressGuest]) -> None:
    """These are another way now for whoever stands at the door. In the caller's transaction, after saving,
    with the event's row held."""
    mine = PressRegistration.objects.filter(pk=registration.pk)
    mine.update(door_number=F("door_number") + 1)
    number = mine.values_list("door_number", flat=True).get()
    PressGuest.objects.filter(pk__in=[guest.pk for guest in guests]).update(door_number=number)
    topics.push(registration.event.uuid, number)
