"""Occurrences of an event in time, and Kazakhstan's public holidays.

Times are local to the place: an event at 11:00 stays at 11:00 when the zone's offset changes, and
keeps its duration in local time. Times skipped by a clock change are read with the offset before
(as zoneinfo's fold=0).

The dates are those of the package `holidays`. It has no Russian names and marks moved days in the
name itself, so the names here are our own, looked up by its English ones; an unknown name is
displayed as it is. Holidays are the same in all regions.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from events.core.enums import Frequency
from events.core.facts import EventTimes, LocalTime, RecurrenceRule, Run

LIMIT = 2000
_FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3]] = {
    Frequency.DAILY: DAILY,
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
    Frequency.YEARLY: YEARLY,
}
_DAYS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Occurrence:
    """One time of an event, or of the opening hours of its run.

    `original` is the date by the rule (or by the event itself), as in RECURRENCE-ID. None for hours
    and for events that do not recur. `local_start` and `local_end` are naive.
    """

    starts_at: datetime.datetime  # aware, UTC
    ends_at: datetime.datetime
    local_start: datetime.datetime
    local_end: datetime.datetime
    all_day: bool
    part: Literal["event", "hours"]
    original: datetime.date | None = None


def occurrences(
    times: EventTimes, first: datetime.datetime, last: datetime.datetime, limit: int = LIMIT
) -> list[Occurrence]:
    """Return the occurrences between two aware moments, sorted: end after `first`, start before `last`.

    At most `limit`, the earliest.
    """
    own = _event_occurrences(times, first, last) if times.has_own_time else ()
    hours = _run_occurrences(times, times.run, first, last) if times.run is not None else ()
    # One without length is a moment.
    found = [
        one
        for one in chain(own, hours)
        if one.starts_at < last and (one.ends_at > first or one.starts_at >= first)
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.part))[:limit]


def to_utc(local: datetime.datetime, zone: str) -> datetime.datetime:
    """Convert the local time to an aware moment in UTC."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(datetime.UTC)


def to_naive_datetime(local: LocalTime) -> datetime.datetime:
    """Convert a local time to a naive datetime; a whole day begins at midnight."""
    if isinstance(local, datetime.datetime):
        return local
    return datetime.datetime.combine(local, datetime.time.min)


def dates_by_rule(
    start: datetime.datetime, rule: RecurrenceRule, first: datetime.datetime, last: datetime.datetime
) -> Iterator[datetime.datetime]:
    """Yield the rule's local starts between two local times, both included, in order."""
    days = _DAYS.get(rule.frequency)
    skipped = max((first - start).days // (days * rule.interval) - 1, 0) * days * rule.interval if days else 0
    end = last if rule.until is None else min(last, datetime.datetime.combine(rule.until, datetime.time.max))
    begins = start + datetime.timedelta(days=skipped)  # aligned with the rule: no iteration from the start
    weekdays = list(rule.weekdays) if rule.frequency == Frequency.WEEKLY and rule.weekdays else None
    found = rrule(
        _FREQUENCIES[rule.frequency],
        dtstart=begins,
        interval=rule.interval,
        until=end,
        byweekday=weekdays,
    )
    return (one for one in found if one >= first)


def opening_times(run: Run, day: datetime.date) -> list[tuple[datetime.time, datetime.time]]:
    """Return the opening hours on a day, in order; empty: closed, or not a day of the run."""
    if not run.first <= day <= run.last:
        return []
    special = [one for one in run.specials if one.first <= day <= one.last]
    if special:
        return sorted((one.opens, one.closes) for one in special if one.opens and one.closes)
    return sorted((one.opens, one.closes) for one in run.openings if day.weekday() in one.weekdays)


def _event_occurrences(
    times: EventTimes, first: datetime.datetime, last: datetime.datetime
) -> Iterator[Occurrence]:
    start = to_naive_datetime(times.start)
    length = to_naive_datetime(times.end) - start
    if times.rule is None and not times.also:
        yield _occurrence(times, start, length, None)
        return
    moved = {one.original: one.to for one in times.moved}
    taken_out = set(times.left_out) | set(moved)
    begins: Iterable[datetime.datetime] = [start]
    if times.rule is not None:
        zone = ZoneInfo(times.zone)
        from_, to = (one.astimezone(zone).replace(tzinfo=None) for one in (first, last))
        # One day more on both sides, as offsets change; the excess is filtered.
        begins = dates_by_rule(start, times.rule, from_ - length - DAY, to + DAY)
        begins = islice(begins, LIMIT * 2)
    dates = {one.date() for one in begins} | set(times.also)
    for date in sorted(dates - taken_out):
        yield _occurrence(times, datetime.datetime.combine(date, start.time()), length, date)
    for date, to_ in moved.items():
        yield _occurrence(times, to_naive_datetime(to_), length, date)


def _run_occurrences(
    times: EventTimes, run: Run, first: datetime.datetime, last: datetime.datetime
) -> Iterator[Occurrence]:
    zone = ZoneInfo(times.zone)
    day = max(run.first, first.astimezone(zone).date() - DAY)
    end = min(run.last, last.astimezone(zone).date() + DAY)
    while day <= end:
        for opens, closes in opening_times(run, day):
            begins = datetime.datetime.combine(day, opens)
            length = datetime.datetime.combine(day, closes) - begins
            yield _occurrence(times, begins, length, None, part="hours")
        day += DAY


def _occurrence(
    times: EventTimes,
    begins: datetime.datetime,
    length: datetime.timedelta,
    original: datetime.date | None,
    part: Literal["event", "hours"] = "event",
) -> Occurrence:
    ends = begins + length
    return Occurrence(
        starts_at=to_utc(begins, times.zone),
        ends_at=to_utc(ends, times.zone),
        local_start=begins,
        local_end=ends,
        all_day=times.all_day and part == "event",
        part=part,
        original=original,
    )


NAMES: dict[str, Promise] = {
    "New Year's Day": gettext_lazy("New Year"),
    "Orthodox Christmas": gettext_lazy("Orthodox Christmas"),
    "International Women's Day": gettext_lazy("Women’s Day"),
    "Nowruz Holiday": gettext_lazy("Nauryz"),
    "Kazakhstan's People Solidarity Holiday": gettext_lazy("Unity Day"),
    "Defender of the Fatherland Day": gettext_lazy("Defenders’ Day"),
    "Victory Day": gettext_lazy("Victory Day"),
    "Eid al-Adha": gettext_lazy("Qurban Ait"),
    "Capital Day": gettext_lazy("Capital Day"),
    "Constitution Day": gettext_lazy("Constitution Day"),
    "Republic Day": gettext_lazy("Republic Day"),
    "Independence Day": gettext_lazy("Independence Day"),
    "First President Day": gettext_lazy("First President’s Day"),
}
_MARKED = re.compile(r"^(?P<name>.+?) \((?P<mark>observed|estimated|observed, estimated)\)$")
EXCHANGED = re.compile(r"^Day off \(substituted from (?P<month>\d\d)/(?P<day>\d\d)/(?P<year>\d{4})\)$")


@dataclass(frozen=True)
class Holiday:
    """A day off work. `instead`: the substitute day off for a holiday at a weekend.

    `estimated`: the date follows the moon and is announced later. `source` is the package's English name.
    """

    date: datetime.date
    source: str
    instead: bool = False
    estimated: bool = False

    @property
    def name(self) -> str:
        """Return the name in the active language, short enough for a day of the month."""
        if EXCHANGED.match(self.source):
            return _("Day off")
        name = str(NAMES.get(self.source, self.source))
        if self.instead:
            return _("Day off: %(holiday)s") % {"holiday": name}
        return _("%(holiday)s (expected)") % {"holiday": name} if self.estimated else name


def holidays_between(first: datetime.date, last: datetime.date) -> list[Holiday]:
    """Return public holidays between two days, both included, in order; at most one per day."""
    years = range(first.year, last.year + 1)
    return [one for year in years for one in _of_year(year) if first <= one.date <= last]


def holiday_on(day: datetime.date) -> Holiday | None:
    """Return the public holiday on the day, if any."""
    return next((one for one in _of_year(day.year) if one.date == day), None)


@lru_cache(maxsize=32)
def _of_year(year: int) -> tuple[Holiday, ...]:
    import holidays  # the days of every country: slow to import, and needed once a year

    read = []
    for date, names in sorted(holidays.country_holidays("KZ", years=year, language="en_US").items()):
        name = names.split("; ", maxsplit=1)[0]  # of two on one day, the first
        marked = _MARKED.match(name)
        mark = marked["mark"] if marked else ""
        name = marked["name"] if marked else name
        read.append(Holiday(date, name, instead="observed" in mark, estimated="estimated" in mark))
    return tuple(read)
