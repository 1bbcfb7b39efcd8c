"""Retention of volunteers: a short time for unverified addresses, a set time after the event for
all."""

from django.db.models import Q, QuerySet

from coalition.core.retention import days_ago, delete_in_batches, empty_in_batches
from events.core.queries import is_cancelled_since, is_over_since
from events.volunteers.models import Shift, ShiftPlan, ShiftTurn, Volunteer

DAYS_KEPT = 90  # after the event and its last shift; the certificate is available until then
DAYS_UNPROVED = 7


def forget_volunteers() -> int:
    """Delete volunteers with their assignments, and the contact, a set time after the event. Return
    the number of rows."""
    unproved = Volunteer.objects.filter(proved_at=None, written_at__lt=days_ago(DAYS_UNPROVED))
    over, cancelled = is_over_since(DAYS_KEPT, "event__"), is_cancelled_since(DAYS_KEPT, "event__")
    lately = Shift.objects.filter(ends_at__gte=days_ago(DAYS_KEPT), removed_at=None)
    at_work = Q(event__in=lately.values("event_id"))
    plans = ShiftPlan.objects.filter(cancelled | (over & ~at_work)).exclude(caller_name="", caller_phone="")
    return (
        delete_in_batches(unproved)
        + delete_in_batches(Volunteer.objects.filter(cancelled | _is_over_for_volunteer(at_work, lately)))
        + empty_in_batches(plans, caller_name="", caller_phone="")
    )


def _is_over_for_volunteer(at_work: Q, lately: QuerySet[Shift]) -> Q:
    """Return the condition that the event and its shifts are past; for an endless series, the
    volunteer's own shifts."""
    own = ShiftTurn.objects.filter(shift__in=lately).values("volunteer_id")
    still = (at_work & Q(event__lasts_until__isnull=False)) | Q(pk__in=own)
    return is_over_since(DAYS_KEPT, "event__", "written_at") & ~still
