"""What volunteers are told by mail: the link, what they hold, what changed, and when it comes."""

import datetime
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
from events.core.enums import Answer, EventState
from events.core.models import Event, EventInvitation
from events.core.summary import invited
from events.ical.itip import Method, message
from events.volunteers.enums import HOLDING, TurnState
from events.volunteers.facts import calendar_facts, shift_told
from events.volunteers.models import Shift, ShiftTurn, Volunteer
from events.volunteers.queries import holding, shift_plan_of

OWN = "events.volunteer"  # what tokens of volunteers are derived for
REMIND = "events.remind_of_shift"
BEFORE = {"day": datetime.timedelta(days=1), "hours": datetime.timedelta(hours=2)}


def own_page(volunteer: Volunteer) -> str:
    """The path of the volunteer's own page."""
    return reverse("own_shifts", args=[derive_token(OWN, volunteer.uuid)])


def send_link(volunteer: Volunteer) -> None:
    """Mail the link that proves the address, or leads who is known to their page; three a day at most."""
    known = volunteer.proved_at is not None
    wished = ShiftTurn.objects.filter(volunteer=volunteer, state=TurnState.WISHED).select_related("shift")
    shifts = [asdict(shift_told(one.shift, volunteer.event, volunteer.language)) for one in wished]
    queue_few_a_day(lambda number: _queue(volunteer, "shift_link", number, known=known, shifts=shifts))


def tell_taken(turn: ShiftTurn, *, swapped: bool = False) -> None:
    """The shift is theirs; it goes into their calendar, and reminders are planned."""
    _tell(turn, "shift_taken", Method.REQUEST, swapped=swapped)
    _plan(turn)


def tell_ended(turn: ShiftTurn, how: str) -> None:
    """The shift is not theirs any more: it goes out of their calendar. `how`: "withdrawn", "given",
    "taken_off", "removed", "cancelled"; the mail has a sentence for each."""
    _tell(turn, "shift_ended", Method.CANCEL, how=how)
    _forget(turn)


def tell_changed(shift: Shift) -> None:
    """Who holds the shift is told of its new time, place or task."""
    for turn in _held(shift):
        _tell(turn, "shift_changed", Method.REQUEST, of_event=False)


def tell_removed(shift: Shift) -> None:
    """Who holds a shift that is taken out of the plan is told."""
    for turn in _held(shift):
        tell_ended(turn, "removed")


def plan_reminders(shift: Shift) -> None:
    """After a change of time: reminders of everybody who holds it."""
    for turn in _held(shift):
        _plan(turn)


def tell_volunteers(event: Event) -> None:
    """After the event moved or was cancelled: tell every volunteer with a shift to come, one mail a shift and
    SEQUENCE. The shifts have been put to their new days before (`shifts_follow`)."""
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
            tell_ended(turn, "cancelled")
        else:
            _tell(turn, "shift_changed", Method.REQUEST, of_event=True)
            _plan(turn)
        told.add(turn.volunteer_id)
    Volunteer.objects.filter(pk__in=told).update(told_sequence=event.sequence)


def remind(key: str, payload: dict[str, Any]) -> None:
    """A day and two hours before: when, where, whom to call. Nothing of what ended meanwhile."""
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
        _tell(turn, "shift_reminder", Method.REQUEST, number=number, urgent=True, today=which == "hours")


def _held(shift: Shift) -> QuerySet[ShiftTurn]:
    rows = holding(shift).select_related("volunteer")
    for turn in rows:
        turn.shift, turn.volunteer.event = shift, shift.event
    return rows


def reminder_keys(turn: UUID) -> list[str]:
    """The keys under which a volunteer is reminded of a shift."""
    return [f"{turn}:{which}" for which in BEFORE]


def _plan(turn: ShiftTurn) -> None:
    for (which, before), key in zip(BEFORE.items(), reminder_keys(turn.uuid), strict=True):
        at = turn.shift.starts_at - before
        if at > now():
            scheduler.schedule(kind=REMIND, key=key, due_at=at, payload={"which": which})
        else:
            scheduler.cancel(kind=REMIND, key=key)


def _forget(turn: ShiftTurn) -> None:
    for key in reminder_keys(turn.uuid):
        scheduler.cancel(kind=REMIND, key=key)


def _tell(
    turn: ShiftTurn, template: str, method: Method, *, number: str = "", urgent: bool = False, **more: object
) -> None:
    volunteer, shift = turn.volunteer, turn.shift
    event = volunteer.event
    if not number:
        volunteer.mails += 1
        volunteer.save(update_fields=["mails"])
        number = str(volunteer.mails)
    calendar = message(
        calendar_facts(turn, event, volunteer.language),
        method=method,
        name=volunteer.name,
        address=volunteer.address,
        answer=Answer.ACCEPTED,
        sent_at=now(),
    )
    plan = shift_plan_of(event)
    holds = method == Method.REQUEST and plan is not None
    _queue(
        volunteer,
        template,
        number,
        shift=asdict(shift_told(shift, event, volunteer.language)),
        caller_name=plan.caller_name if holds and plan else "",
        caller_phone=plan.caller_phone if holds and plan else "",
        calendar=calendar,
        method=method.value,
        urgent=urgent,
        **more,
    )


def _queue(
    volunteer: Volunteer,
    template: str,
    number: str,
    *,
    calendar: str = "",
    method: str = "",
    urgent: bool = False,
    **context: object,
) -> bool:
    told = invited(EventInvitation(event=volunteer.event, language=volunteer.language))
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
