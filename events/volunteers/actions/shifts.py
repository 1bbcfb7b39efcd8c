"""The shifts of an event: task, time, number of people, and settings common to all of them."""

import datetime
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import Access
from events.core import audit as core_audit
from events.core.actions.times import times_of
from events.core.models import Event
from events.core.occurrences import DAY, opening_times, to_utc
from events.core.permissions import event_to_change
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.notifications import (
    notify_shift_changed,
    notify_shift_removed,
    notify_volunteers_of_event,
)
from events.volunteers.queries import active_assignments

MOST_SHIFTS = 1000
MOST_AT_ONCE = 400  # shifts from opening hours
MAX_DAYS_AWAY = datetime.timedelta(days=400)  # from the event's days: further away is a typing error
ONLY_PLANNERS = _("Editors and coordinators plan the shifts.")


def derive_shift_moments(shift: Shift, event: Event) -> None:
    """Compute `starts_at` and `ends_at` from day and hours in the event's time zone. Does not save.

    A shift that ends before it begins ends on the next day. Raises Refused if a clock change skips it.
    """
    last = shift.on if shift.ends > shift.begins else shift.on + DAY
    shift.starts_at = to_utc(datetime.datetime.combine(shift.on, shift.begins), event.zone)
    shift.ends_at = to_utc(datetime.datetime.combine(last, shift.ends), event.zone)
    if shift.ends_at <= shift.starts_at:
        raise Refused(_("On this day the clock skips these hours: choose others."))


def anchor_of(event: Event) -> datetime.date:
    """Return the anchor day of the shifts: first day of the run, or the event's own."""
    return event.run_from or event.starts_on


def get_or_create_shift_plan(event: Event) -> ShiftPlan:
    """Return the settings of the event's shifts, created on first use. With the event's row locked."""
    plan, _made = ShiftPlan.objects.get_or_create(event=event, defaults={"anchor_on": anchor_of(event)})
    plan.event = event
    return plan


def set_shift_plan(*, access: Access, event: Event, **fields: Any) -> None:
    """Save the safety brief, the contact, and whether age is asked. `fields`: those of ShiftPlanForm.

    Raises NotAllowed; Refused if the event is cancelled.
    """
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        plan = get_or_create_shift_plan(locked)
        for name, value in fields.items():
            setattr(plan, name, value)
        plan.save()
        core_audit.record_event_action(locked, access, "event.shifts_around_set")


def add_shift(*, access: Access, event: Event, **fields: Any) -> Shift:
    """Add a shift. `fields`: those of ShiftForm. Raises as `add_shifts`."""
    return add_shifts(access=access, event=event, shifts=[Shift(**fields)])[0]


def add_shifts(*, access: Access, event: Event, shifts: list[Shift]) -> list[Shift]:
    """Add several shifts in one transaction: all or none. Raises NotAllowed; Refused for a wrong day, or if
    there are too many."""
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        get_or_create_shift_plan(locked)
        if Shift.objects.filter(event=locked, removed_at=None).count() + len(shifts) > MOST_SHIFTS:
            raise Refused(_("An event has at most %(most)s shifts."), most=MOST_SHIFTS)
        for shift in shifts:
            _settle(shift, locked)
        Shift.objects.bulk_create(shifts)
        core_audit.record_event_action(locked, access, "event.shifts_added", count=len(shifts))
    return shifts


def change_shift(*, access: Access, event: Event, uuid: UUID, **fields: Any) -> Shift:
    """Change a shift; notify its volunteers of another time or place. `fields`: those of ShiftForm.

    Raises NotAllowed; Refused if fewer people would be needed than have it, or if it was archived.
    """
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        shift = get_shift(locked, uuid)
        before = (shift.starts_at, shift.ends_at, shift.place, shift.title)
        for name, value in fields.items():
            setattr(shift, name, value)
        _settle(shift, locked)
        if active_assignments(shift).count() > shift.needed:
            raise Refused(_("More people than that have this shift already: take somebody out first."))
        other = before != (shift.starts_at, shift.ends_at, shift.place, shift.title)
        shift.sequence += int(other)
        shift.save()
        if other:
            notify_shift_changed(shift)
        core_audit.record_event_action(locked, access, "event.shift_changed", shift=str(shift.uuid))
    return shift


def remove_shift(*, access: Access, event: Event, uuid: UUID) -> None:
    """Archive a shift and notify its volunteers. It can be restored together with them."""
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        shift = get_shift(locked, uuid)
        shift.removed_at = now()
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        notify_shift_removed(shift)
        core_audit.record_event_action(locked, access, "event.shift_taken_out", shift=str(shift.uuid))


def restore_shift(*, access: Access, event: Event, uuid: UUID) -> None:
    """Restore an archived shift and notify its volunteers again."""
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        shift = Shift.objects.filter(event=locked, uuid=uuid).exclude(removed_at=None).first()
        if shift is None:
            return
        shift.event, shift.removed_at = locked, None
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        notify_shift_changed(shift)
        core_audit.record_event_action(locked, access, "event.shift_brought_back", shift=str(shift.uuid))


def get_shift(event: Event, uuid: UUID) -> Shift:
    """Return an active shift of this event. Raises Refused if there is none."""
    shift = Shift.objects.filter(event=event, uuid=uuid, removed_at=None).first()
    if shift is None:
        raise Refused(_("This shift is not in the plan any more."))
    shift.event = event
    return shift


def _settle(shift: Shift, event: Event) -> None:
    """Set the event and the moments of a shift. Raises Refused for a day far from the event's."""
    first, last = anchor_of(event), event.run_until or event.ends_on
    if event.lasts_until is not None:
        last = max(last, event.lasts_until.astimezone(event.zone_info).date())
        if not first - MAX_DAYS_AWAY <= shift.on <= last + MAX_DAYS_AWAY:
            raise Refused(_("The day lies too far from the event: check the date."))
    shift.event = event
    derive_shift_moments(shift, event)


def reschedule_shifts(event: Event) -> None:
    """Shift the days by as much as the event's first day moved, and the hours to its time zone;
    then notify the volunteers. Listens by `on_event_change`."""
    plan = ShiftPlan.objects.filter(event=event).first()
    if plan is None:
        return
    by = anchor_of(event) - plan.anchor_on
    for shift in Shift.objects.filter(event=event):
        before = shift.starts_at, shift.ends_at
        shift.on += by
        derive_shift_moments(shift, event)
        if before != (shift.starts_at, shift.ends_at):
            shift.save(update_fields=["on", "starts_at", "ends_at"])
    if by:
        plan.anchor_on = anchor_of(event)
        plan.save(update_fields=["anchor_on"])
    notify_volunteers_of_event(event)


def shifts_from_hours(
    event: Event,
    *,
    title: Mapping[str, str],
    needed: int,
    first: datetime.date,
    last: datetime.date,
    weekdays: Sequence[int],
    parts: int = 1,
    early: int | None = None,
    late: int | None = None,
    place: Mapping[str, str] | None = None,
) -> list[Shift]:
    """Return unsaved shifts from opening hours, in order, without those that exist already or have begun.

    Each opening is divided into `parts` of equal length, starting `early` and ending `late` minutes outside
    it; only on these weekdays (of Weekday), between two days. Raises Refused if the event does not run over
    days, or for too many shifts.
    """
    run = times_of(event).run
    if run is None or (not run.openings and not run.specials):
        raise Refused(_("Set the opening hours first: shifts are made from them."))
    rows = Shift.objects.filter(event=event, removed_at=None)
    there = set(rows.values_list("on", "begins", "ends", "title"))
    local = now().astimezone(event.zone_info).replace(tzinfo=None)
    found, day, text = [], max(run.first, first), LocalizedText(title)
    more = {"title": text, "place": LocalizedText(place), "needed": needed}
    while day <= min(run.last, last):
        for opens, closes in opening_times(run, day) if day.weekday() in weekdays else ():
            for begins, ends in _parts(day, opens, closes, parts, early or 0, late or 0):
                is_new = (day, begins, ends, text) not in there
                if is_new and datetime.datetime.combine(day, begins) > local:
                    found.append(Shift(on=day, begins=begins, ends=ends, **more))
        day += DAY
    if len(found) > MOST_AT_ONCE:
        raise Refused(_("That would be more than %(most)s shifts at once."), most=MOST_AT_ONCE)
    return found


def create_shifts_from_hours(*, access: Access, event: Event, **pattern: Any) -> list[Shift]:
    """Add the shifts of `shifts_from_hours`. A second call adds nothing.

    Raises NotAllowed; Refused as `shifts_from_hours`, and if nothing would be added.
    """
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        shifts = shifts_from_hours(locked, **pattern)
        if not shifts:
            raise Refused(_("There is no day on which this would make a shift that is not in the plan yet."))
        return add_shifts(access=access, event=locked, shifts=shifts)


def _parts(
    day: datetime.date, opens: datetime.time, closes: datetime.time, parts: int, early: int, late: int
) -> list[tuple[datetime.time, datetime.time]]:
    """Return the hours of the shifts of one opening; a start before midnight is set to midnight."""
    midnight = datetime.datetime.combine(day, datetime.time.min)
    begins = max(midnight, datetime.datetime.combine(day, opens) - datetime.timedelta(minutes=early))
    ends = datetime.datetime.combine(day, closes) + datetime.timedelta(minutes=late)
    ends = min(ends, midnight + DAY - datetime.timedelta(minutes=1))
    minutes = (ends - begins).total_seconds() / 60
    offsets = [round(minutes * number / parts / 5) * 5 for number in range(parts)]
    marks = [*(begins + datetime.timedelta(minutes=one) for one in offsets), ends]
    return [(start.time(), end.time()) for start, end in pairwise(marks) if start < end]
