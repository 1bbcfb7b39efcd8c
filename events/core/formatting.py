"""Formatting of dates, places and opening hours."""

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from coalition.accounts.models import REGIONS
from coalition.jobs.date_formats import day_in_words, weekday_in_words, weekday_within_sentence
from events.core.enums import Frequency, Weekday
from events.core.facts import EventTimes, Run
from events.core.models import Event
from events.core.occurrences import DAY, Occurrence, opening_times


class HoursLine(NamedTuple):
    """Formatted days and hours: “Tuesday–Sunday”, “11:00–19:00” (or “closed”)."""

    days: str
    hours: str

    @property
    def closed(self) -> bool:
        return self.hours == _("closed")


def week_of(run: Run) -> list[HoursLine]:
    """Return the hours of a usual week from Monday on; neighbouring days with the same hours are one line."""
    week = [
        (day, sorted((one.opens, one.closes) for one in run.openings if day in one.weekdays))
        for day in Weekday
    ]
    lines = []
    for hours, group in groupby(week, key=lambda one: one[1]):
        days = [day for day, _hours in group]
        lines.append(HoursLine(_days(days[0], days[-1]), hours_in_words(hours)))
    return lines


def specials_of(run: Run) -> list[HoursLine]:
    """Return the special days, in order: “21–23 March 2026”, “closed: Nauryz”."""
    lines = []
    ordered = sorted(run.specials, key=lambda one: (one.first, one.last, one.opens or datetime.time.min))
    for (first, last, why), group in groupby(ordered, key=lambda one: (one.first, one.last, one.why)):
        hours = hours_in_words([(one.opens, one.closes) for one in group if one.opens and one.closes])
        words = _("%(hours)s: %(why)s") % {"hours": hours, "why": why} if why else hours
        lines.append(HoursLine(range_in_words(first, last), words))
    return lines


def hours_in_words(hours: list[tuple[datetime.time, datetime.time]]) -> str:
    """Format hours: “11:00–19:00”; with a break “11:00–13:00, 14:00–19:00”; without hours “closed”."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours) or _("closed")


def hours_on(run: Run, day: datetime.date) -> str:
    """Format the hours of one day of the run, special days included."""
    return hours_in_words(opening_times(run, day))


def range_in_words(first: datetime.date, last: datetime.date) -> str:
    """Format two dates, both included, without repeating month and year."""
    whole = formats.date_format(last, "DATE_FORMAT")
    if first == last:
        return whole
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{whole}"
    form = "MONTH_DAY_FORMAT" if first.year == last.year else "DATE_FORMAT"
    return f"{formats.date_format(first, form)} – {whole}"


def moment_in_words(moment: datetime.datetime) -> str:
    """Format an aware local moment with its offset: “Tuesday 3 March 2026, 11:00 (UTC+5)”. The place
    is displayed beside it: zones are named after cities that may be elsewhere."""
    return _("%(date)s, %(time)s (%(offset)s)") % {
        "date": day_in_words(moment),
        "time": _clock(moment.time()),
        "offset": offset_in_words(moment),
    }


def offset_in_words(moment: datetime.datetime) -> str:
    """Format the offset: “UTC+5”, “UTC-3:30”; “UTC” for none."""
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    minutes = int((aware.utcoffset() or datetime.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" + (f"{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "")


def _days(first: Weekday, last: Weekday) -> str:
    """Format the days at the beginning of a line: capitalised, as weekdays are common nouns in Kazakh
    and Russian."""
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


CITIES = ("KZ-71", "KZ-75", "KZ-79")
ZONES = {
    "Asia/Almaty": gettext_lazy("Almaty"),
    "Asia/Aqtau": gettext_lazy("Aqtau"),
    "Asia/Aqtobe": gettext_lazy("Aqtobe"),
    "Asia/Atyrau": gettext_lazy("Atyrau"),
    "Asia/Oral": gettext_lazy("Oral"),
    "Asia/Qostanay": gettext_lazy("Qostanay"),
    "Asia/Qyzylorda": gettext_lazy("Qyzylorda"),
}


@dataclass(frozen=True)
class Numeral:
    """A date displayed as a figure: `number` is a day or days, next to `month` and `weekday`."""

    date: datetime.date
    number: str
    month: str
    weekday: str

    @property
    def several(self) -> bool:
        """Whether it covers more than one day, and therefore is wide."""
        return "–" in self.number

    @property
    def year(self) -> int:
        return self.date.year


def numeral(first: datetime.date, last: datetime.date | None = None) -> Numeral:
    """Return the figure of a day, or of days of one month ("3–5")."""
    same_month = last is not None and last > first and (last.year, last.month) == (first.year, first.month)
    number = f"{first.day}–{last.day}" if same_month and last else str(first.day)
    return Numeral(first, number, formats.date_format(first, "E"), weekday_in_words(first))


def short_day(day: datetime.date) -> str:
    """Format a day: “3 March”."""
    return formats.date_format(day, "MONTH_DAY_FORMAT")


def clock_words(one: Occurrence) -> str:
    """Format times: “11:00–12:00”; “11:00 – 4 March, 12:00” over midnight; "" for whole days."""
    if one.all_day:
        return ""
    begins, ends = (formats.time_format(moment, "H:i") for moment in (one.local_start, one.local_end))
    if one.local_end == one.local_start:
        return begins
    if one.local_end.date() == one.local_start.date() or one.local_end - one.local_start < DAY / 2:
        return f"{begins}–{ends}"
    return f"{begins} – {short_day(one.local_end.date())}, {ends}"


def last_day(one: Occurrence) -> datetime.date:
    """Return the last day of an occurrence: the day before the end if that is midnight."""
    ends = one.local_end
    at_midnight = ends.time() == datetime.time.min and ends > one.local_start
    return (ends - DAY).date() if at_midnight else ends.date()


def place_of_clock(event: Event, moment: datetime.datetime) -> str:
    """Format the zone: “Almaty (UTC+5)”. The event's city, else that of its zone."""
    city = REGIONS[event.region] if event.region in CITIES else ZONES.get(event.zone)
    name = str(city) if city else event.zone.rpartition("/")[2].replace("_", " ")
    return f"{name} ({offset_in_words(moment.astimezone(event.zone_info))})"


def when_words(event: Event, one: Occurrence) -> str:
    """Format time and zone: “11:00–12:00, Almaty (UTC+5)”; whole days as text."""
    clock = clock_words(one)
    if not clock:
        return _("All day")
    return f"{clock}, {place_of_clock(event, one.starts_at)}"


def moved_words(event: Event, one: Occurrence) -> str:
    """Format a move: “11:00, was 10:30”, or with both dates; "" if it was not moved."""
    told = event.first_told
    if told is None:
        return ""
    (day, time), on = told, one.local_start.date()
    begins = None if one.all_day else one.local_start.time()
    before, now = day_and_time(day, time), day_and_time(on, begins)
    if day == on and time is not None and begins is not None:
        before, now = (formats.time_format(moment, "H:i") for moment in (time, begins))
    if before == now:
        return ""
    return _("%(now)s, was %(before)s") % {"now": now, "before": before}


def rule_words(times: EventTimes) -> str:
    """Format recurrence: “Every week on Tuesday”, “Every 2 months, until 30 June 2026”; or ""."""
    rule = times.rule
    if rule is None:
        return ""
    words, n = str(Frequency(rule.frequency).label), rule.interval
    if n > 1:  # a plural form of its own, since Russian differs for 21 and 1
        several = {
            Frequency.DAILY: ngettext("Every %(counter)s day", "Every %(counter)s days", n),
            Frequency.WEEKLY: ngettext("Every %(counter)s week", "Every %(counter)s weeks", n),
            Frequency.MONTHLY: ngettext("Every %(counter)s month", "Every %(counter)s months", n),
            Frequency.YEARLY: ngettext("Every %(counter)s year", "Every %(counter)s years", n),
        }
        words = several[rule.frequency] % {"counter": n}
    if rule.frequency == Frequency.WEEKLY:
        days = rule.weekdays or (times.start.weekday(),)
        words += ": " + ", ".join(weekday_within_sentence(str(Weekday(day).label)) for day in days)
    if rule.until is not None:
        until = formats.date_format(rule.until, "DATE_FORMAT")
        return _("%(rule)s; until %(date)s") % {"rule": words, "date": until}
    return words


def short_hours_on(run: Run, day: datetime.date) -> str:
    """Format hours for a line in a month: “11–19”."""
    spans = [
        [formats.time_format(time, "G:i" if time.minute else "G") for time in span]
        for span in opening_times(run, day)
    ]
    return ", ".join("–".join(span) for span in spans)


def open_words(run: Run, now: datetime.datetime) -> str:
    """Say whether it is open on the local day of `now`: “Open today 11:00–19:00”, or when it opens next."""
    today = now.date()
    if opening_times(run, today):
        return _("Open today %(hours)s") % {"hours": hours_on(run, today)}
    day = today + DAY
    while day <= run.last and not opening_times(run, day):
        day += DAY
    if day > run.last:
        return _("Closed today")
    opens = f"{weekday_in_words(day)}, {short_day(day)}, {hours_on(run, day)}"
    return _("Closed today; open again %(when)s") % {"when": opens}


def day_and_time(day: datetime.date, time: datetime.time | None) -> str:
    """Format “3 March, 11:00”; the day alone without a time."""
    words = short_day(day)
    return f"{words}, {formats.time_format(time, 'H:i')}" if time is not None else words


def span_in_words(first: datetime.datetime, last: datetime.datetime) -> str:
    """Format two aware moments of one zone: “Tuesday 3 March 2026, 11:00–12:00”; whole days without times."""
    midnight = datetime.time.min
    if first.time() == last.time() == midnight and last > first:
        final = last.date() - datetime.timedelta(days=1)
        return day_in_words(first.date()) if final == first.date() else range_in_words(first.date(), final)
    begins = _day_and_time(first)
    if first == last:
        return begins
    if first.date() == last.date():
        return f"{begins}–{formats.time_format(last.time(), 'H:i')}"
    return f"{begins} – {_day_and_time(last)}"


def _day_and_time(moment: datetime.datetime) -> str:
    return f"{day_in_words(moment.date())}, {formats.time_format(moment.time(), 'H:i')}"


def with_region(place: str, region: str) -> str:
    """Return the place and its region, unless the place contains it already."""
    name = str(REGIONS.get(region, ""))
    return place if name in place else ", ".join(filter(None, [place, name]))


def moment_words(event: Event, moment: datetime.datetime) -> str:
    """Format a moment in the local time of the event's place."""
    local = moment.astimezone(event.zone_info)
    words = {"day": day_in_words(local.date()), "time": formats.time_format(local, "H:i")}
    return _("%(day)s, %(time)s") % words
