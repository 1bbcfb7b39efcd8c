"""Volunteers are forgotten: who never proved an address soon, everybody a while after the event."""

from django.db.models import Q

from coalition.forgetting import days_ago, delete, empty
from events.models import Shift, ShiftPlan, Volunteer

DAYS_KEPT = 90  # after the event and its last shift; until then the certificate can be fetched
DAYS_UNPROVED = 7


def forget_volunteers() -> int:
    """Delete volunteers with their shifts, and the person to call, once the event lies far enough behind.
    Returns how many rows."""
    unproved = Volunteer.objects.filter(proved_at=None, written_at__lt=days_ago(DAYS_UNPROVED))
    old = days_ago(DAYS_KEPT)
    lately = Shift.objects.filter(ends_at__gte=old, removed_at=None).values("event_id")
    over = Q(event__lasts_until__lt=old) | Q(event__cancelled_at__lt=old)
    plans = ShiftPlan.objects.filter(over).exclude(event__in=lately).exclude(caller_name="", caller_phone="")
    return (
        delete(unproved)
        + delete(Volunteer.objects.filter(over).exclude(event__in=lately))
        + empty(plans, caller_name="", caller_phone="")
    )
