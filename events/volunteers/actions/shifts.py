"""From the hours of a shift on the wall to moments."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.actions.times import times_of
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.occurrences import DAY, moment, opening_times
from events.core.permissions import may_change
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.notifications import plan_reminders, tell_changed, tell_removed
from events.volunteers.queries import holding


def settle(shift: Shift, event: Event) -> None:
    """Derive `starts_at` and `ends_at` from day and hours in the event's zone. Saves nothing.

    What ends before it begins ends on the next day. Raises Refused where the clock skips the shift.
    """
    last = shift.on if shift.ends > shift.begins else shift.on + DAY
    shift.starts_at = moment(datetime.datetime.combine(shift.on, shift.begins), event.zone)
    shift.ends_at = moment(datetime.datetime.combine(last, shift.ends), event.zone)
    if shift.ends_at <= shift.starts_at:
        raise Refused(_("On this day the clock skips these hours: choose others."))


def anchor_of(event: Event) -> datetime.date:
    """The day to which shifts hold: the first of the run, or the event's own."""
    return event.run_from or event.starts_on


# --- shifts ---
# The shifts of an event: what volunteers do, when, how many are needed, and what holds for all of them.


MOST_SHIFTS = 1000
MOST_NEEDED = 200
FURTHEST = datetime.timedelta(days=400)  # from the event's days: further away is a slip of the pen
ONLY_PLANNERS = _("Editors and coordinators plan the shifts.")


@dataclass(frozen=True)
class Work:
    """What is said of one shift. Day and hours are on the wall of the event's place."""

    title: Mapping[str, str]
    on: datetime.date
    begins: datetime.time
    ends: datetime.time
    needed: int
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """What holds for all shifts: the safety brief by language, whom to call, whether age is asked."""

    brief: Mapping[str, str]
    caller_name: str = ""
    caller_phone: str = ""
    asks_age: bool = False


def held_for_planning(access: Access, event: Event) -> Event:
    """The event's row, locked. Raises NotAllowed without the right to change it; Refused if cancelled."""
    locked = hold(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    return locked


def plan_for(event: Event) -> ShiftPlan:
    """What holds for all shifts of the event, begun if there was nothing. With the event's row held."""
    plan, _made = ShiftPlan.objects.get_or_create(event=event, defaults={"anchor_on": anchor_of(event)})
    plan.event = event
    return plan


def set_around(*, access: Access, event: Event, around: Around) -> ShiftPlan:
    """Write the brief, the person to call, and whether age is asked. Raises NotAllowed, Refused."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        plan = plan_for(locked)
        plan.brief = written(around.brief)
        plan.caller_name, plan.caller_phone = around.caller_name.strip(), around.caller_phone.strip()
        plan.asks_age = around.asks_age
        plan.save()
        audit.record(locked, access, "event.shifts_around_set")
    return plan


def add_shift(*, access: Access, event: Event, work: Work) -> Shift:
    """Add one shift. Raises NotAllowed; Refused for what makes no sense, or if there are too many."""
    return add_shifts(access=access, event=event, works=[work])[0]


def add_shifts(*, access: Access, event: Event, works: list[Work]) -> list[Shift]:
    """Add several shifts in one transaction: all of them or none."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        plan_for(locked)
        there = Shift.objects.filter(event=locked, removed_at=None).count()
        if there + len(works) > MOST_SHIFTS:
            raise Refused(_("An event has at most %(most)s shifts."), most=MOST_SHIFTS)
        made = [_put(Shift(event=locked), locked, work) for work in works]
        Shift.objects.bulk_create(made)
        audit.record(locked, access, "event.shifts_added", count=len(made))
    return made


def change_shift(*, access: Access, event: Event, uuid: UUID, work: Work) -> Shift:
    """Change a shift; who holds it is told of another time or place.

    Raises NotAllowed; Refused if fewer would be needed than hold it already, or if it is gone.
    """
    with transaction.atomic():
        locked = held_for_planning(access, event)
        shift = row_of(locked, uuid)
        before = (shift.starts_at, shift.ends_at, shift.place, shift.title)
        _put(shift, locked, work)
        if holding(shift).count() > shift.needed:
            raise Refused(_("More people than that have this shift already: take somebody out first."))
        other = before != (shift.starts_at, shift.ends_at, shift.place, shift.title)
        shift.sequence += int(other)
        shift.save()
        if other:
            plan_reminders(shift)
            tell_changed(shift)
        audit.record(locked, access, "event.shift_changed", shift=str(shift.uuid))
    return shift


def take_out(*, access: Access, event: Event, uuid: UUID) -> None:
    """Take a shift out; who holds it is told. It can come back, with those who held it."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        shift = row_of(locked, uuid)
        shift.removed_at = now()
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        tell_removed(shift)
        audit.record(locked, access, "event.shift_taken_out", shift=str(shift.uuid))


def bring_back(*, access: Access, event: Event, uuid: UUID) -> None:
    """Put back a shift that was taken out; who held it is told again."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        shift = Shift.objects.filter(event=locked, uuid=uuid).exclude(removed_at=None).first()
        if shift is None:
            return
        shift.event, shift.removed_at = locked, None
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        plan_reminders(shift)
        tell_changed(shift)
        audit.record(locked, access, "event.shift_brought_back", shift=str(shift.uuid))


def row_of(event: Event, uuid: UUID) -> Shift:
    """A shift of this event. Raises Refused if it is not there any more."""
    shift = Shift.objects.filter(event=event, uuid=uuid, removed_at=None).first()
    if shift is None:
        raise Refused(_("This shift is not in the plan any more."))
    shift.event = event
    return shift


def written(words: Mapping[str, str]) -> dict[str, str]:
    """The languages in which there are words."""
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _put(shift: Shift, event: Event, work: Work) -> Shift:
    title = written(work.title)
    if not title:
        raise Refused(_("Say what is to be done, in at least one language."))
    if not 1 <= work.needed <= MOST_NEEDED:
        raise Refused(_("A shift needs between 1 and %(most)s people."), most=MOST_NEEDED)
    first, last = anchor_of(event), event.run_until or event.ends_on
    if event.lasts_until is not None:
        last = max(last, event.lasts_until.astimezone(event.zone_info).date())
        if not first - FURTHEST <= work.on <= last + FURTHEST:
            raise Refused(_("The day lies too far from the event: check the date."))
    shift.title, shift.place = title, written(work.place)
    shift.on, shift.begins, shift.ends, shift.needed = work.on, work.begins, work.ends, work.needed
    settle(shift, event)
    return shift


# --- from opening hours ---
# Shifts made from the opening hours of a run: the days on which it is open, closed days left out.


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
