"""Notice at the head of a PDF that the event was cancelled or moved."""

import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from events.core.enums import EventState
from events.core.models import Event


def change_notice(event: Event) -> str:
    """Return “Cancelled”, or the old and the new time, in the active language; empty if unchanged.

    An event moved more than once is compared with the first announcement, as on its page.
    """
    if event.state == EventState.CANCELLED:
        return _("Cancelled")
    if event.state != EventState.MOVED:
        return ""
    if event.first_told is None:
        return _("Moved to another place")
    before, now = _moment(*event.first_told), _moment(event.starts_on, event.starts_at_time)
    if before == now:
        return ""
    return _("Moved: was %(before)s, now %(now)s") % {"before": before, "now": now}


def _moment(day: datetime.date, time: datetime.time | None) -> str:
    words = formats.date_format(day, "MONTH_DAY_FORMAT")
    return f"{words}, {formats.time_format(time, 'H:i')}" if time is not None else words
