"""Shifts move with their event, and volunteers hear of it. Listens by `on_event_change`."""

from events.core.models import Event
from events.volunteers.actions.shifts import anchor_of, settle
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.notifications import tell_volunteers


def follow_event(event: Event) -> None:
    """Put the days of the shifts as far as the event's first day moved, their hours to its zone; then tell
    who holds one. What lies behind stays as it was."""
    plan = ShiftPlan.objects.filter(event=event).first()
    if plan is None:
        return
    by = anchor_of(event) - plan.anchor_on
    for shift in Shift.objects.filter(event=event):
        before = shift.starts_at, shift.ends_at
        shift.on += by
        settle(shift, event)
        if before != (shift.starts_at, shift.ends_at):
            shift.save(update_fields=["on", "starts_at", "ends_at"])
    if by:
        plan.anchor_on = anchor_of(event)
        plan.save(update_fields=["anchor_on"])
    tell_volunteers(event)
