"""A volunteer takes a shift, withdraws, offers it to others; somebody takes it over; who came is noted."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.permissions import may_change, require_that
from events.volunteers.actions.shifts import ONLY_PLANNERS, row_of
from events.volunteers.enums import HOLDING, TurnState
from events.volunteers.models import Shift, ShiftTurn, Volunteer
from events.volunteers.notifications import tell_ended, tell_taken
from events.volunteers.presenters.facts import when_of
from events.volunteers.queries import holding, overlapping, same_person


def take_shift(*, volunteer: Volunteer, shift: UUID) -> ShiftTurn:
    """A volunteer whose address is known takes a shift of the event. Taken twice is once.

    Raises Refused if it has begun, is full, or lies over another one of theirs, of whatever event.
    """
    with transaction.atomic():
        event, locked = hold_volunteer(volunteer)
        return take(event, locked, row_of(event, shift))


def take(event: Event, volunteer: Volunteer, shift: Shift, *, swapped: bool = False) -> ShiftTurn:
    """As `take_shift`, in the caller's transaction with the event's row held. `swapped`: from somebody who
    gives it up in the same transaction, so that the number of people stays."""
    if shift.starts_at <= now():
        raise Refused(_("This shift has begun already."))
    turn = ShiftTurn.objects.filter(shift=shift, volunteer=volunteer).first()
    if turn is not None and TurnState(turn.state).holds:
        return turn
    if not swapped and holding(shift).count() >= shift.needed:
        raise Refused(_("Enough people have this shift already: %(when)s."), when=when_of(shift, event))
    # Two events at once ask for the same person one after another.
    list(Volunteer.objects.select_for_update().filter(same_person(volunteer)).order_by("pk"))
    other = overlapping(volunteer, shift)
    if other is not None:
        own = when_of(other.shift, other.shift.event)
        raise Refused(_("You have another shift at that time: %(when)s."), when=own)
    turn = turn or ShiftTurn(shift=shift, volunteer=volunteer)
    turn.shift, turn.volunteer = shift, volunteer
    _set(turn, TurnState.TAKEN)
    tell_taken(turn, swapped=swapped)
    _keep(event, volunteer, "event.shift_taken", shift)
    return turn


def withdraw(*, volunteer: Volunteer, shift: UUID) -> None:
    """The volunteer cannot come: the shift is free again. Raises Refused once it has begun."""
    with transaction.atomic():
        event, locked = hold_volunteer(volunteer)
        turn = _own(event, locked, shift)
        _set(turn, TurnState.WITHDRAWN)
        tell_ended(turn, "withdrawn")
        _keep(event, locked, "event.shift_withdrawn", turn.shift)


def offer(*, volunteer: Volunteer, shift: UUID, offered: bool = True) -> ShiftTurn:
    """Offer a shift to the other volunteers, or take the offer back; until somebody takes it, it stays
    theirs. Raises Refused once it has begun."""
    with transaction.atomic():
        event, locked = hold_volunteer(volunteer)
        turn = _own(event, locked, shift)
        state = TurnState.OFFERED if offered else TurnState.TAKEN
        if turn.state != state:
            turn.state = state
            turn.save(update_fields=["state"])
            _keep(event, locked, "event.shift_offered" if offered else "event.shift_offer_ended", turn.shift)
    return turn


def take_over(*, volunteer: Volunteer, turn: UUID) -> ShiftTurn:
    """Another volunteer takes what is offered; both are told. Raises Refused if somebody was faster, the
    offer was taken back, or it lies over another shift of theirs."""
    with transaction.atomic():
        event, locked = hold_volunteer(volunteer)
        rows = ShiftTurn.objects.filter(shift__event=event, shift__removed_at=None, state=TurnState.OFFERED)
        given = rows.select_related("shift", "volunteer").filter(uuid=turn).first()
        if given is None or given.volunteer_id == locked.pk:
            raise Refused(_("This shift is not offered any more."))
        given.shift.event = given.volunteer.event = event
        if holding(given.shift).filter(volunteer=locked).exists():
            raise Refused(_("You have this shift already."))
        taken = take(event, locked, given.shift, swapped=True)
        _set(given, TurnState.GIVEN)
        tell_ended(given, "given")
        _keep(event, locked, "event.shift_swapped", given.shift, given_by=str(given.volunteer.uuid))
    return taken


def note_came(*, access: Access, turn: ShiftTurn, came: bool | None) -> ShiftTurn:
    """Say that somebody was there, was not, or that it is not known (None). From the beginning of the shift.

    Raises NotAllowed; Refused before the shift begins, or if the person does not hold it.
    """
    with transaction.atomic():
        event, locked = _held_turn(access, turn)
        if locked.shift.starts_at > now():
            raise Refused(_("The shift has not begun yet."))
        if locked.came != came:
            locked.came = came
            locked.came_by = access.user if came is not None else None
            locked.save(update_fields=["came", "came_by"])
            audit.record(event, access, "event.shift_came", turn=str(locked.uuid), came=came)
    return locked


def take_off(*, access: Access, turn: ShiftTurn) -> None:
    """Who prepares the event takes somebody off a shift; they are told. Raises NotAllowed, Refused."""
    with transaction.atomic():
        event, locked = _held_turn(access, turn)
        refuse_cancelled(event)
        if locked.shift.starts_at <= now():
            raise Refused(_("This shift has begun already."))
        _set(locked, TurnState.WITHDRAWN)
        tell_ended(locked, "taken_off")
        audit.record(event, access, "event.shift_taken_off", turn=str(locked.uuid))


def hold_volunteer(volunteer: Volunteer) -> tuple[Event, Volunteer]:
    """The event's row and the volunteer as they stand now. Raises Refused if either is over."""
    event = hold(volunteer.event)
    refuse_cancelled(event)
    locked = Volunteer.objects.filter(pk=volunteer.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.event = event
    return event, locked


def _own(event: Event, volunteer: Volunteer, shift: UUID) -> ShiftTurn:
    row = row_of(event, shift)
    turn = ShiftTurn.objects.filter(shift=row, volunteer=volunteer, state__in=HOLDING).first()
    if turn is None:
        raise Refused(_("You do not have this shift any more."))
    if row.starts_at <= now():
        raise Refused(_("This shift has begun already. If you cannot stay, call the person named here."))
    turn.shift, turn.volunteer = row, volunteer
    return turn


def _held_turn(access: Access, turn: ShiftTurn) -> tuple[Event, ShiftTurn]:
    event = hold(turn.volunteer.event)
    require_that(may_change(access, event), ONLY_PLANNERS)
    rows = ShiftTurn.objects.select_related("shift", "volunteer").filter(state__in=HOLDING)
    locked = rows.filter(pk=turn.pk, shift__removed_at=None).first()
    if locked is None:
        raise Refused(_("This person does not have the shift any more."))
    locked.shift.event = locked.volunteer.event = event
    return event, locked


def _set(turn: ShiftTurn, state: TurnState) -> None:
    turn.state = state
    turn.changes += 1
    if state == TurnState.TAKEN:
        turn.taken_at, turn.came, turn.came_by = now(), None, None
    turn.save()


def _keep(event: Event, volunteer: Volunteer, action: str, shift: Shift, **more: Any) -> None:
    log.record(
        action,
        actor=volunteer.user,
        target_kind="event",
        target=event.uuid,
        workspace=event.workspace.uuid,
        volunteer=str(volunteer.uuid),
        shift=str(shift.uuid),
        **more,
    )
