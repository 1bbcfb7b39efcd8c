"""Dates and times as people read them: the only place where a day of the week is put into words.

Django gives weekdays with a capital letter in nearly every language. In Kazakh and Russian they are no names:
within a sentence they are written small. What is given here is for within a sentence; where a line begins
with it, the template says `capfirst`.
"""

import datetime

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def weekday_within_sentence(words: str) -> str:
    """Words that begin with a day of the week, as they stand within a sentence of the active language."""
    if (get_language() or "en").startswith("en"):
        return words
    return words[:1].lower() + words[1:]


def weekday_in_words(day: datetime.date) -> str:
    """“Tuesday”, “вторник”."""
    return weekday_within_sentence(formats.date_format(day, "l"))


def day_in_words(day: datetime.date, *, with_year: bool = True) -> str:
    """“Tuesday 3 March 2026”, “вторник 3 марта 2026”."""
    return weekday_within_sentence(formats.date_format(day, "l j E Y" if with_year else "l j E"))


def moment_with_time_zone(moment: datetime.datetime) -> str:
    """“Tuesday 3 March 2026, 11:00, Almaty (UTC+5)”: the coalition's own time zone."""
    local = timezone.localtime(moment)
    offset = local.utcoffset() or datetime.timedelta()
    hours = int(offset.total_seconds() // 3600)
    return _("%(date)s, %(time)s, Almaty (UTC%(offset)s)") % {
        "date": day_in_words(local),
        "time": formats.time_format(local, "H:i"),
        "offset": f"{hours:+d}",
    }
