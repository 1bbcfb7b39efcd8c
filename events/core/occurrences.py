"""From the times of an event to the moments at which it happens. Pure; rules mean what RFC 5545 says.

Clock times are those of the place: an event at 11:00 stays at 11:00 when the zone's offset changes, and
lasts as long on the clock. What the clock skips is read with the offset before (as zoneinfo's fold=0).
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule

from events.core.enums import Frequency
from events.core.facts import Local, Rule, Run, Times

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
    """One time at which an event happens, or at which its run is open.

    `original` is the date that the rule (or the event itself) gives it: what RECURRENCE-ID names. None
    for hours and for events that do not come again. `local_start` and `local_end` are naive.
    """

    starts_at: datetime.datetime  # aware, UTC
    ends_at: datetime.datetime
    local_start: datetime.datetime
    local_end: datetime.datetime
    all_day: bool
    part: Literal["event", "hours"]
    original: datetime.date | None = None


def occurrences(
    times: Times, first: datetime.datetime, last: datetime.datetime, limit: int = LIMIT
) -> list[Occurrence]:
    """What of the event lies between two aware moments, sorted: it ends after `first`, begins before `last`.

    At most `limit`, the earliest.
    """
    found = [one for one in _all(times, first, last) if _overlaps(one, first, last)]
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.part))[:limit]


def moment(local: datetime.datetime, zone: str) -> datetime.datetime:
    """The local time as an aware moment in UTC."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(datetime.UTC)


def at(local: Local) -> datetime.datetime:
    """A local time as naive datetime; a whole day begins at midnight."""
    if isinstance(local, datetime.datetime):
        return local
    return datetime.datetime.combine(local, datetime.time.min)


def dates_by_rule(
    start: datetime.datetime, rule: Rule, first: datetime.datetime, last: datetime.datetime
) -> Iterator[datetime.datetime]:
    """Local starts that the rule gives between two local times, both included, in order."""
    days = _DAYS.get(rule.frequency)
    skipped = max((first - start).days // (days * rule.interval) - 1, 0) * days * rule.interval if days else 0
    end = last if rule.until is None else min(last, datetime.datetime.combine(rule.until, datetime.time.max))
    begins = start + datetime.timedelta(days=skipped)  # in step with the rule: it need not be counted up
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
    """When it is open on a day of the run, in order; empty: closed, or not a day of the run."""
    if not run.first <= day <= run.last:
        return []
    special = [one for one in run.specials if one.first <= day <= one.last]
    if special:
        return sorted((one.opens, one.closes) for one in special if one.opens and one.closes)
    return sorted((one.opens, one.closes) for one in run.openings if day.weekday() in one.weekdays)


def _all(times: Times, first: datetime.datetime, last: datetime.datetime) -> Iterator[Occurrence]:
    if times.has_own_time:
        yield from _own(times, first, last)
    if times.run is not None:
        yield from _hours(times, times.run, first, last)


def _own(times: Times, first: datetime.datetime, last: datetime.datetime) -> Iterator[Occurrence]:
    start, length = at(times.start), at(times.end) - at(times.start)
    if times.rule is None and not times.also:
        yield _occurrence(times, start, length, None)
        return
    moved = {one.original: one.to for one in times.moved}
    taken_out = set(times.left_out) | set(moved)
    begins: Iterable[datetime.datetime] = [start]
    if times.rule is not None:
        zone = ZoneInfo(times.zone)
        from_, to = (one.astimezone(zone).replace(tzinfo=None) for one in (first, last))
        # A day more on both sides: offsets change, and what is left over is cut off by `_overlaps`.
        begins = dates_by_rule(start, times.rule, from_ - length - DAY, to + DAY)
        begins = islice(begins, LIMIT * 2)
    dates = {one.date() for one in begins} | set(times.also)
    for date in sorted(dates - taken_out):
        yield _occurrence(times, datetime.datetime.combine(date, start.time()), length, date)
    for date, to_ in moved.items():
        yield _occurrence(times, at(to_), length, date)


def _hours(times: Times, run: Run, first: datetime.datetime, last: datetime.datetime) -> Iterator[Occurrence]:
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
    times: Times,
    begins: datetime.datetime,
    length: datetime.timedelta,
    original: datetime.date | None,
    part: Literal["event", "hours"] = "event",
) -> Occurrence:
    ends = begins + length
    return Occurrence(
        starts_at=moment(begins, times.zone),
        ends_at=moment(ends, times.zone),
        local_start=begins,
        local_end=ends,
        all_day=times.all_day and part == "event",
        part=part,
        original=original,
    )


def _overlaps(one: Occurrence, first: datetime.datetime, last: datetime.datetime) -> bool:
    """A moment without length counts where it stands."""
    return one.starts_at < last and (one.ends_at > first or one.starts_at >= first)
