"""Whom a phone at the door must know: the only place where they come from."""

from django.db.models import Count, Q

from events.core.enums import PressState
from events.core.models import Event, PressGuest, PressRegistration


def at_the_door(registration: PressRegistration, since: int = 0) -> list[PressGuest]:
    """Everybody who may hold a code, in no order that tells anything; `since`: those alone of whom the door
    had to hear after that number. Nothing sealed is read."""
    rows = PressGuest.objects.filter(registration=registration)
    holds = Q(state=PressState.CONFIRMED) | Q(
        answers__gt=0, state__in=(PressState.WITHDRAWN, PressState.WAITING, PressState.FULL)
    )
    rows = rows.filter(holds, door_number__gt=since) if since else rows.filter(holds)
    return list(rows.only("uuid", "state", "came_at").order_by("code_hash"))


def door_counts(event: Event) -> tuple[int, int] | None:
    """How many are here, of how many who have a place; None if the event does not take the press.
    One query."""
    confirmed = Q(guests__state=PressState.CONFIRMED)
    rows = (
        PressRegistration.objects.filter(event=event)
        .order_by()
        .annotate(
            here=Count("guests__came_at", filter=confirmed), confirmed=Count("guests", filter=confirmed)
        )
    )
    return rows.values_list("here", "confirmed").first()
