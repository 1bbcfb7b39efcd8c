"""Volunteers are forgotten: who never proved an address soon, everybody a while after the event."""

from django.db.models import Q, QuerySet

from coalition.core.retention import days_ago, delete_in_batches, empty_in_batches
from events.core.queries import is_cancelled_since, is_over_since
from events.volunteers.models import Shift, ShiftPlan, ShiftTurn, Volunteer

DAYS_KEPT = 90  # after the event and its last shift; until then the certificate can be fetched
DAYS_UNPROVED = 7


def forget_volunteers() -> int:
    """Delete volunteers with their shifts, and the person to call, once the event lies far enough behind.
    Returns how many rows."""
    unproved = Volunteer.objects.filter(proved_at=None, written_at__lt=days_ago(DAYS_UNPROVED))
    over, cancelled = is_over_since(DAYS_KEPT, "event__"), is_cancelled_since(DAYS_KEPT, "event__")
    lately = Shift.objects.filter(ends_at__gte=days_ago(DAYS_KEPT), removed_at=None)
    at_work = Q(event__in=lately.values("event_id"))
    plans = ShiftPlan.objects.filter(cancelled | (over & ~at_work)).exclude(caller_name="", caller_phone="")
    return (
        delete_in_batches(unproved)
        + delete_in_batches(Volunteer.objects.filter(cancelled | _helped(at_work, lately)))
        + empty_in_batches(plans, caller_name="", caller_phone="")
    )


def _helped(at_work: Q, lately: QuerySet[Shift]) -> Q:
    """Whose event lies behind with all its shifts; of what comes again without end, whose own shifts do."""
    own = ShiftTurn.objects.filter(shift__in=lately).values("volunteer_id")
    still = (at_work & Q(event__lasts_until__isnull=False)) | Q(pk__in=own)
    return is_over_since(DAYS_KEPT, "event__", "written_at") & ~still
