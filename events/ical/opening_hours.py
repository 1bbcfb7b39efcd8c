"""Opening hours of a run as few repeating blocks: weekly hours, and special days."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from events.core.enums import Frequency
from events.core.facts import EventTimes, Run, SpecialHours

_DAY = datetime.timedelta(days=1)

type HoursInterval = tuple[datetime.time, datetime.time]


@dataclass(frozen=True)
class HoursBlock:
    """A block of hours on one day (`until` is None) or on all days of the rule except those left out.

    `key` identifies it in the run: weekly hours are numbered from the earliest, so that a single
    block keeps its key when its hours change; special days have their date and time.
    """

    key: str
    start: datetime.datetime
    end: datetime.datetime
    frequency: Frequency = Frequency.WEEKLY
    weekdays: tuple[int, ...] = ()
    until: datetime.date | None = None
    left_out: tuple[datetime.date, ...] = ()


def hours_blocks(times: EventTimes) -> list[HoursBlock]:
    """Return the blocks of the run, weekly ones first. Empty without a run.

    A date covered by special days has only their hours: each opening on it, none if it is only
    closed.
    """
    if times.run is None:
        return []
    return [*_weekly(times.run), *_special(times.run)]


def _weekly(run: Run) -> Iterator[HoursBlock]:
    differing = _special_dates(run)
    by_hours: dict[HoursInterval, set[int]] = defaultdict(set)
    for opening in run.openings:
        by_hours[opening.opens, opening.closes].update(opening.weekdays)
    for number, (hours, weekdays) in enumerate(sorted(by_hours.items()), start=1):
        dates = [date for date in _dates(run.first, run.last) if date.weekday() in weekdays]
        open_on = [date for date in dates if date not in differing]
        if not open_on:
            continue
        first, last = open_on[0], open_on[-1]
        yield HoursBlock(
            key=str(number),
            start=datetime.datetime.combine(first, hours[0]),
            end=datetime.datetime.combine(first, hours[1]),
            weekdays=tuple(sorted({date.weekday() for date in dates if first <= date <= last})),
            until=last if first != last else None,
            left_out=tuple(date for date in dates if date in differing and first < date < last),
        )


def _special(run: Run) -> Iterator[HoursBlock]:
    keys: Counter[str] = Counter()
    for special in run.specials:
        if special.opens is None or special.closes is None:
            continue
        first, last = max(special.first, run.first), min(special.last, run.last)
        if first > last:
            continue
        key = f"{special.first:%Y%m%d}T{special.opens:%H%M}"
        keys[key] += 1
        yield HoursBlock(
            key=key if keys[key] == 1 else f"{key}-{keys[key]}",
            start=datetime.datetime.combine(first, special.opens),
            end=datetime.datetime.combine(first, special.closes),
            frequency=Frequency.DAILY,
            until=last if first != last else None,
        )


def _special_dates(run: Run) -> set[datetime.date]:
    return {date for special in run.specials for date in _dates_of(special, run)}


def _dates_of(special: SpecialHours, run: Run) -> Iterator[datetime.date]:
    return _dates(max(special.first, run.first), min(special.last, run.last))


def _dates(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for days in range((last - first).days + 1):
        yield first + days * _DAY
