"""The slots of a day in which groups can come: opening hours cut into visits. No database."""

import datetime

from events.core.facts import Run
from events.core.occurrences import opening_times


def slots_of(run: Run, day: datetime.date, minutes: int) -> list[datetime.time]:
    """When visits of so many minutes begin on a day; none if it is closed. Each ends before it closes."""
    found, length = [], datetime.timedelta(minutes=minutes)
    for opens, closes in opening_times(run, day):
        begins, end = (datetime.datetime.combine(day, one) for one in (opens, closes))
        while begins + length <= end:
            found.append(begins.time())
            begins += length
    return found
