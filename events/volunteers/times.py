"""From the hours of a shift on the wall to moments."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.core.models.event import Event
from events.core.occurrences import DAY, moment
from events.volunteers.models import Shift


def settle(shift: Shift, event: Event) -> None:
    """Derive `starts_at` and `ends_at` from day and hours in the event's zone. Saves nothing.

    What ends before it begins ends on the next day. Raises Refused where the clock skips the shift.
    """
    last = shift.on if shift.ends > shift.begins else shift.on + DAY
    shift.starts_at = moment(datetime.datetime.combine(shift.on, shift.begins), event.zone)
    shift.ends_at = moment(datetime.datetime.combine(last, shift.ends), event.zone)
    if shift.ends_at <= shift.starts_at:
        raise Refused(_("On this day the clock skips these hours: choose others."))


def anchor_of(event: Event) -> datetime.date:
    """The day to which shifts hold: the first of the run, or the event's own."""
    return event.run_from or event.starts_on
