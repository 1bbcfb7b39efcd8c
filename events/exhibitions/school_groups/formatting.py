"""A group's visit in words."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.jobs.date_formats import day_in_words
from events.core.models import Event
from events.core.opening_hours_text import offset_in_words
from events.exhibitions.school_groups.models import SchoolGroup


def visit_words(group: SchoolGroup, event: Event, language: str) -> str:
    """“Thursday 12 March 2026, 11:00–11:45 (UTC+5)”."""
    zone = event.zone_info
    with override(language):
        ends = formats.time_format(group.ends_at.astimezone(zone), "H:i")
        return _("%(date)s, %(time)s (%(offset)s)") % {
            "date": day_in_words(group.on),
            "time": f"{formats.time_format(group.begins, 'H:i')}–{ends}",
            "offset": offset_in_words(group.starts_at.astimezone(zone)),
        }
