"""Dates and times with the place, as people read them."""

import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _


def with_place(moment: datetime.datetime) -> str:
    """For example “Tuesday 3 March 2026, 11:00, Almaty (UTC+5)”: the coalition's own time zone."""
    local = timezone.localtime(moment)
    offset = local.utcoffset() or datetime.timedelta()
    hours = int(offset.total_seconds() // 3600)
    return _("%(date)s, %(time)s, Almaty (UTC%(offset)s)") % {
        "date": formats.date_format(local, "l j E Y"),
        "time": formats.time_format(local, "H:i"),
        "offset": f"{hours:+d}",
    }
