"""Opening hours and ranges of dates in words of the active language."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from coalition.jobs.date_formats import day_in_words, weekday_within_sentence
from events.core.enums import Weekday
from events.core.facts import Run, Special
from events.core.occurrences import opening_times


class Line(NamedTuple):
    """Days and their hours in words: “Tuesday–Sunday”, “11:00–19:00” (or “closed”)."""

    days: str
    hours: str

    @property
    def closed(self) -> bool:
        return self.hours == _("closed")


def week_of(run: Run) -> list[Line]:
    """The hours of a usual week from Monday on; neighbouring days with the same hours are one line."""
    week = [(day, _hours_on(run, day)) for day in Weekday]
    lines = []
    for hours, group in groupby(week, key=lambda one: one[1]):
        days = [day for day, _hours in group]
        lines.append(Line(_days(days[0], days[-1]), hours_in_words(hours)))
    return lines


def specials_of(run: Run) -> list[Line]:
    """The days that differ, in order: “21–23 March 2026”, “closed: Nauryz”."""
    lines = []
    for (first, last, why), group in groupby(_ordered(run), key=lambda one: (one.first, one.last, one.why)):
        hours = hours_in_words([(one.opens, one.closes) for one in group if one.opens and one.closes])
        words = _("%(hours)s: %(why)s") % {"hours": hours, "why": why} if why else hours
        lines.append(Line(range_in_words(first, last), words))
    return lines


def run_in_words(run: Run) -> str:
    """“8 March – 30 April 2026”."""
    return range_in_words(run.first, run.last)


def hours_in_words(hours: list[tuple[datetime.time, datetime.time]]) -> str:
    """“11:00–19:00”, with a break “11:00–13:00, 14:00–19:00”, without hours “closed”."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours) or _("closed")


def hours_on(run: Run, day: datetime.date) -> str:
    """The hours of one day of the run in words, special days included."""
    return hours_in_words(opening_times(run, day))


def range_in_words(first: datetime.date, last: datetime.date) -> str:
    """Two dates in words, both included, without saying month and year twice."""
    whole = formats.date_format(last, "DATE_FORMAT")
    if first == last:
        return whole
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{whole}"
    form = "MONTH_DAY_FORMAT" if first.year == last.year else "DATE_FORMAT"
    return f"{formats.date_format(first, form)} – {whole}"


def moment_in_words(moment: datetime.datetime) -> str:
    """An aware local moment with its offset: “Tuesday 3 March 2026, 11:00 (UTC+5)”. The place is said
    beside it: zones are named after cities that may lie elsewhere."""
    return _("%(date)s, %(time)s (%(offset)s)") % {
        "date": day_in_words(moment),
        "time": _clock(moment.time()),
        "offset": offset_in_words(moment),
    }


def offset_in_words(moment: datetime.datetime) -> str:
    """“UTC+5”, “UTC-3:30”; “UTC” for none."""
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    minutes = int((aware.utcoffset() or datetime.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" + (f"{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "")


def _hours_on(run: Run, day: Weekday) -> list[tuple[datetime.time, datetime.time]]:
    return sorted((one.opens, one.closes) for one in run.openings if day in one.weekdays)


def _ordered(run: Run) -> Iterator[Special]:
    yield from sorted(run.specials, key=lambda one: (one.first, one.last, one.opens or datetime.time.min))


def _days(first: Weekday, last: Weekday) -> str:
    """The days as the beginning of a line. In Kazakh and Russian they are no names: what follows is small."""
    begin, end = (str(one.label) for one in (first, last))
    begin = begin[:1].upper() + begin[1:]
    if first == last:
        return begin
    end = weekday_within_sentence(end)
    if last == first + 1:
        return _("%(first)s and %(last)s") % {"first": begin, "last": end}
    return f"{begin}–{end}"


def _clock(time: datetime.time) -> str:
    return formats.time_format(time, "H:i")
