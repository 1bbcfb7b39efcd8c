"""Open and close press registration of an event; assign places."""

import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import count_links_today, delete_unproved, request_proof
from coalition.applicants.forms import mailbox_print, mailbox_prints
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.core.throttling import LINKS_A_DAY, fingerprint, hash_token, refuse_flood
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.enums import PressState
from events.core.journalists import PRESS, press_came, why_registration_closed
from events.core.models import Event, PressGuest, PressRegistration
from events.core.permissions import lock_event, may_change, refuse_cancelled
from events.core.printed_codes import code_of
from events.core.queries import is_over_since
from events.press.registration.check_in import mark_guests_changed
from events.press.registration.models import PressTick
from events.press.registration.notifications import set_guest_state_and_notify
from events.press.registration.queries import ANSWERS, UNPROVED

DAYS_KEPT = 90  # after the event


def open_to_press(
    *,
    access: Access,
    event: Event,
    places: int,
    per_outlet: int,
    closes_at: datetime.datetime | None = None,
    by_hand: bool = False,
) -> PressRegistration:
    """Open press registration, reopen it, or change its terms; more places move the waiting list up, unless
    an organiser answers. `closes_at` is aware; None: an hour before the event. Raises NotAllowed, Refused."""
    terms = {"places": places, "per_outlet": per_outlet, "closes_at": closes_at, "by_hand": by_hand}
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        registration, fresh = PressRegistration.objects.select_for_update().update_or_create(
            event=locked,
            defaults=terms | {"stopped_at": None},
            create_defaults=terms | {"opened_at": now()},
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
    """Give up to `most` free places to the first on the waiting list whose outlet has room, and notify them;
    none if the event is over, cancelled or not public. In the caller's transaction and lock of the event."""
    if why_registration_closed(registration) in {"cancelled", "over"} or not registration.event.is_public:
        return
    for guest in PressGuest.objects.filter(registration=registration, state=PressState.WAITING):
        if most and state_for_request(registration, guest) == PressState.CONFIRMED:
            guest.registration = registration
            set_guest_state_and_notify(guest, PressState.CONFIRMED, moved_up=True)
            most -= 1


def forget_press_guests() -> int:
    """Delete unverified guests, and all guests a set time after the event. Return the number."""
    own = ("registration__closes_at", "written_at", "answered_at", "came_at")
    over = PressGuest.objects.filter(is_over_since(DAYS_KEPT, "registration__event__", *own))
    return delete_unproved(PressGuest, state=PressState.UNCONFIRMED) + delete_in_batches(over)


def answer_press_guest(*, access: Access, guest: PressGuest, answer: PressState) -> PressGuest:
    """Set confirmed, waiting list or no place, and notify the guest; the same answer again sends nothing.

    An organiser may exceed an outlet's limit, never the number of places. A freed place goes to the waiting
    list. Raises NotAllowed; Refused for guests who withdrew or came, or without a free place.
    """
    with transaction.atomic():
        event, locked = _lock_for_organiser(access, guest)
        refuse_cancelled(event)
        if not event.is_public:
            raise Refused(_("The event is not public: nobody is told of it."))
        if event.lasts_until is not None and event.lasts_until < now():
            raise Refused(_("The event is over."))
        before = PressState(locked.state)
        if answer not in ANSWERS or not before.can_be_answered:
            raise Refused(_("This person did not ask, or has withdrawn."))
        if before == answer:
            return locked
        if locked.came_at is not None:
            raise Refused(_("This person is here already."))
        confirmed = PressGuest.objects.filter(registration=locked.registration, state=PressState.CONFIRMED)
        if answer == PressState.CONFIRMED and confirmed.count() >= locked.registration.places:
            raise Refused(_("All places are taken. Raise their number first."))
        set_guest_state_and_notify(locked, answer)
        core_audit.record_event_action(
            event, access, "event.press_answered", guest=str(locked.uuid), answer=answer.value
        )
        if before == PressState.CONFIRMED and answer == PressState.FULL:
            promote_waiting_list(locked.registration)
    return locked


def check_in(*, access: Access, guest: PressGuest) -> tuple[PressGuest, bool]:
    """Check a guest in; concurrent calls record one. Return the guest, and whether this is the first
    check-in.

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


class PressRegistrationClosed(Refused):
    """Registration is closed."""

    def __init__(self) -> None:
        super().__init__(_("Press registration is closed."))


def request_press_place(*, registration: PressRegistration, address: str, **fields: Any) -> None:
    """Store the request and mail the link, with the same response for known and unknown addresses.

    A guest who was answered only gets the link to their page: anybody can type an address. Otherwise nothing
    is stored or mailed once the mailbox got LINKS_A_DAY links today, under any spelling of its address.
    `fields`: of PressGuest. Raises PressRegistrationClosed, TooManyRequests.
    """
    fields["address"] = address
    with transaction.atomic():
        registration = _lock_registration(registration)
        if why_registration_closed(registration):
            raise PressRegistrationClosed
        rows = PressGuest.objects.filter(registration=registration)
        guest = PRESS.find_by_address(address, rows)
        is_known = guest is not None and guest.state not in UNPROVED
        if guest is None:
            refuse_flood(rows)
            guest = PRESS.new(**fields)
            guest.code_hash = hash_token(code_of(guest.uuid))
        guest.registration = registration
        if not is_known:
            siblings = rows.filter(mailbox_print__in=mailbox_prints(address))
            if count_links_today(PRESS, siblings) >= LINKS_A_DAY:
                return
            PRESS.fill(guest, **fields, state=PressState.UNCONFIRMED, asked_at=None, written_at=now())
            guest.mailbox_print = mailbox_print(address)
            guest.outlet_print = fingerprint(" ".join(guest.outlet.split()))
            guest.save()
        request_proof(PRESS, guest, context={"known": is_known})


def confirm_press_address(*, guest: PressGuest) -> PressGuest:
    """Verify the address by its link and submit the request: it is answered at once, or by an
    organiser. A second POST changes nothing. Raises PressRegistrationClosed."""
    with transaction.atomic():
        registration, locked = _lock_guest(guest)
        if locked.state not in UNPROVED:
            return locked
        if why_registration_closed(registration):
            raise PressRegistrationClosed
        locked.state, locked.asked_at, locked.came_at = PressState.ASKED, now(), None
        locked.notified_sequence = registration.event.sequence
        locked.save(update_fields=["state", "asked_at", "came_at", "notified_sequence"])
        if not registration.by_hand:
            set_guest_state_and_notify(locked, state_for_request(registration, locked))
        _audit_press_guest(registration, locked, "event.press_asked")
    return locked


def withdraw_press_guest(*, guest: PressGuest) -> PressGuest | None:
    """Withdraw the guest; a freed place goes to the first on the waiting list. An unverified one is deleted:
    None. Raises Refused once they are checked in."""
    with transaction.atomic():
        registration, locked = _lock_guest(guest)
        if locked.state == PressState.UNCONFIRMED:
            locked.delete()
            return None
        if locked.came_at is not None:
            raise Refused(_("You are noted as having come."))
        before = PressState(locked.state)
        if before != PressState.WITHDRAWN:
            locked.state = PressState.WITHDRAWN
            locked.save(update_fields=["state"])
            mark_guests_changed(registration, [locked])
            _audit_press_guest(registration, locked, "event.press_withdrawn")
            if before == PressState.CONFIRMED:
                promote_waiting_list(registration)
    return locked


def _lock_registration(registration: PressRegistration) -> PressRegistration:
    event = lock_event(registration.event)
    locked = PressRegistration.objects.get(pk=registration.pk)
    locked.event = event
    return locked


def _lock_guest(guest: PressGuest) -> tuple[PressRegistration, PressGuest]:
    registration = _lock_registration(guest.registration)
    locked = PRESS.locked(guest)
    locked.registration = registration
    return registration, locked


def _audit_press_guest(registration: PressRegistration, guest: PressGuest, action: str) -> None:
    log.record_audit(
        action,
        actor=None,
        target_kind="event",
        target=registration.event.uuid,
        workspace=registration.event.workspace.uuid,
        guest=str(guest.uuid),
    )
