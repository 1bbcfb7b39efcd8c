"""Opening an event to the press, closing it, and counting places."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.applicants.retention import forget_unproved
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.queries import is_over_since
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import answer_guest

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
    return forget_unproved(PressGuest, state=PressState.UNCONFIRMED) + delete(over)
