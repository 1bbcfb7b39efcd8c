"""Volunteers are forgotten: who never proved an address soon, everybody a while after the event."""

import datetime

from django.db.models import Q

from coalition.clock.now import now
from events.models import Shift, ShiftPlan, Volunteer

DAYS_KEPT = 90  # after the event and its last shift; until then the certificate can be fetched
DAYS_UNPROVED = 7


def forget_volunteers() -> None:
    """Delete volunteers with their shifts, and the person to call, once the event lies far enough behind."""
    moment = now()
    unproved = moment - datetime.timedelta(days=DAYS_UNPROVED)
    Volunteer.objects.filter(proved_at=None, written_at__lt=unproved).delete()
    old = moment - datetime.timedelta(days=DAYS_KEPT)
    lately = Shift.objects.filter(ends_at__gte=old, removed_at=None).values("event_id")
    over = Q(event__lasts_until__lt=old) | Q(event__cancelled_at__lt=old)
    Volunteer.objects.filter(over).exclude(event__in=lately).delete()
    plans = ShiftPlan.objects.filter(over).exclude(event__in=lately).exclude(caller_name="", caller_phone="")
    plans.update(caller_name="", caller_phone="")
