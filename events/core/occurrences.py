"""Expansion of an event's times to moments. Pure; rules mean what RFC 5545 says.

Times are local to the place: an event at 11:00 stays at 11:00 when the zone's offset changes, and
keeps its duration in local time. Times skipped by a clock change are read with the offset before
(as zoneinfo's fold=0).
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule

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
    """Return the occurrences between two aware moments, sorted: end after `first`, start before
    `last`.

    At most `limit`, the earliest.
    """
    found = [one for one in _all_occurrences(times, first, last) if _overlaps(one, first, last)]
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


def _all_occurrences(
    times: EventTimes, first: datetime.datetime, last: datetime.datetime
) -> Iterator[Occurrence]:
    if times.has_own_time:
        yield from _event_occurrences(times, first, last)
    if times.run is not None:
        yield from _run_occurrences(times, times.run, first, last)


def _event_occurrences(
    times: EventTimes, first: datetime.datetime, last: datetime.datetime
) -> Iterator[Occurrence]:
    start, length = (
        to_naive_datetime(times.start),
        to_naive_datetime(times.end) - to_naive_datetime(times.start),
    )
    if times.rule is None and not times.also:
        yield _occurrence(times, start, length, None)
        return
    moved = {one.original: one.to for one in times.moved}
    taken_out = set(times.left_out) | set(moved)
    begins: Iterable[datetime.datetime] = [start]
    if times.rule is not None:
        zone = ZoneInfo(times.zone)
        from_, to = (one.astimezone(zone).replace(tzinfo=None) for one in (first, last))
        # One day more on both sides, as offsets change; `_overlaps` filters the excess.
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


def _overlaps(one: Occurrence, first: datetime.datetime, last: datetime.datetime) -> bool:
    """Whether it overlaps the range. One without length is a moment."""
    return one.starts_at < last and (one.ends_at > first or one.starts_at >= first)
