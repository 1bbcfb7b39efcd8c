"""A journalist asks to come, proves the address, and withdraws: all without an account."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.applicants.mailboxes import mailbox_print, mailbox_prints
from coalition.applicants.proofs import ask_for_proof, links_of_today
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import LINKS_A_DAY, fingerprint, refuse_flood
from coalition.core.tokens import hash_token
from events.core.locking import hold
from events.core.printed_codes import code_of
from events.press.registration.actions.settings import move_up, place_for, why_closed
from events.press.registration.check_in.sequence import moved
from events.press.registration.enums import UNPROVED, PressState
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import PRESS, answer_guest


class Closed(Refused):
    """Nobody can register now."""

    def __init__(self) -> None:
        super().__init__(_("Press registration is closed."))


@dataclass(frozen=True)
class Asking:
    """What a journalist writes: fields of PressGuest. `equipment`: values of Equipment."""

    name: str
    outlet: str
    address: str
    language: str
    phone: str = ""
    equipment: Sequence[str] = ()
    interview: str = ""


def ask_to_come(*, registration: PressRegistration, asking: Asking) -> None:
    """Keep what was written and mail the link. Whoever asks is told the same, known or not.

    Somebody who was answered already gets the link to their page and nothing is changed: anybody can type
    an address. For anybody else nothing is written and nothing is mailed once the mailbox got LINKS_A_DAY
    links today, under whatever addresses. Raises Closed, and TooMany.
    """
    with transaction.atomic():
        held = _held(registration)
        if why_closed(held):
            raise Closed
        rows, said = PressGuest.objects.filter(registration=held), asdict(asking)
        guest = PRESS.find_by_address(asking.address, rows)
        is_known = guest is not None and guest.state not in UNPROVED
        if guest is None:
            refuse_flood(rows)
            guest = PRESS.new(**said)
            guest.code_hash = hash_token(code_of(guest.uuid))
        guest.registration = held
        if not is_known:
            siblings = rows.filter(mailbox_print__in=mailbox_prints(asking.address))
            if links_of_today(PRESS, siblings) >= LINKS_A_DAY:
                return
            PRESS.fill(guest, **said, state=PressState.UNCONFIRMED, asked_at=None, written_at=now())
            guest.mailbox_print = mailbox_print(asking.address)
            guest.outlet_print = fingerprint(" ".join(guest.outlet.split()))
            guest.save()
        ask_for_proof(PRESS, guest, context={"known": is_known})


def prove_address(*, guest: PressGuest) -> PressGuest:
    """Whoever opened the link asks to come: answered at once, or by an organiser. A second press changes
    nothing. Raises Closed."""
    with transaction.atomic():
        held, locked = _held_guest(guest)
        if locked.state not in UNPROVED:
            return locked
        if why_closed(held):
            raise Closed
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
    locked = PRESS.locked(guest)
    locked.registration = held
    return held, locked


def _keep(registration: PressRegistration, guest: PressGuest, action: str) -> None:
    log.record(
        action,
        actor=None,
        target_kind="event",
        target=registration.event.uuid,
        workspace=registration.event.workspace.uuid,
        guest=str(guest.uuid),
    )
