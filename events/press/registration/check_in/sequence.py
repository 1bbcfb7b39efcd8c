"""Sequence numbers of changes, by which check-in phones request missing data."""

from collections.abc import Iterable

from django.db.models import F

from events.core.models import PressGuest, PressRegistration
from events.press.registration.check_in import topics


def mark_guests_changed(registration: PressRegistration, guests: Iterable[PressGuest]) -> None:
    """Assign a new sequence number to changed guests. In the caller's transaction, after saving,
    with the event's row locked."""
    mine = PressRegistration.objects.filter(pk=registration.pk)
    mine.update(door_number=F("door_number") + 1)
    number = mine.values_list("door_number", flat=True).get()
    PressGuest.objects.filter(pk__in=[guest.pk for guest in guests]).update(door_number=number)
    topics.push_check_in(registration.event.uuid, number)
