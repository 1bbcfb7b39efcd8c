"""Conversion of a shift's local hours to moments."""

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
from events.core import audit as core_audit
from events.core.actions.times import times_of
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.occurrences import DAY, opening_times, to_utc
from events.core.permissions import may_change
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.notifications import notify_shift_changed, notify_shift_removed, plan_reminders
from events.volunteers.queries import active_turns


def derive_shift_moments(shift: Shift, event: Event) -> None:
    """Compute `starts_at` and `ends_at` from day and hours in the event's time zone. Does not save.

    A shift that ends before it begins ends on the next day. Raises Refused if a clock change skips
    it.
    """
    last = shift.on if shift.ends > shift.begins else shift.on + DAY
    shift.starts_at = to_utc(datetime.datetime.combine(shift.on, shift.begins), event.zone)
    shift.ends_at = to_utc(datetime.datetime.combine(last, shift.ends), event.zone)
    if shift.ends_at <= shift.starts_at:
        raise Refused(_("On this day the clock skips these hours: choose others."))


def anchor_of(event: Event) -> datetime.date:
    """Return the anchor day of the shifts: first day of the run, or the event's own."""
    return event.run_from or event.starts_on


# --- shifts ---
# The shifts of an event: task, time, number of people, and settings common to all of them.


MOST_SHIFTS = 1000
MOST_NEEDED = 200
MAX_DAYS_AWAY = datetime.timedelta(days=400)  # from the event's days: further away is a typing error
ONLY_PLANNERS = _("Editors and coordinators plan the shifts.")


@dataclass(frozen=True)
class ShiftInput:
    """Data of a shift. Day and hours are local to the event's place."""

    title: Mapping[str, str]
    on: datetime.date
    begins: datetime.time
    ends: datetime.time
    needed: int
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShiftPlanInput:
    """Settings of all shifts: the safety brief by language, the contact, whether age is asked."""

    brief: Mapping[str, str]
    caller_name: str = ""
    caller_phone: str = ""
    asks_age: bool = False


def lock_event_for_planning(access: Access, event: Event) -> Event:
    """Lock the event's row. Raises NotAllowed without the right to change it; Refused if
    cancelled."""
    locked = lock_event(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    return locked


def get_or_create_shift_plan(event: Event) -> ShiftPlan:
    """Return the settings of the event's shifts, created on first use. With the event's row
    locked."""
    plan, _made = ShiftPlan.objects.get_or_create(event=event, defaults={"anchor_on": anchor_of(event)})
    plan.event = event
    return plan


def set_shift_plan(*, access: Access, event: Event, around: ShiftPlanInput) -> ShiftPlan:
    """Save the safety brief, the contact, and whether age is asked. Raises NotAllowed, Refused."""
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        plan = get_or_create_shift_plan(locked)
        plan.brief = written_translations(around.brief)
        plan.caller_name, plan.caller_phone = around.caller_name.strip(), around.caller_phone.strip()
        plan.asks_age = around.asks_age
        plan.save()
        core_audit.record_event_action(locked, access, "event.shifts_around_set")
    return plan


def add_shift(*, access: Access, event: Event, work: ShiftInput) -> Shift:
    """Add a shift. Raises NotAllowed; Refused for invalid data, or if there are too many."""
    return add_shifts(access=access, event=event, works=[work])[0]


def add_shifts(*, access: Access, event: Event, works: list[ShiftInput]) -> list[Shift]:
    """Add several shifts in one transaction: all or none."""
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        get_or_create_shift_plan(locked)
        there = Shift.objects.filter(event=locked, removed_at=None).count()
        if there + len(works) > MOST_SHIFTS:
            raise Refused(_("An event has at most %(most)s shifts."), most=MOST_SHIFTS)
        made = [_fill_shift(Shift(event=locked), locked, work) for work in works]
        Shift.objects.bulk_create(made)
        core_audit.record_event_action(locked, access, "event.shifts_added", count=len(made))
    return made


def change_shift(*, access: Access, event: Event, uuid: UUID, work: ShiftInput) -> Shift:
    """Change a shift; notify its volunteers of another time or place.

    Raises NotAllowed; Refused if fewer people would be needed than have it, or if it was archived.
    """
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        shift = get_shift(locked, uuid)
        before = (shift.starts_at, shift.ends_at, shift.place, shift.title)
        _fill_shift(shift, locked, work)
        if active_turns(shift).count() > shift.needed:
            raise Refused(_("More people than that have this shift already: take somebody out first."))
        other = before != (shift.starts_at, shift.ends_at, shift.place, shift.title)
        shift.sequence += int(other)
        shift.save()
        if other:
            plan_reminders(shift)
            notify_shift_changed(shift)
        core_audit.record_event_action(locked, access, "event.shift_changed", shift=str(shift.uuid))
    return shift


def remove_shift(*, access: Access, event: Event, uuid: UUID) -> None:
    """Archive a shift and notify its volunteers. It can be restored together with them."""
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        shift = get_shift(locked, uuid)
        shift.removed_at = now()
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        notify_shift_removed(shift)
        core_audit.record_event_action(locked, access, "event.shift_taken_out", shift=str(shift.uuid))


def restore_shift(*, access: Access, event: Event, uuid: UUID) -> None:
    """Restore an archived shift and notify its volunteers again."""
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        shift = Shift.objects.filter(event=locked, uuid=uuid).exclude(removed_at=None).first()
        if shift is None:
            return
        shift.event, shift.removed_at = locked, None
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        plan_reminders(shift)
        notify_shift_changed(shift)
        core_audit.record_event_action(locked, access, "event.shift_brought_back", shift=str(shift.uuid))


def get_shift(event: Event, uuid: UUID) -> Shift:
    """Return an active shift of this event. Raises Refused if there is none."""
    shift = Shift.objects.filter(event=event, uuid=uuid, removed_at=None).first()
    if shift is None:
        raise Refused(_("This shift is not in the plan any more."))
    shift.event = event
    return shift


def written_translations(words: Mapping[str, str]) -> dict[str, str]:
    """Return the non-empty texts by language."""
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _fill_shift(shift: Shift, event: Event, work: ShiftInput) -> Shift:
    title = written_translations(work.title)
    if not title:
        raise Refused(_("Say what is to be done, in at least one language."))
    if not 1 <= work.needed <= MOST_NEEDED:
        raise Refused(_("A shift needs between 1 and %(most)s people."), most=MOST_NEEDED)
    first, last = anchor_of(event), event.run_until or event.ends_on
    if event.lasts_until is not None:
        last = max(last, event.lasts_until.astimezone(event.zone_info).date())
        if not first - MAX_DAYS_AWAY <= work.on <= last + MAX_DAYS_AWAY:
            raise Refused(_("The day lies too far from the event: check the date."))
    shift.title, shift.place = title, written_translations(work.place)
    shift.on, shift.begins, shift.ends, shift.needed = work.on, work.begins, work.ends, work.needed
    derive_shift_moments(shift, event)
    return shift


# --- from opening hours ---
# Shifts generated from the opening hours of a run, on open days only.


MOST_AT_ONCE = 400


@dataclass(frozen=True)
class ShiftPattern:
    """Rule for shifts from opening hours: each opening is divided into `parts` of equal length,
    starting `early` and ending `late` minutes outside it; only on these weekdays (of Weekday),
    between two days."""

    title: Mapping[str, str]
    needed: int
    first: datetime.date
    last: datetime.date
    weekdays: tuple[int, ...]
    parts: int = 1
    early: int = 0
    late: int = 0
    place: Mapping[str, str] = field(default_factory=dict)


def shifts_from_hours(event: Event, pattern: ShiftPattern) -> list[ShiftInput]:
    """Return the shifts generated by the pattern, in order, without those that exist already or
    have begun. Changes nothing. Raises Refused if the event does not run over days, or for too many
    shifts."""
    run = times_of(event).run
    if run is None or (not run.openings and not run.specials):
        raise Refused(_("Set the opening hours first: shifts are made from them."))
    rows = Shift.objects.filter(event=event, removed_at=None).values_list("on", "begins", "ends", "title")
    there = {(on, begins, ends, _title_key(title)) for on, begins, ends, title in rows}
    local = now().astimezone(event.zone_info).replace(tzinfo=None)
    found, day = [], max(run.first, pattern.first)
    while day <= min(run.last, pattern.last):
        if day.weekday() in pattern.weekdays:
            for begins, ends in _parts(day, opening_times(run, day), pattern):
                is_new = (day, begins, ends, _title_key(pattern.title)) not in there
                if is_new and datetime.datetime.combine(day, begins) > local:
                    found.append(ShiftInput(pattern.title, day, begins, ends, pattern.needed, pattern.place))
        day += DAY
    if len(found) > MOST_AT_ONCE:
        raise Refused(_("That would be more than %(most)s shifts at once."), most=MOST_AT_ONCE)
    return found


def create_shifts_from_hours(*, access: Access, event: Event, pattern: ShiftPattern) -> list[Shift]:
    """Add the shifts generated by the pattern. A second call adds nothing.

    Raises NotAllowed; Refused as `shifts_from_hours`, and if nothing would be added.
    """
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        works = shifts_from_hours(locked, pattern)
        if not works:
            raise Refused(_("There is no day on which this would make a shift that is not in the plan yet."))
        return add_shifts(access=access, event=locked, works=works)


def _parts(
    day: datetime.date, hours: list[tuple[datetime.time, datetime.time]], pattern: ShiftPattern
) -> list[tuple[datetime.time, datetime.time]]:
    """Return the hours of one day's shifts; a start before midnight is set to midnight."""
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


def _title_key(title: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((code, words.strip()) for code, words in title.items() if words.strip()))
