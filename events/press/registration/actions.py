"""Open and close press registration of an event; assign places."""

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
from events.core import audit as core_audit
from events.core.enums import PressState
from events.core.journalists import PRESS, press_came, why_registration_closed
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event, PressGuest, PressRegistration
from events.core.permissions import may_change
from events.core.printed_codes import code_of
from events.core.queries import is_over_since
from events.press.registration.check_in.actions import mark_guests_changed
from events.press.registration.check_in.models import PressTick
from events.press.registration.enums import ANSWERS, UNPROVED
from events.press.registration.notifications import set_guest_state_and_notify

MOST_PLACES = 2000
DAYS_KEPT = 90  # after the event


@dataclass(frozen=True)
class PressTerms:
    """Terms of press registration. `closes_at` is aware; None: an hour before the event begins."""

    places: int
    per_outlet: int
    closes_at: datetime.datetime | None = None
    by_hand: bool = False


def open_to_press(*, access: Access, event: Event, terms: PressTerms) -> PressRegistration:
    """Open press registration, reopen it, or change its terms. More places move the waiting list
    up, unless an organiser answers each request.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, or if the
    numbers make no sense.
    """
    if not 1 <= terms.places <= MOST_PLACES or not 1 <= terms.per_outlet <= terms.places:
        raise Refused(_("There is at least one place, and no outlet has more than all places."))
    with transaction.atomic():
        locked = lock_event(event)
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
        core_audit.record_event_action(locked, access, "event.press_opened" if fresh else "event.press_terms")
        if not registration.by_hand:
            promote_waiting_list(registration, registration.places)
    return registration


def close_press_registration(*, access: Access, event: Event) -> None:
    """Close registration; registered journalists stay. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        PressRegistration.objects.filter(event=locked, stopped_at=None).update(stopped_at=now())
        core_audit.record_event_action(locked, access, "event.press_stopped")


def state_for_request(registration: PressRegistration, guest: PressGuest) -> PressState:
    """Return the state for a new request: a place, the waiting list, or none.

    The waiting list is limited to the number of places: further back there is no real chance.
    """
    others = PressGuest.objects.filter(registration=registration).exclude(pk=guest.pk)
    confirmed = others.filter(state=PressState.CONFIRMED)
    of_outlet = confirmed.filter(outlet_print=guest.outlet_print).count()
    if confirmed.count() < registration.places and of_outlet < registration.per_outlet:
        return PressState.CONFIRMED
    if others.filter(state=PressState.WAITING).count() < registration.places:
        return PressState.WAITING
    return PressState.FULL


def promote_waiting_list(registration: PressRegistration, most: int = 1) -> None:
    """Give up to `most` free places to the first on the waiting list whose outlet has room, and
    notify them.

    In the caller's transaction, with the event's row locked. Nobody moves up if the event is over,
    cancelled or not public."""
    if why_registration_closed(registration) in {"cancelled", "over"} or not registration.event.is_public:
        return
    for guest in PressGuest.objects.filter(registration=registration, state=PressState.WAITING):
        if most and state_for_request(registration, guest) == PressState.CONFIRMED:
            guest.registration = registration
            set_guest_state_and_notify(guest, PressState.CONFIRMED, moved_up=True)
            most -= 1


def forget_press_guests() -> int:
    """Delete guests with an unverified address, and all guests a set time after the event. Return
    the number of rows."""
    own = ("registration__closes_at", "written_at", "answered_at", "came_at")
    over = PressGuest.objects.filter(is_over_since(DAYS_KEPT, "registration__event__", *own))
    return delete_unproved(PressGuest, state=PressState.UNCONFIRMED) + delete_in_batches(over)


# --- answer ---
# Manual answers to journalists, and check-in.


def answer_press_guest(*, access: Access, guest: PressGuest, answer: PressState) -> PressGuest:
    """Set confirmed, waiting list or no place, and notify the guest. The same answer again sends
    nothing.

    An organiser may exceed an outlet's limit, never the number of places. A freed place goes to the
    waiting list. Raises NotAllowed; Refused for guests who withdrew or came, or without a free
    place.
    """
    with transaction.atomic():
        event, locked = _lock_for_organiser(access, guest)
        refuse_cancelled(event)
        _refuse_unreachable_event(event)
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
        set_guest_state_and_notify(locked, answer)
        core_audit.record_event_action(
            event, access, "event.press_answered", guest=str(locked.uuid), answer=answer.value
        )
        if before == PressState.CONFIRMED and answer == PressState.FULL:
            promote_waiting_list(locked.registration)
    return locked


def check_in(*, access: Access, guest: PressGuest) -> tuple[PressGuest, bool]:
    """Check a guest in. Return the guest, and whether this is the first check-in; concurrent calls
    record one.

    Raises NotAllowed; Refused for a guest without a place, and if the event is cancelled.
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
        mark_guests_changed(locked.registration, [locked])
        press_came(event)
        core_audit.record_event_action(event, access, "event.press_came", guest=str(locked.uuid))
    return locked, True


def undo_check_in(*, access: Access, guest: PressGuest) -> None:
    """Undo a mistaken check-in, including those from other phones. Raises NotAllowed."""
    with transaction.atomic():
        event, locked = _lock_for_organiser(access, guest)
        if locked.came_at is None:
            return
        locked.came_at = locked.came_by = None
        locked.save(update_fields=["came_at", "came_by"])
        PressTick.objects.filter(guest=locked, taken_back_at=None).update(taken_back_at=now())
        mark_guests_changed(locked.registration, [locked])
        core_audit.record_event_action(event, access, "event.press_came_undone", guest=str(locked.uuid))


def _lock_for_organiser(access: Access, guest: PressGuest) -> tuple[Event, PressGuest]:
    """Lock the event's row and the guest: guests, places and waiting list change together."""
    event = lock_event(guest.registration.event)
    require_that(may_change(access, event))
    locked = PressGuest.objects.select_related("registration").filter(pk=guest.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.registration.event = event
    return event, locked


def _refuse_unreachable_event(event: Event) -> None:
    """Raise Refused if the guest could not be notified."""
    if not event.is_public:
        raise Refused(_("The event is not public: nobody is told of it."))
    if event.lasts_until is not None and event.lasts_until < now():
        raise Refused(_("The event is over."))


# --- apply ---
# A journalist registers, verifies the address, and withdraws: all without an account.


class PressRegistrationClosed(Refused):
    """Registration is closed."""

    def __init__(self) -> None:
        super().__init__(_("Press registration is closed."))


@dataclass(frozen=True)
class PressRequest:
    """A journalist's request: fields of PressGuest. `equipment`: values of Equipment."""

    name: str
    outlet: str
    address: str
    language: str
    phone: str = ""
    equipment: Sequence[str] = ()
    interview: str = ""


def request_press_place(*, registration: PressRegistration, asking: PressRequest) -> None:
    """Store the request and mail the link. The response is the same for known and unknown
    addresses.

    A guest who was answered already gets the link to their page and nothing is changed, because
    anybody can type an address. Otherwise nothing is stored or mailed once the mailbox got
    LINKS_A_DAY links today, under any spelling of its address. Raises Closed, and TooMany.
    """
    with transaction.atomic():
        held = _lock_registration(registration)
        if why_registration_closed(held):
            raise PressRegistrationClosed
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


def confirm_press_address(*, guest: PressGuest) -> PressGuest:
    """Verify the address by its link and submit the request: it is answered at once, or by an
    organiser. A second POST changes nothing. Raises Closed."""
    with transaction.atomic():
        held, locked = _lock_guest(guest)
        if locked.state not in UNPROVED:
            return locked
        if why_registration_closed(held):
            raise PressRegistrationClosed
        locked.state, locked.asked_at, locked.came_at = PressState.ASKED, now(), None
        locked.told_sequence = held.event.sequence
        locked.save(update_fields=["state", "asked_at", "came_at", "told_sequence"])
        if not held.by_hand:
            set_guest_state_and_notify(locked, state_for_request(held, locked))
        _audit_press_guest(held, locked, "event.press_asked")
    return locked


def withdraw_press_guest(*, guest: PressGuest) -> PressGuest | None:
    """Withdraw the guest; a freed place goes to the first on the waiting list.

    A guest with an unverified address is deleted: None. Raises Refused once they are checked in."""
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
            mark_guests_changed(held, [locked])
            _audit_press_guest(held, locked, "event.press_withdrawn")
            if before == PressState.CONFIRMED:
                promote_waiting_list(held)
    return locked


def _lock_registration(registration: PressRegistration) -> PressRegistration:
    event = lock_event(registration.event)
    held = PressRegistration.objects.get(pk=registration.pk)
    held.event = event
    return held


def _lock_guest(guest: PressGuest) -> tuple[PressRegistration, PressGuest]:
    held = _lock_registration(guest.registration)
    locked = PRESS.locked(guest)
    locked.registration = held
    return held, locked


def _audit_press_guest(registration: PressRegistration, guest: PressGuest, action: str) -> None:
    log.record_audit(
        action,
        actor=None,
        target_kind="event",
        target=registration.event.uuid,
        workspace=registration.event.workspace.uuid,
        guest=str(guest.uuid),
    )
