"""Mails to volunteers: link, assignments, changes, reminders."""

import datetime
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from coalition.core.clock import now
from coalition.core.throttling import queue_few_a_day
from coalition.core.tokens import derive_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from events.core.afterwards import ThanksRecipient
from events.core.enums import Answer, EventState
from events.core.models import Event, EventInvitation
from events.core.summary import build_invitation_summary
from events.ical.itip import ItipMethod, build_itip_message
from events.volunteers.enums import HOLDING, TurnState
from events.volunteers.facts import build_shift_text, calendar_facts
from events.volunteers.models import Shift, ShiftTurn, Volunteer
from events.volunteers.queries import active_turns, shift_plan_of

OWN_PAGE_PURPOSE = "events.volunteer"  # purpose in the derivation of volunteers' tokens
REMIND_OF_SHIFT = "events.remind_of_shift"
REMINDER_LEADS = {"day": datetime.timedelta(days=1), "hours": datetime.timedelta(hours=2)}


def own_page(volunteer: Volunteer) -> str:
    """Return the path of the volunteer's own page."""
    return reverse("own_shifts", args=[derive_token(OWN_PAGE_PURPOSE, volunteer.uuid)])


def send_link(volunteer: Volunteer) -> None:
    """Mail the link that verifies the address, or leads to the page of a verified volunteer; three
    a day at most."""
    known = volunteer.proved_at is not None
    wished = ShiftTurn.objects.filter(volunteer=volunteer, state=TurnState.WISHED).select_related("shift")
    shifts = [asdict(build_shift_text(one.shift, volunteer.event, volunteer.language)) for one in wished]
    queue_few_a_day(
        lambda number: _queue_volunteer_mail(volunteer, "shift_link", number, known=known, shifts=shifts)
    )


def notify_shift_assigned(turn: ShiftTurn, *, swapped: bool = False) -> None:
    """Notify the volunteer of an assigned shift with a calendar entry, and schedule reminders."""
    _queue_shift_mail(turn, "shift_taken", ItipMethod.REQUEST, swapped=swapped)
    _schedule_turn_reminders(turn)


def notify_shift_ended(turn: ShiftTurn, how: str) -> None:
    """Notify the volunteer that a shift is no longer theirs, and cancel the calendar entry. `how`:
    "withdrawn", "given", "taken_off", "removed", "cancelled"; the mail has a sentence for each."""
    _queue_shift_mail(turn, "shift_ended", ItipMethod.CANCEL, how=how)
    _cancel_turn_reminders(turn)


def notify_shift_changed(shift: Shift) -> None:
    """Notify the shift's volunteers of its new time, place or task."""
    for turn in _current_turns(shift):
        _queue_shift_mail(turn, "shift_changed", ItipMethod.REQUEST, of_event=False)


def notify_shift_removed(shift: Shift) -> None:
    """Notify the volunteers of an archived shift."""
    for turn in _current_turns(shift):
        notify_shift_ended(turn, "removed")


def plan_reminders(shift: Shift) -> None:
    """Reschedule the reminders of all its volunteers after a change of time."""
    for turn in _current_turns(shift):
        _schedule_turn_reminders(turn)


def notify_volunteers_of_event(event: Event) -> None:
    """Notify every volunteer with a future shift that the event moved or was cancelled, one mail
    per shift and SEQUENCE. The shifts were moved before (`shifts_follow`)."""
    rows = ShiftTurn.objects.filter(
        volunteer__event=event,
        volunteer__told_sequence__lt=event.sequence,
        state__in=HOLDING,
        shift__removed_at=None,
        shift__ends_at__gt=now(),
    ).select_related("volunteer", "shift")
    told = set()
    cancelled = event.state == EventState.CANCELLED
    for turn in rows:
        turn.volunteer.event = turn.shift.event = event
        if cancelled:
            notify_shift_ended(turn, "cancelled")
        else:
            _queue_shift_mail(turn, "shift_changed", ItipMethod.REQUEST, of_event=True)
            _schedule_turn_reminders(turn)
        told.add(turn.volunteer_id)
    Volunteer.objects.filter(pk__in=told).update(told_sequence=event.sequence)


def remind_of_shift(key: str, payload: dict[str, Any]) -> None:
    """Remind a day and two hours before: time, place, contact. Skips assignments that ended
    meanwhile."""
    which = payload["which"]
    turn = (
        ShiftTurn.objects.select_related("volunteer", "shift", "shift__event__workspace")
        .select_related("shift__event__organisation")
        .filter(uuid=key.partition(":")[0])
        .first()
    )
    if turn is None or not TurnState(turn.state).holds or turn.shift.removed_at is not None:
        return
    event = turn.shift.event
    if event.state == EventState.CANCELLED or turn.shift.starts_at <= now():
        return
    turn.volunteer.event = event
    with transaction.atomic():
        number = f"{which}:{turn.uuid}:{turn.shift.starts_at:%Y%m%d%H%M}"
        _queue_shift_mail(
            turn, "shift_reminder", ItipMethod.REQUEST, number=number, urgent=True, today=which == "hours"
        )


def _current_turns(shift: Shift) -> QuerySet[ShiftTurn]:
    rows = active_turns(shift).select_related("volunteer")
    for turn in rows:
        turn.shift, turn.volunteer.event = shift, shift.event
    return rows


def reminder_keys(turn: UUID) -> list[str]:
    """Return the keys of the reminders of a volunteer's shift."""
    return [f"{turn}:{which}" for which in REMINDER_LEADS]


def _schedule_turn_reminders(turn: ShiftTurn) -> None:
    for (which, before), key in zip(REMINDER_LEADS.items(), reminder_keys(turn.uuid), strict=True):
        at = turn.shift.starts_at - before
        if at > now():
            scheduler.schedule(kind=REMIND_OF_SHIFT, key=key, due_at=at, payload={"which": which})
        else:
            scheduler.cancel(kind=REMIND_OF_SHIFT, key=key)


def _cancel_turn_reminders(turn: ShiftTurn) -> None:
    for key in reminder_keys(turn.uuid):
        scheduler.cancel(kind=REMIND_OF_SHIFT, key=key)


def _queue_shift_mail(
    turn: ShiftTurn,
    template: str,
    method: ItipMethod,
    *,
    number: str = "",
    urgent: bool = False,
    **more: object,
) -> None:
    volunteer, shift = turn.volunteer, turn.shift
    event = volunteer.event
    if not number:
        volunteer.mails += 1
        volunteer.save(update_fields=["mails"])
        number = str(volunteer.mails)
    calendar = build_itip_message(
        calendar_facts(turn, event, volunteer.language),
        method=method,
        name=volunteer.name,
        address=volunteer.address,
        answer=Answer.ACCEPTED,
        sent_at=now(),
    )
    plan = shift_plan_of(event)
    holds = method == ItipMethod.REQUEST and plan is not None
    _queue_volunteer_mail(
        volunteer,
        template,
        number,
        shift=asdict(build_shift_text(shift, event, volunteer.language)),
        caller_name=plan.caller_name if holds and plan else "",
        caller_phone=plan.caller_phone if holds and plan else "",
        calendar=calendar,
        method=method.value,
        urgent=urgent,
        **more,
    )


def _queue_volunteer_mail(
    volunteer: Volunteer,
    template: str,
    number: str,
    *,
    calendar: str = "",
    method: str = "",
    urgent: bool = False,
    **context: object,
) -> bool:
    told = build_invitation_summary(EventInvitation(event=volunteer.event, language=volunteer.language))
    return outbox.queue_mail(
        key=f"{template.replace('_', '-')}:{volunteer.uuid}:{number}",
        template=f"events/{template}",
        language=volunteer.language,
        address=volunteer.address,
        context={
            "name": volunteer.name,
            "event": asdict(told),
            "button_url": absolute_url(own_page(volunteer)),
            **context,
        },
        calendar=calendar,
        method=method,
        urgent=urgent,
    )


def volunteers_to_thank(event: Event) -> Iterator[ThanksRecipient]:
    """Yield volunteers whose attendance at a shift was confirmed."""
    rows = Volunteer.objects.filter(event=event, turns__came=True).exclude(proved_at=None)
    for one in rows.distinct():
        row = EventInvitation(event=event, language=one.language)
        yield ThanksRecipient(f"volunteer:{one.uuid}", row, one.name, address=one.address)
