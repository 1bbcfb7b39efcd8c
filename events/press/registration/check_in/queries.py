"""Querysets of guests for check-in phones."""

from django.db.models import Count, Q

from events.core.enums import PressState
from events.core.models import Event, PressGuest, PressRegistration


def guests_for_check_in(registration: PressRegistration, since: int = 0) -> list[PressGuest]:
    """Return guests who may have a code, in an order without meaning; `since`: only those changed
    after that sequence number. No encrypted field is read."""
    rows = PressGuest.objects.filter(registration=registration)
    holds = Q(state=PressState.CONFIRMED) | Q(
        answers__gt=0, state__in=(PressState.WITHDRAWN, PressState.WAITING, PressState.FULL)
    )
    rows = rows.filter(holds, door_number__gt=since) if since else rows.filter(holds)
    return list(rows.only("uuid", "state", "came_at").order_by("code_hash"))


def check_in_counts(event: Event) -> tuple[int, int] | None:
    """Return the numbers of checked-in and confirmed guests; None without press registration. One
    query."""
    confirmed = Q(guests__state=PressState.CONFIRMED)
    rows = (
        PressRegistration.objects.filter(event=event)
        .order_by()
        .annotate(
            here=Count("guests__came_at", filter=confirmed), confirmed=Count("guests", filter=confirmed)
        )
    )
    return rows.values_list("here", "confirmed").first()
