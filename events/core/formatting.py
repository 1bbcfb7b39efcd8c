"""When an event is, in the words and numerals of the public pages. Pure: it asks the database nothing."""

import datetime
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coalition.accounts.regions import REGIONS
from coalition.jobs.date_formats import day_in_words, weekday_in_words, weekday_within_sentence
from events.core.enums import Frequency, Weekday
from events.core.facts import Rule, Run, Times
from events.core.models import Event
from events.core.occurrences import DAY, Occurrence, opening_times
from events.core.opening_hours_text import hours_on, offset_in_words, range_in_words

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
    """A date that stands as a figure: `number` is a day or days, `month` and `weekday` go beside it."""

    date: datetime.date
    number: str
    month: str
    weekday: str

    @property
    def several(self) -> bool:
        """Whether it is more than one day, and therefore wide."""
        return "–" in self.number

    @property
    def year(self) -> int:
        return self.date.year


def numeral(first: datetime.date, last: datetime.date | None = None) -> Numeral:
    """The figure of a day, or of days of one month ("3–5")."""
    same_month = last is not None and last > first and (last.year, last.month) == (first.year, first.month)
    number = f"{first.day}–{last.day}" if same_month and last else str(first.day)
    return Numeral(first, number, formats.date_format(first, "E"), weekday_in_words(first))


def short_day(day: datetime.date, today: datetime.date | None = None) -> str:
    """For example “3 March”, with the year if it is not that of `today`."""
    other = today is not None and day.year != today.year
    return formats.date_format(day, "DATE_FORMAT" if other else "MONTH_DAY_FORMAT")


def clock_words(one: Occurrence) -> str:
    """For example “11:00–12:00”; “11:00 – 4 March, 12:00” over midnight; "" for whole days."""
    if one.all_day:
        return ""
    begins, ends = (formats.time_format(moment, "H:i") for moment in (one.local_start, one.local_end))
    if one.local_end == one.local_start:
        return begins
    if one.local_end.date() == one.local_start.date() or one.local_end - one.local_start < DAY / 2:
        return f"{begins}–{ends}"
    return f"{begins} – {short_day(one.local_end.date())}, {ends}"


def last_day(one: Occurrence) -> datetime.date:
    """The last day on which it is: the day before the end if that is midnight."""
    ends = one.local_end
    at_midnight = ends.time() == datetime.time.min and ends > one.local_start
    return (ends - DAY).date() if at_midnight else ends.date()


def place_of_clock(event: Event, moment: datetime.datetime) -> str:
    """Whose clock it is: “Almaty (UTC+5)”. The city where the event is, else that of its zone."""
    city = REGIONS[event.region] if event.region in CITIES else ZONES.get(event.zone)
    name = str(city) if city else event.zone.rpartition("/")[2].replace("_", " ")
    return f"{name} ({offset_in_words(moment.astimezone(event.zone_info))})"


def when_words(event: Event, one: Occurrence) -> str:
    """Time and place of the clock: “11:00–12:00, Almaty (UTC+5)”; for whole days in words."""
    clock = clock_words(one)
    if not clock:
        return _("All day")
    return f"{clock}, {place_of_clock(event, one.starts_at)}"


def moved_words(event: Event, one: Occurrence) -> str:
    """For example “11:00, was 10:30”, or with both dates; "" if it was not moved."""
    told = event.first_told
    if told is None:
        return ""
    day, time = told
    before, now = _at(day, time), _at(one.local_start.date(), None if one.all_day else one.local_start.time())
    if day == one.local_start.date() and time is not None and not one.all_day:
        before, now = (formats.time_format(moment, "H:i") for moment in (time, one.local_start))
    if before == now:
        return ""
    return _("%(now)s, was %(before)s") % {"now": now, "before": before}


def rule_words(times: Times) -> str:
    """How the event comes again: “Every week on Tuesday”, “Every 2 months, until 30 June 2026”; or ""."""
    rule = times.rule
    if rule is None:
        return ""
    words = str(Frequency(rule.frequency).label) if rule.interval == 1 else _counted(rule)
    if rule.frequency == Frequency.WEEKLY:
        days = rule.weekdays or (times.start.weekday(),)
        words += ": " + ", ".join(weekday_within_sentence(str(Weekday(day).label)) for day in days)
    if rule.until is not None:
        until = formats.date_format(rule.until, "DATE_FORMAT")
        return _("%(rule)s; until %(date)s") % {"rule": words, "date": until}
    return words


def _counted(rule: Rule) -> str:
    """As in “Every 2 weeks”: a form of its own, since Russian has another one for 21 than for 1."""
    n = rule.interval
    words = {
        Frequency.DAILY: ngettext("Every %(counter)s day", "Every %(counter)s days", n),
        Frequency.WEEKLY: ngettext("Every %(counter)s week", "Every %(counter)s weeks", n),
        Frequency.MONTHLY: ngettext("Every %(counter)s month", "Every %(counter)s months", n),
        Frequency.YEARLY: ngettext("Every %(counter)s year", "Every %(counter)s years", n),
    }
    return words[rule.frequency] % {"counter": n}


def short_hours_on(run: Run, day: datetime.date) -> str:
    """For a line in a month: “11–19”."""
    spans = opening_times(run, day)
    return ", ".join(f"{_short(opens)}–{_short(closes)}" for opens, closes in spans)


def open_words(run: Run, now: datetime.datetime) -> str:
    """Whether it is open on the local day of `now`: “Open today 11:00–19:00”, or when it opens next."""
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


def _at(day: datetime.date, time: datetime.time | None) -> str:
    words = short_day(day)
    return f"{words}, {formats.time_format(time, 'H:i')}" if time is not None else words


def _short(time: datetime.time) -> str:
    return formats.time_format(time, "G:i" if time.minute else "G")


# --- formatting ---
# What is said of a conflict of dates: what is in the way, and when.


def span_in_words(first: datetime.datetime, last: datetime.datetime) -> str:
    """Two aware moments of one zone: “Tuesday 3 March 2026, 11:00–12:00”; whole days without times."""
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


# --- presenters ---
# What the members' calendar shows between two days: one list of things that happen, already in words.
#
# Month, week and agenda are drawn from it. Times are those of the site's zone; an event elsewhere says its
# own as well. The number of queries does not follow the number of events.


def with_region(place: str, region: str) -> str:
    """The place and its region, unless the place says it already."""
    name = str(REGIONS.get(region, ""))
    return place if name in place else ", ".join(filter(None, [place, name]))


# --- presenters ---
# Journalists as the desk reads them: words, shapes and what can be done.


def moment_words(event: Event, moment: datetime.datetime) -> str:
    """A moment on the wall of the event's place."""
    local = moment.astimezone(event.zone_info)
    words = {"day": day_in_words(local.date()), "time": formats.time_format(local, "H:i")}
    return _("%(day)s, %(time)s") % words
