"""Dates and times formatted for people, with weekdays in the right case.

Django capitalises weekdays in nearly every language. In Kazakh and Russian they are lower case
within a sentence, as returned here; where a line begins with one, the template uses `capfirst`.
"""

import datetime

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext as _


def weekday_within_sentence(words: str) -> str:
    """Return words that begin with a weekday, in the case for within a sentence (active language)."""
    if (get_language() or "en").startswith("en"):
        return words
    return words[:1].lower() + words[1:]


def weekday_in_words(day: datetime.date) -> str:
    """Return “Tuesday”, “вторник”."""
    return weekday_within_sentence(formats.date_format(day, "l"))


def day_in_words(day: datetime.date, *, with_year: bool = True) -> str:
    """Return “Tuesday 3 March 2026”, “вторник 3 марта 2026”."""
    return weekday_within_sentence(formats.date_format(day, "l j E Y" if with_year else "l j E"))


def moment_with_time_zone(moment: datetime.datetime) -> str:
    """Return “Tuesday 3 March 2026, 11:00, Almaty (UTC+5)”: the coalition's own time zone."""
    local = timezone.localtime(moment)
    offset = local.utcoffset() or datetime.timedelta()
    hours = int(offset.total_seconds() // 3600)
    return _("%(date)s, %(time)s, Almaty (UTC%(offset)s)") % {
        "date": day_in_words(local),
        "time": formats.time_format(local, "H:i"),
        "offset": f"{hours:+d}",
    }
