"""What shifts would be made, before they are."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.utils import formats
from django.utils.translation import get_language

from coalition.jobs.moments import day_in_words
from events.core.actions.times import times_of
from events.core.models.event import Event
from events.core.occurrences import opening_times
from events.core.opening_hours_text import hours_in_words
from events.volunteers.actions.shifts import Work


@dataclass(frozen=True)
class PreviewDay:
    """`open`: the opening hours of the day; `shifts`: the hours of what would be made."""

    day: str
    open: str
    shifts: str


@dataclass(frozen=True)
class Preview:
    """`count` shifts, which need `people` places filled."""

    days: list[PreviewDay]
    count: int
    people: int


def preview_of(event: Event, works: list[Work]) -> Preview:
    """The days with their shifts in the active language."""
    run, days = times_of(event, get_language() or "").run, []
    for on, group in groupby(works, key=lambda one: one.on):
        hours = [f"{_clock(one.begins)}–{_clock(one.ends)}" for one in group]
        opened = hours_in_words(opening_times(run, on)) if run is not None else ""
        days.append(PreviewDay(day_in_words(on), opened, ", ".join(hours)))
    return Preview(days, len(works), sum(one.needed for one in works))


def _clock(time: datetime.time) -> str:
    return formats.time_format(time, "H:i")
