"""Opening an event to the press, closing it, and counting places."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.applicants.mailboxes import mailbox_print, mailbox_prints
from coalition.applicants.proofs import count_links_today, request_proof
from coalition.applicants.retention import delete_unproved
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.core.throttling import LINKS_A_DAY, fingerprint, refuse_flood
from coalition.core.tokens import hash_token
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import code_of
from events.core.queries import is_over_since
from events.press.kit.notifications import tell_who_came
from events.press.registration.check_in.models import PressTick
from events.press.registration.check_in.sequence import moved
from events.press.registration.enums import ANSWERS, UNPROVED, PressState
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import PRESS, answer_guest

MOST_PLACES = 2000
DAYS_KEPT = 90  # after the event


@dataclass(frozen=True)
class Terms:
    """How an event takes the press. `closes_at` is aware; None: an hour before it begins."""

    places: int
    per_outlet: int
    closes_at: datetime.datetime | None = None
    by_hand: bool = False


def open_to_press(*, access: Access, event: Event, terms: Terms) -> PressRegistration:
    """Open press registration, open it again, or change its terms. More places move the waiting list up,
    unless each one is answered by hand.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, or if the numbers
    make no sense.
    """
    if not 1 <= terms.places <= MOST_PLACES or not 1 <= terms.per_outlet <= terms.places:
        raise Refused(_("There is at least one place, and no outlet has more than all places."))
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        registration, fresh = PressRegistration.objects.select_for_update().update_or_create(
            event=locked,
            defaults={
                "places": terms.places,
                "per_outlet": terms.per_outlet,
                "closes_at": terms.closes_at,
                "by_hand": terms.by_hand,
                "stopped_at": None,
            },
            create_defaults={
                "places": terms.places,
                "per_outlet": terms.per_outlet,
                "closes_at": terms.closes_at,
                "by_hand": terms.by_hand,
                "opened_at": now(),
            },
        )
        registration.event = locked
        audit.record(locked, access, "event.press_opened" if fresh else "event.press_terms")
        if not registration.by_hand:
            move_up(registration, registration.places)
    return registration


def stop(*, access: Access, event: Event) -> None:
    """Take no more journalists; who is there stays. Raises NotAllowed."""
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        PressRegistration.objects.filter(event=locked, stopped_at=None).update(stopped_at=now())
        audit.record(locked, access, "event.press_stopped")


def why_closed(registration: PressRegistration) -> str:
    """Why nobody can register now: "cancelled", "over", "closed"; "" while it is open."""
    event, moment = registration.event, now()
    if event.cancelled_at is not None:
        return "cancelled"
    if event.lasts_until is not None and event.lasts_until < moment:
        return "over"
    if not event.is_public or registration.stopped_at is not None or registration.closing <= moment:
        return "closed"
    return ""


def place_for(registration: PressRegistration, guest: PressGuest) -> PressState:
    """What the numbers say of somebody who asks: a place, the waiting list, or none.

    The waiting list is as long as there are places: to stand further back gives a hope that is none.
    """
    others = PressGuest.objects.filter(registration=registration).exclude(pk=guest.pk)
    confirmed = others.filter(state=PressState.CONFIRMED)
    of_outlet = confirmed.filter(outlet_print=guest.outlet_print).count()
    if confirmed.count() < registration.places and of_outlet < registration.per_outlet:
        return PressState.CONFIRMED
    if others.filter(state=PressState.WAITING).count() < registration.places:
        return PressState.WAITING
    return PressState.FULL


def move_up(registration: PressRegistration, most: int = 1) -> None:
    """Give at most so many free places to the first of the waiting list whose outlet has room, and tell them.

    In the caller's transaction, with the event's row held. When the event is over, cancelled or not public
    nobody moves."""
    if why_closed(registration) in {"cancelled", "over"} or not registration.event.is_public:
        return
    for guest in PressGuest.objects.filter(registration=registration, state=PressState.WAITING):
        if most and place_for(registration, guest) == PressState.CONFIRMED:
            guest.registration = registration
            answer_guest(guest, PressState.CONFIRMED, moved_up=True)
            most -= 1


def forget_press_guests() -> int:
    """Delete who never proved an address, and everybody a while after the event. Returns how many."""
    own = ("registration__closes_at", "written_at", "answered_at", "came_at")
    over = PressGuest.objects.filter(is_over_since(DAYS_KEPT, "registration__event__", *own))
    return delete_unproved(PressGuest, state=PressState.UNCONFIRMED) + delete_in_batches(over)


# --- answer ---
# Answering journalists by hand, and noting who came.


def answer_by_hand(*, access: Access, guest: PressGuest, answer: PressState) -> PressGuest:
    """Say confirmed, waiting list or no place; they are told. The same answer again tells nothing.

    An organiser may give an outlet more than its number, never more places than there are. A place that gets
    free goes to the waiting list. Raises NotAllowed; Refused for who withdrew, who came, or without a place.
    """
    with transaction.atomic():
        event, locked = _lock_for_organiser(access, guest)
        refuse_cancelled(event)
        _refuse_silence(event)
        before = PressState(locked.state)
        if answer not in ANSWERS or not before.can_be_answered:
            raise Refused(_("This person did not ask, or has withdrawn."))
        if before == answer:
            return locked
        if locked.came_at is not None:
            raise Refused(_("This person is here already."))
        taken = PressGuest.objects.filter(registration=locked.registration, state=PressState.CONFIRMED)
        if answer == PressState.CONFIRMED and taken.count() >= locked.registration.places:
            raise Refused(_("All places are taken. Raise their number first."))
        answer_guest(locked, answer)
        audit.record(event, access, "event.press_answered", guest=str(locked.uuid), answer=answer.value)
        if before == PressState.CONFIRMED and answer == PressState.FULL:
            move_up(locked.registration)
    return locked


def check_in(*, access: Access, guest: PressGuest) -> tuple[PressGuest, bool]:
    """Note that somebody is here; and whether it was not noted before. Two phones at once note it once.

    Raises NotAllowed; Refused for who has no place, and if the event is cancelled.
    """
    with transaction.atomic():
        event, locked = _lock_for_organiser(access, guest)
        refuse_cancelled(event)
        if locked.came_at is not None:
            return locked, False
        if locked.state != PressState.CONFIRMED:
            raise Refused(_("This person has no place yet: confirm them first."))
        locked.came_at, locked.came_by = now(), access.user
        locked.save(update_fields=["came_at", "came_by"])
        PressTick.objects.create(
            registration=locked.registration,
            guest=locked,
            mark=uuid4(),
            at=locked.came_at,
            sent_at=locked.came_at,
            by=access.user,
        )
        moved(locked.registration, [locked])
        tell_who_came(event)
        audit.record(event, access, "event.press_came", guest=str(locked.uuid))
    return locked, True


def undo_check_in(*, access: Access, guest: PressGuest) -> None:
    """It was somebody else, whoever ticked them off and on however many phones. Raises NotAllowed."""
    with transaction.atomic():
        event, locked = _lock_for_organiser(access, guest)
        if locked.came_at is None:
            return
        locked.came_at = locked.came_by = None
        locked.save(update_fields=["came_at", "came_by"])
        PressTick.objects.filter(guest=locked, taken_back_at=None).update(taken_back_at=now())
        moved(locked.registration, [locked])
        audit.record(event, access, "event.press_came_undone", guest=str(locked.uuid))


def _lock_for_organiser(access: Access, guest: PressGuest) -> tuple[Event, PressGuest]:
    """The event's row is held for every change: people, places and the waiting list are one thing."""
    event = hold(guest.registration.event)
    require_that(may_change(access, event))
    locked = PressGuest.objects.select_related("registration").filter(pk=guest.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.registration.event = event
    return event, locked


def _refuse_silence(event: Event) -> None:
    """Nobody is answered of whom nobody could be told."""
    if not event.is_public:
        raise Refused(_("The event is not public: nobody is told of it."))
    if event.lasts_until is not None and event.lasts_until < now():
        raise Refused(_("The event is over."))


# --- apply ---
# A journalist asks to come, proves the address, and withdraws: all without an account.


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
        held = _lock_registration(registration)
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
            if count_links_today(PRESS, siblings) >= LINKS_A_DAY:
                return
            PRESS.fill(guest, **said, state=PressState.UNCONFIRMED, asked_at=None, written_at=now())
            guest.mailbox_print = mailbox_print(asking.address)
            guest.outlet_print = fingerprint(" ".join(guest.outlet.split()))
            guest.save()
        request_proof(PRESS, guest, context={"known": is_known})


def prove_address(*, guest: PressGuest) -> PressGuest:
    """Whoever opened the link asks to come: answered at once, or by an organiser. A second press changes
    nothing. Raises Closed."""
    with transaction.atomic():
        held, locked = _lock_guest(guest)
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
        held, locked = _lock_guest(guest)
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


def _lock_registration(registration: PressRegistration) -> PressRegistration:
    event = hold(registration.event)
    held = PressRegistration.objects.get(pk=registration.pk)
    held.event = event
    return held


def _lock_guest(guest: PressGuest) -> tuple[PressRegistration, PressGuest]:
    held = _lock_registration(guest.registration)
    locked = PRESS.locked(guest)
    locked.registration = held
    return held, locked


def _keep(registration: PressRegistration, guest: PressGuest, action: str) -> None:
    log.record_audit(
        action,
        actor=None,
        target_kind="event",
        target=registration.event.uuid,
        workspace=registration.event.workspace.uuid,
        guest=str(guest.uuid),
    )
