"""Shifts move with their event, and volunteers hear of it. Listens by `on_event_change`."""

from events.core.models import Event
from events.volunteers.actions.shifts import anchor_of, derive_shift_moments
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.notifications import notify_volunteers_of_event


def reschedule_shifts(event: Event) -> None:
    """Shift the days by as much as the event's first day moved, and the hours to its time zone;
    then notify the volunteers. Past shifts stay unchanged."""
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
