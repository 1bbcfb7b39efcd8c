"""Slots of a day: opening hours divided into visits. No database access."""

import datetime

from events.core.facts import Run
from events.core.occurrences import opening_times


def slots_of(run: Run, day: datetime.date, minutes: int) -> list[datetime.time]:
    """Return the start times of visits of `minutes` on a day; empty if closed. Each visit ends
    before closing time."""
    found, length = [], datetime.timedelta(minutes=minutes)
    for opens, closes in opening_times(run, day):
        begins, end = (datetime.datetime.combine(day, one) for one in (opens, closes))
        while begins + length <= end:
            found.append(begins.time())
            begins += length
    return found
