"""Formatting of a group's visit."""

import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.jobs.date_formats import day_in_words
from events.core.facts import Run
from events.core.models import Event
from events.core.occurrences import opening_times
from events.core.opening_hours_text import offset_in_words
from events.exhibitions.school_groups.models import SchoolGroup


def visit_words(group: SchoolGroup, event: Event, language: str) -> str:
    """Return “Thursday 12 March 2026, 11:00–11:45 (UTC+5)”."""
    zone = event.zone_info
    with override(language):
        ends = formats.time_format(group.ends_at.astimezone(zone), "H:i")
        return _("%(date)s, %(time)s (%(offset)s)") % {
            "date": day_in_words(group.on),
            "time": f"{formats.time_format(group.begins, 'H:i')}–{ends}",
            "offset": offset_in_words(group.starts_at.astimezone(zone)),
        }


# --- slots ---
# Slots of a day: opening hours divided into visits. No database access.


def slots_of(run: Run, day: datetime.date, minutes: int) -> list[datetime.time]:
    """Return the start times of visits of `minutes` on a day; empty if closed. Each visit ends
    before closing time."""
    found, length = [], datetime.timedelta(minutes=minutes)
    for opens, closes in opening_times(run, day):
        begins, end = (datetime.datetime.combine(day, one) for one in (opens, closes))
        while begins + length <= end:
            found.append(begins.time())
            begins += length
    return found
