"""A journalist asks to come, proves the address, and withdraws: all without an account."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import fingerprint, refuse_flood
from coalition.core.tokens import hash_token
from events.core.link_tokens import code_of, token_of
from events.core.locking import hold
from events.press.registration.actions.settings import move_up, place_for, why_closed
from events.press.registration.check_in.sequence import moved
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import answer_guest, send_link


class Closed(Refused):
    """Nobody can register now; `why` as `why_closed` says it."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Press registration is closed."))
        self.why = why


@dataclass(frozen=True)
class Asking:
    """What a journalist writes. `equipment`: values of Equipment."""

    name: str
    outlet: str
    address: str
    language: Language
    phone: str = ""
    equipment: Iterable[str] = ()
    interview: str = ""


def ask_to_come(*, registration: PressRegistration, asking: Asking) -> None:
    """Keep what was written and mail the link. Whoever asks is told the same, known or not.

    Somebody who was answered already gets the link to their page and nothing is changed: anybody can type
    an address. Raises Closed, and TooMany.
    """
    with transaction.atomic():
        held = _held(registration)
        if why := why_closed(held):
            raise Closed(why)
        mark = fingerprint(asking.address)
        known = PressGuest.objects.filter(registration=held, address_print=mark).first()
        if known is None:
            refuse_flood(PressGuest.objects.filter(registration=held))
            uuid = uuid7()
            known = PressGuest(
                uuid=uuid,
                registration=held,
                address_print=mark,
                token_hash=hash_token(token_of(uuid)),
                code_hash=hash_token(code_of(uuid)),
            )
        known.registration = held
        if known.state in {PressState.UNCONFIRMED, PressState.WITHDRAWN}:
            _write(known, asking)
        send_link(known)


def prove_address(*, guest: PressGuest) -> PressGuest:
    """Whoever opened the link asks to come: answered at once, or by an organiser. A second press changes
    nothing. Raises Closed."""
    with transaction.atomic():
        held, locked = _held_guest(guest)
        if locked.state not in {PressState.UNCONFIRMED, PressState.WITHDRAWN}:
            return locked
        if why := why_closed(held):
            raise Closed(why)
        locked.state, locked.asked_at, locked.came_at = PressState.ASKED, now(), None
        locked.told_sequence = held.event.sequence
        locked.save(update_fields=["state", "asked_at", "came_at", "told_sequence"])
        if not held.by_hand:
            answer_guest(locked, place_for(held, locked))
        _keep(held, locked, "event.press_asked")
    return locked


def withdraw_press(*, guest: PressGuest) -> PressGuest | None:
    """One press: they do not come; if they had a place, the first of the waiting list moves up.

    Whoever never proved the address is deleted: None. Raises Refused once they are there: somebody saw them
    come."""
    with transaction.atomic():
        held, locked = _held_guest(guest)
        if locked.state == PressState.UNCONFIRMED:
            locked.delete()
            return None
        if locked.came_at is not None:
            raise Refused(_("You are noted as having come."))
        before = PressState(locked.state)
        if before != PressState.WITHDRAWN:
            locked.state = PressState.WITHDRAWN
            locked.save(update_fields=["state"])
            moved(held, [locked])
            _keep(held, locked, "event.press_withdrawn")
            if before == PressState.CONFIRMED:
                move_up(held)
    return locked


def _held(registration: PressRegistration) -> PressRegistration:
    event = hold(registration.event)
    held = PressRegistration.objects.get(pk=registration.pk)
    held.event = event
    return held


def _held_guest(guest: PressGuest) -> tuple[PressRegistration, PressGuest]:
    held = _held(guest.registration)
    locked = PressGuest.objects.filter(pk=guest.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.registration = held
    return held, locked


def _write(guest: PressGuest, asking: Asking) -> None:
    guest.name, guest.outlet = asking.name.strip(), asking.outlet.strip()
    guest.address, guest.phone = asking.address.strip(), asking.phone.strip()
    guest.interview, guest.equipment = asking.interview.strip(), list(asking.equipment)
    guest.outlet_print = fingerprint(" ".join(asking.outlet.split()))
    guest.language, guest.written_at = asking.language, now()
    guest.state, guest.asked_at = PressState.UNCONFIRMED, None
    guest.save()


def _keep(registration: PressRegistration, guest: PressGuest, action: str) -> None:
    log.record(
        action,
        actor=None,
        target_kind="event",
        target=registration.event.uuid,
        workspace=registration.event.workspace.uuid,
        guest=str(guest.uuid),
    )
