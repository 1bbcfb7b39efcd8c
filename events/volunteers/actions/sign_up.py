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
from events.core import audit as core_audit
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import is_admitted, is_open_to_guests, may_change
from events.volunteers.actions.shifts import (
    ONLY_PLANNERS,
    get_or_create_shift_plan,
    get_shift,
    lock_event_for_planning,
)
from events.volunteers.enums import HOLDING, AgeStatement, TurnState
from events.volunteers.facts import when_of
from events.volunteers.models import Shift, ShiftLink, ShiftLinkUse, ShiftTurn, Volunteer
from events.volunteers.notifications import (
    OWN_PAGE_PURPOSE,
    notify_shift_assigned,
    notify_shift_ended,
    send_link,
)
from events.volunteers.queries import (
    active_turns,
    known_shifts,
    overlapping,
    same_person,
    shift_plan_of,
    volunteer_of_user,
)

SHIFT_LINK_PURPOSE = "events.shift_link"
MAX_LINK_LIFETIME = datetime.timedelta(days=400)
MOST_LINKS = 20
MOST_USES_KEPT = 500  # per hour and link: a higher number cannot be people


def shift_link_token(link: ShiftLink) -> str:
    """Return the token of the link; the database stores only its hash."""
    return derive_token(SHIFT_LINK_PURPOSE, link.uuid)


def make_shift_link(*, access: Access, event: Event, until: datetime.datetime, name: str = "") -> ShiftLink:
    """Create a link that is valid until an aware moment.

    Raises NotAllowed; Refused if the event's handling marks exclude guests, if the moment is past
    or too far ahead, or if there are too many links.
    """
    with transaction.atomic():
        locked = lock_event_for_planning(access, event)
        get_or_create_shift_plan(locked)
        if not is_open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if not now() < until <= now() + MAX_LINK_LIFETIME:
            raise Refused(_("A link ends in the future, at most 400 days from now."))
        if ShiftLink.objects.filter(event=locked, taken_back_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        uuid = uuid7()
        link = ShiftLink.objects.create(
            uuid=uuid,
            event=locked,
            name=name.strip(),
            token_hash=hash_token(derive_token(SHIFT_LINK_PURPOSE, uuid)),
            until=until,
            made_at=now(),
            made_by=access.user,
        )
        core_audit.record_event_action(locked, access, "event.shift_link_made", link=str(link.uuid))
    return link


def end_shift_link(*, access: Access, link: ShiftLink) -> None:
    """Revoke a link at once, also of a cancelled event; its volunteers stay. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_event(link.event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        if ShiftLink.objects.filter(pk=link.pk, taken_back_at=None).update(taken_back_at=now()):
            core_audit.record_event_action(locked, access, "event.shift_link_taken_back", link=str(link.uuid))


def record_link_use(link: ShiftLink, *, signed_up: bool = False) -> None:
    """Record a use of the link: time and purpose, without personal data."""
    recent = ShiftLinkUse.objects.filter(link=link, at__gt=now() - HOUR).count()
    if recent < MOST_USES_KEPT:
        ShiftLinkUse.objects.create(link=link, at=now(), signed_up=signed_up)


# --- assignments ---
# Volunteers take a shift, withdraw, offer it or take one over; attendance is recorded.


def take_shift(*, volunteer: Volunteer, shift: UUID) -> ShiftTurn:
    """Assign a shift of the event to a volunteer with a verified address. Idempotent.

    Raises Refused if it has begun, is full, or overlaps another one of theirs at any event.
    """
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        return assign_shift(event, locked, get_shift(event, shift))


def assign_shift(event: Event, volunteer: Volunteer, shift: Shift, *, swapped: bool = False) -> ShiftTurn:
    """Assign a shift as `take_shift`, in the caller's transaction with the event's row locked.
    `swapped`: another volunteer gives it up in the same transaction, so that the number of people
    stays."""
    if shift.starts_at <= now():
        raise Refused(_("This shift has begun already."))
    turn = ShiftTurn.objects.filter(shift=shift, volunteer=volunteer).first()
    if turn is not None and TurnState(turn.state).holds:
        return turn
    if not swapped and active_turns(shift).count() >= shift.needed:
        raise Refused(_("Enough people have this shift already: %(when)s."), when=when_of(shift, event))
    # Serialises concurrent requests of the same person at two events.
    list(Volunteer.objects.select_for_update().filter(same_person(volunteer)).order_by("pk"))
    other = overlapping(volunteer, shift)
    if other is not None:
        own = when_of(other.shift, other.shift.event)
        raise Refused(_("You have another shift at that time: %(when)s."), when=own)
    turn = turn or ShiftTurn(shift=shift, volunteer=volunteer)
    turn.shift, turn.volunteer = shift, volunteer
    _set_turn_state(turn, TurnState.TAKEN)
    notify_shift_assigned(turn, swapped=swapped)
    _audit_volunteer(event, volunteer, "event.shift_taken", shift)
    return turn


def withdraw_from_shift(*, volunteer: Volunteer, shift: UUID) -> None:
    """Free the volunteer's shift. Raises Refused once it has begun."""
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        turn = _get_own_turn(event, locked, shift)
        _set_turn_state(turn, TurnState.WITHDRAWN)
        notify_shift_ended(turn, "withdrawn")
        _audit_volunteer(event, locked, "event.shift_withdrawn", turn.shift)


def offer_shift(*, volunteer: Volunteer, shift: UUID, offered: bool = True) -> ShiftTurn:
    """Offer a shift to the other volunteers, or withdraw the offer; it stays theirs until it is
    taken. Raises Refused once it has begun."""
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        turn = _get_own_turn(event, locked, shift)
        state = TurnState.OFFERED if offered else TurnState.TAKEN
        if turn.state != state:
            turn.state = state
            turn.save(update_fields=["state"])
            _audit_volunteer(
                event, locked, "event.shift_offered" if offered else "event.shift_offer_ended", turn.shift
            )
    return turn


def take_over_shift(*, volunteer: Volunteer, turn: UUID) -> ShiftTurn:
    """Transfer an offered shift to another volunteer; notify both. Raises Refused if it was taken
    already, the offer was withdrawn, or it overlaps another shift of theirs."""
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        rows = ShiftTurn.objects.filter(shift__event=event, shift__removed_at=None, state=TurnState.OFFERED)
        given = rows.select_related("shift", "volunteer").filter(uuid=turn).first()
        if given is None or given.volunteer_id == locked.pk:
            raise Refused(_("This shift is not offered any more."))
        given.shift.event = given.volunteer.event = event
        if active_turns(given.shift).filter(volunteer=locked).exists():
            raise Refused(_("You have this shift already."))
        taken = assign_shift(event, locked, given.shift, swapped=True)
        _set_turn_state(given, TurnState.GIVEN)
        notify_shift_ended(given, "given")
        _audit_volunteer(
            event, locked, "event.shift_swapped", given.shift, given_by=str(given.volunteer.uuid)
        )
    return taken


def set_attendance(*, access: Access, turn: ShiftTurn, came: bool | None) -> ShiftTurn:
    """Record attendance, absence, or unknown (None), from the beginning of the shift.

    Raises NotAllowed; Refused before the shift begins, or if the volunteer does not have it.
    """
    with transaction.atomic():
        event, locked = _lock_turn(access, turn)
        if locked.shift.starts_at > now():
            raise Refused(_("The shift has not begun yet."))
        if locked.came != came:
            locked.came = came
            locked.came_by = access.user if came is not None else None
            locked.save(update_fields=["came", "came_by"])
            core_audit.record_event_action(
                event, access, "event.shift_came", turn=str(locked.uuid), came=came
            )
    return locked


def remove_from_shift(*, access: Access, turn: ShiftTurn) -> None:
    """Remove a volunteer from a shift on behalf of the organisers, and notify them. Raises
    NotAllowed, Refused."""
    with transaction.atomic():
        event, locked = _lock_turn(access, turn)
        refuse_cancelled(event)
        if locked.shift.starts_at <= now():
            raise Refused(_("This shift has begun already."))
        _set_turn_state(locked, TurnState.WITHDRAWN)
        notify_shift_ended(locked, "taken_off")
        core_audit.record_event_action(event, access, "event.shift_taken_off", turn=str(locked.uuid))


def lock_volunteer(volunteer: Volunteer) -> tuple[Event, Volunteer]:
    """Lock the event's row and reload the volunteer. Raises Refused if the event is cancelled or
    the volunteer was deleted."""
    event = lock_event(volunteer.event)
    refuse_cancelled(event)
    locked = Volunteer.objects.filter(pk=volunteer.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.event = event
    return event, locked


def _get_own_turn(event: Event, volunteer: Volunteer, shift: UUID) -> ShiftTurn:
    row = get_shift(event, shift)
    turn = ShiftTurn.objects.filter(shift=row, volunteer=volunteer, state__in=HOLDING).first()
    if turn is None:
        raise Refused(_("You do not have this shift any more."))
    if row.starts_at <= now():
        raise Refused(_("This shift has begun already. If you cannot stay, call the person named here."))
    turn.shift, turn.volunteer = row, volunteer
    return turn


def _lock_turn(access: Access, turn: ShiftTurn) -> tuple[Event, ShiftTurn]:
    event = lock_event(turn.volunteer.event)
    require_that(may_change(access, event), ONLY_PLANNERS)
    rows = ShiftTurn.objects.select_related("shift", "volunteer").filter(state__in=HOLDING)
    locked = rows.filter(pk=turn.pk, shift__removed_at=None).first()
    if locked is None:
        raise Refused(_("This person does not have the shift any more."))
    locked.shift.event = locked.volunteer.event = event
    return event, locked


def _set_turn_state(turn: ShiftTurn, state: TurnState) -> None:
    turn.state = state
    turn.changes += 1
    if state == TurnState.TAKEN:
        turn.taken_at, turn.came, turn.came_by = now(), None, None
    turn.save()


def _audit_volunteer(event: Event, volunteer: Volunteer, action: str, shift: Shift, **more: Any) -> None:
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
# Sign-up for shifts: by a link without an account, with verification by mail; or with an account.


@dataclass(frozen=True)
class SignUpInput:
    """Data of a sign-up. `shifts`: UUIDs; `briefed`: they read the safety brief."""

    name: str
    address: str
    phone: str
    language: Language
    shifts: Sequence[UUID]
    briefed: bool = False
    grown: AgeStatement = AgeStatement.UNASKED


def shifts_closed_reason(event: Event) -> str:
    """Return why sign-up is closed: "cancelled", "over" or "marks"; "" while it is open."""
    if event.cancelled_at is not None:
        return "cancelled"
    if event.lasts_until is not None and event.lasts_until < now():
        coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
        return "" if coming.exists() else "over"
    return "" if is_open_to_guests(event) else "marks"


def request_sign_up(*, link: ShiftLink, asking: SignUpInput) -> None:
    """Store the sign-up and mail a link. The response is the same for known and unknown addresses.

    A volunteer with a verified address gets the link to their page and nothing is changed, because
    anybody can type an address. Raises Refused if the link has expired, the event is cancelled,
    brief or age are not confirmed, or the rate limit is exceeded.
    """
    with transaction.atomic():
        event = lock_event(link.event)
        fresh = ShiftLink.objects.filter(pk=link.pk, taken_back_at=None, until__gt=now()).first()
        if fresh is None or shifts_closed_reason(event):
            raise Refused(_("Nobody can sign up by this link any more."))
        _check_sign_up(event, asking)
        mark = fingerprint(asking.address)
        known = Volunteer.objects.filter(event=event, address_print=mark).first()
        if known is None:
            refuse_flood(Volunteer.objects.filter(event=event))
            known = _new_volunteer(event, mark)
        known.event = event
        if known.proved_at is None:
            _fill_volunteer(known, asking)
            _set_wished_shifts(known, asking.shifts)
        record_link_use(fresh, signed_up=True)
        send_link(known)


def confirm_volunteer_address(*, volunteer: Volunteer) -> list[str]:
    """Verify the address by its link, and assign the chosen shifts that are still free.

    Return the reasons for those that are not. A second POST changes nothing. Raises Refused as
    `take_shift` if the event is cancelled.
    """
    refused: list[str] = []
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        if locked.proved_at is not None:
            return []
        locked.proved_at, locked.told_sequence = now(), event.sequence
        locked.save(update_fields=["proved_at", "told_sequence"])
        wished = ShiftTurn.objects.filter(volunteer=locked, state=TurnState.WISHED)
        for turn in wished.select_related("shift").order_by("shift__starts_at"):
            try:
                assign_shift(event, locked, get_shift(event, turn.shift.uuid))
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


def delete_unproved_volunteer(*, volunteer: Volunteer) -> None:
    """Delete a sign-up with an unverified address. Does nothing for a verified one."""
    Volunteer.objects.filter(pk=volunteer.pk, proved_at=None).delete()


def sign_up_member(*, access: Access, event: Event, asking: SignUpInput) -> Volunteer:
    """Sign up a member with an account and a seat, without verification by mail. All of the shifts
    are assigned or none.

    Raises NotAllowed if the event is not for their organisation; Refused as `take_shift`, and
    without brief or age.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(is_admitted(access, locked))
        refuse_cancelled(locked)
        _check_sign_up(locked, asking)
        row = _member_row(locked, access.user)
        _fill_volunteer(row, asking)
        row.proved_at = row.proved_at or now()
        row.save(update_fields=["proved_at"])
        for uuid in asking.shifts:
            assign_shift(locked, row, get_shift(locked, uuid))
    return row


def _member_row(event: Event, user: User) -> Volunteer:
    """Return their row at this event, including one created by a link with the account's
    address."""
    mark = fingerprint(user.email)
    row = volunteer_of_user(event, user)
    row = (
        row
        or Volunteer.objects.filter(event=event, address_print=mark).first()
        or _new_volunteer(event, mark)
    )
    row.event, row.user, row.told_sequence = event, user, event.sequence
    return row


def _new_volunteer(event: Event, mark: str) -> Volunteer:
    uuid = uuid7()
    return Volunteer(
        uuid=uuid,
        event=event,
        address_print=mark,
        token_hash=hash_token(derive_token(OWN_PAGE_PURPOSE, uuid)),
    )


def _fill_volunteer(volunteer: Volunteer, asking: SignUpInput) -> None:
    volunteer.name, volunteer.address = asking.name.strip(), asking.address.strip()
    volunteer.phone, volunteer.language = asking.phone.strip(), asking.language
    volunteer.grown, volunteer.written_at = asking.grown, now()
    volunteer.briefed_at = now() if asking.briefed else None
    volunteer.save()


def _set_wished_shifts(volunteer: Volunteer, shifts: Sequence[UUID]) -> None:
    """Store the latest choice of shifts; they are assigned when the address is verified."""
    ShiftTurn.objects.filter(volunteer=volunteer, state=TurnState.WISHED).delete()
    found = known_shifts(volunteer.event, shifts)
    ShiftTurn.objects.bulk_create(ShiftTurn(shift=one, volunteer=volunteer) for one in found.values())


def _check_sign_up(event: Event, asking: SignUpInput) -> None:
    plan = shift_plan_of(event)
    if plan is not None and any(plan.brief.values()) and not asking.briefed:
        raise Refused(_("Read the safety brief first, and say that you did."))
    if plan is not None and plan.asks_age and asking.grown == AgeStatement.UNASKED:
        raise Refused(_("Say whether you are 18, or whether a parent or guardian agrees."))
    if not asking.shifts:
        raise Refused(_("Choose at least one shift."))
