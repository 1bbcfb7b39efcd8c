"""Shifts made from the opening hours of a run: the days on which it is open, closed days left out."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core.actions.times import times_of
from events.core.models.event import Event
from events.core.occurrences import DAY, opening_times
from events.volunteers.actions.shifts import Work, add_shifts, held_for_planning
from events.volunteers.models import Shift

MOST_AT_ONCE = 400


@dataclass(frozen=True)
class Pattern:
    """How opening hours become shifts: each opening in `parts` of the same length, which begins `early` and
    ends `late` minutes beside it; only on these weekdays (of Weekday), from one day to another."""

    title: Mapping[str, str]
    needed: int
    first: datetime.date
    last: datetime.date
    weekdays: tuple[int, ...]
    parts: int = 1
    early: int = 0
    late: int = 0
    place: Mapping[str, str] = field(default_factory=dict)


def works_from_hours(event: Event, pattern: Pattern) -> list[Work]:
    """The shifts that the pattern gives, in order; those that are in the plan already, or have begun, are
    left out. Changes nothing. Raises Refused if the event is not open over days, or if it gives too many."""
    run = times_of(event).run
    if run is None or (not run.openings and not run.specials):
        raise Refused(_("Set the opening hours first: shifts are made from them."))
    rows = Shift.objects.filter(event=event, removed_at=None).values_list("on", "begins", "ends", "title")
    there = {(on, begins, ends, _mark(title)) for on, begins, ends, title in rows}
    local = now().astimezone(event.zone_info).replace(tzinfo=None)
    found, day = [], max(run.first, pattern.first)
    while day <= min(run.last, pattern.last):
        if day.weekday() in pattern.weekdays:
            for begins, ends in _parts(day, opening_times(run, day), pattern):
                is_new = (day, begins, ends, _mark(pattern.title)) not in there
                if is_new and datetime.datetime.combine(day, begins) > local:
                    found.append(Work(pattern.title, day, begins, ends, pattern.needed, pattern.place))
        day += DAY
    if len(found) > MOST_AT_ONCE:
        raise Refused(_("That would be more than %(most)s shifts at once."), most=MOST_AT_ONCE)
    return found


def make_from_hours(*, access: Access, event: Event, pattern: Pattern) -> list[Shift]:
    """Add what the pattern gives; pressed twice it adds nothing the second time.

    Raises NotAllowed; Refused as `works_from_hours`, and if nothing would be added.
    """
    with transaction.atomic():
        locked = held_for_planning(access, event)
        works = works_from_hours(locked, pattern)
        if not works:
            raise Refused(_("There is no day on which this would make a shift that is not in the plan yet."))
        return add_shifts(access=access, event=locked, works=works)


def _parts(
    day: datetime.date, hours: list[tuple[datetime.time, datetime.time]], pattern: Pattern
) -> list[tuple[datetime.time, datetime.time]]:
    """The hours of the shifts of one day; what would begin before midnight begins at midnight."""
    found = []
    midnight = datetime.datetime.combine(day, datetime.time.min)
    end_of_day = midnight + DAY - datetime.timedelta(minutes=1)
    for opens, closes in hours:
        begins = datetime.datetime.combine(day, opens) - datetime.timedelta(minutes=pattern.early)
        ends = datetime.datetime.combine(day, closes) + datetime.timedelta(minutes=pattern.late)
        begins, ends = max(begins, midnight), min(ends, end_of_day)
        minutes = (ends - begins).total_seconds() / 60
        marks = [
            begins + datetime.timedelta(minutes=round(minutes * number / pattern.parts / 5) * 5)
            for number in range(pattern.parts)
        ]
        marks.append(ends)
        found += [(start.time(), end.time()) for start, end in pairwise(marks) if start < end]
    return found


def _mark(title: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((code, words.strip()) for code, words in title.items() if words.strip()))
