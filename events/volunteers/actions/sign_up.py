"""Links by which people without an account sign up for an event's shifts."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import HOUR, fingerprint, refuse_flood
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import is_admitted, may_change
from events.invitations.actions import FOR_GUESTS
from events.volunteers.actions.shifts import ONLY_PLANNERS, held_for_planning, plan_for, row_of
from events.volunteers.enums import HOLDING, Grown, TurnState
from events.volunteers.facts import when_of
from events.volunteers.models import Shift, ShiftLink, ShiftLinkUse, ShiftTurn, Volunteer
from events.volunteers.notifications import OWN, send_link, tell_ended, tell_taken
from events.volunteers.queries import (
    holding,
    known_shifts,
    overlapping,
    same_person,
    shift_plan_of,
    volunteer_of_user,
)

SIGN_UP = "events.shift_link"
LONGEST = datetime.timedelta(days=400)
MOST_LINKS = 20
MOST_USES_KEPT = 500  # an hour and link: what is counted beyond that is no longer people


def token_of(link: ShiftLink) -> str:
    """The token of the link; the database has its hash only."""
    return derive_token(SIGN_UP, link.uuid)


def open_to_guests(event: Event) -> bool:
    """Whether people from outside may read of the event: its mark says so, and it is for no list."""
    return event.handling in FOR_GUESTS and not event.restricted


def make_link(*, access: Access, event: Event, until: datetime.datetime, name: str = "") -> ShiftLink:
    """Make a link that opens until an aware moment.

    Raises NotAllowed; Refused if the marks of the event keep it from guests, if the end lies behind or too
    far away, or if there are too many links.
    """
    with transaction.atomic():
        locked = held_for_planning(access, event)
        plan_for(locked)
        if not open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if not now() < until <= now() + LONGEST:
            raise Refused(_("A link ends in the future, at most 400 days from now."))
        if ShiftLink.objects.filter(event=locked, taken_back_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        uuid = uuid7()
        link = ShiftLink.objects.create(
            uuid=uuid,
            event=locked,
            name=name.strip(),
            token_hash=hash_token(derive_token(SIGN_UP, uuid)),
            until=until,
            made_at=now(),
            made_by=access.user,
        )
        audit.record(locked, access, "event.shift_link_made", link=str(link.uuid))
    return link


def take_back(*, access: Access, link: ShiftLink) -> None:
    """End a link at once; who signed up by it stays. Also of a cancelled event. Raises NotAllowed."""
    with transaction.atomic():
        locked = hold(link.event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        if ShiftLink.objects.filter(pk=link.pk, taken_back_at=None).update(taken_back_at=now()):
            audit.record(locked, access, "event.shift_link_taken_back", link=str(link.uuid))


def note_use(link: ShiftLink, *, signed_up: bool = False) -> None:
    """Write down that the link was used: when and for what, nothing of whom."""
    recent = ShiftLinkUse.objects.filter(link=link, at__gt=now() - HOUR).count()
    if recent < MOST_USES_KEPT:
        ShiftLinkUse.objects.create(link=link, at=now(), signed_up=signed_up)


# --- assignments ---
# A volunteer takes a shift, withdraws, offers it to others; somebody takes it over; who came is noted.


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
    log.record_audit(
        action,
        actor=volunteer.user,
        target_kind="event",
        target=event.uuid,
        workspace=event.workspace.uuid,
        volunteer=str(volunteer.uuid),
        shift=str(shift.uuid),
        **more,
    )


# --- sign up ---
# Signing up for shifts: by a link without an account, the address proved by mail; or with an account.


@dataclass(frozen=True)
class SigningUp:
    """What a volunteer writes. `shifts`: UUIDs; `briefed`: they read the safety brief."""

    name: str
    address: str
    phone: str
    language: Language
    shifts: Sequence[UUID]
    briefed: bool = False
    grown: Grown = Grown.UNASKED


def why_closed(event: Event) -> str:
    """Why nobody can sign up now: "cancelled", "over", "marks"; "" while they can."""
    if event.cancelled_at is not None:
        return "cancelled"
    if event.lasts_until is not None and event.lasts_until < now():
        coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
        return "" if coming.exists() else "over"
    return "" if open_to_guests(event) else "marks"


def ask_to_help(*, link: ShiftLink, asking: SigningUp) -> None:
    """Keep what was written and mail a link. Whoever asks is told the same, known or not.

    Somebody whose address is proved gets the link to their page and nothing is changed: anybody can type an
    address. Raises Refused if the link has ended, the event is cancelled, brief or age are not confirmed, or
    so many ask that it is no longer people.
    """
    with transaction.atomic():
        event = hold(link.event)
        fresh = ShiftLink.objects.filter(pk=link.pk, taken_back_at=None, until__gt=now()).first()
        if fresh is None or why_closed(event):
            raise Refused(_("Nobody can sign up by this link any more."))
        _check(event, asking)
        mark = fingerprint(asking.address)
        known = Volunteer.objects.filter(event=event, address_print=mark).first()
        if known is None:
            refuse_flood(Volunteer.objects.filter(event=event))
            known = _new(event, mark)
        known.event = event
        if known.proved_at is None:
            _write(known, asking)
            _wish(known, asking.shifts)
        note_use(fresh, signed_up=True)
        send_link(known)


def prove_address(*, volunteer: Volunteer) -> list[str]:
    """Whoever opened the link says that it was them: what they chose is theirs, as far as it is still free.

    Returns why something is not, in words. A second press changes nothing. Raises Refused as `take_shift`
    if the event is cancelled.
    """
    refused: list[str] = []
    with transaction.atomic():
        event, locked = hold_volunteer(volunteer)
        if locked.proved_at is not None:
            return []
        locked.proved_at, locked.told_sequence = now(), event.sequence
        locked.save(update_fields=["proved_at", "told_sequence"])
        wished = ShiftTurn.objects.filter(volunteer=locked, state=TurnState.WISHED)
        for turn in wished.select_related("shift").order_by("shift__starts_at"):
            try:
                take(event, locked, row_of(event, turn.shift.uuid))
            except Refused as refusal:
                refused.append(refusal.message)
                turn.delete()
        log.record_audit(
            "event.volunteer_proved",
            actor=None,
            target_kind="event",
            target=event.uuid,
            workspace=event.workspace.uuid,
            volunteer=str(locked.uuid),
        )
    return refused


def not_me(*, volunteer: Volunteer) -> None:
    """Delete what was written by who never proved the address. Of anybody else nothing is deleted."""
    Volunteer.objects.filter(pk=volunteer.pk, proved_at=None).delete()


def join(*, access: Access, event: Event, asking: SigningUp) -> Volunteer:
    """Somebody with an account and a seat signs up: no mail proves what the account has proved. All of the
    shifts or none.

    Raises NotAllowed if the event is not for their organisation; Refused as `take_shift`, and without brief
    or age.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(is_admitted(access, locked))
        refuse_cancelled(locked)
        _check(locked, asking)
        row = _member_row(locked, access.user)
        _write(row, asking)
        row.proved_at = row.proved_at or now()
        row.save(update_fields=["proved_at"])
        for uuid in asking.shifts:
            take(locked, row, row_of(locked, uuid))
    return row


def _member_row(event: Event, user: User) -> Volunteer:
    """Their row at this event: also the one that they made by a link, with the address of the account."""
    mark = fingerprint(user.email)
    row = volunteer_of_user(event, user)
    row = row or Volunteer.objects.filter(event=event, address_print=mark).first() or _new(event, mark)
    row.event, row.user, row.told_sequence = event, user, event.sequence
    return row


def _new(event: Event, mark: str) -> Volunteer:
    uuid = uuid7()
    return Volunteer(
        uuid=uuid, event=event, address_print=mark, token_hash=hash_token(derive_token(OWN, uuid))
    )


def _write(volunteer: Volunteer, asking: SigningUp) -> None:
    volunteer.name, volunteer.address = asking.name.strip(), asking.address.strip()
    volunteer.phone, volunteer.language = asking.phone.strip(), asking.language
    volunteer.grown, volunteer.written_at = asking.grown, now()
    volunteer.briefed_at = now() if asking.briefed else None
    volunteer.save()


def _wish(volunteer: Volunteer, shifts: Sequence[UUID]) -> None:
    """What they chose last counts: only after the address is proved it is taken."""
    ShiftTurn.objects.filter(volunteer=volunteer, state=TurnState.WISHED).delete()
    found = known_shifts(volunteer.event, shifts)
    ShiftTurn.objects.bulk_create(ShiftTurn(shift=one, volunteer=volunteer) for one in found.values())


def _check(event: Event, asking: SigningUp) -> None:
    plan = shift_plan_of(event)
    if plan is not None and any(plan.brief.values()) and not asking.briefed:
        raise Refused(_("Read the safety brief first, and say that you did."))
    if plan is not None and plan.asks_age and asking.grown == Grown.UNASKED:
        raise Refused(_("Say whether you are 18, or whether a parent or guardian agrees."))
    if not asking.shifts:
        raise Refused(_("Choose at least one shift."))
