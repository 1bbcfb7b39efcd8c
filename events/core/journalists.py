"""Journalists who registered for an event: whose link it is, what they are told, whether one can still
register; what capabilities bring to their own page, and what follows when they came."""

from collections.abc import Callable
from typing import Any

from coalition.applicants.flow import Flow
from coalition.applicants.forms import owner_prints
from coalition.core.clock import now
from events.core.enums import Answer, PressState
from events.core.models import Event, EventInvitation, PressGuest, PressRegistration
from events.core.summary import InvitationSummary, build_invitation_summary


def invitation_for_guest(guest: PressGuest) -> EventInvitation:
    """Return an unsaved invitation: journalists read the same event texts as invited guests, and
    confirmed journalists the same as guests who accepted."""
    comes = guest.state == PressState.CONFIRMED
    answer = Answer.ACCEPTED if comes else Answer.NONE
    return EventInvitation(event=guest.registration.event, language=guest.language, answer=answer)


def summary_for_guest(guest: PressGuest) -> InvitationSummary:
    """Return the event in the journalist's language."""
    return build_invitation_summary(invitation_for_guest(guest))


def _mail_context(guest: PressGuest) -> dict[str, Any]:
    return {"name": guest.name, "outlet": guest.outlet, "event": summary_for_guest(guest)}


PRESS = Flow(
    purpose="events.press_registration",
    model=PressGuest,
    own_page="press_registration_link",
    mail_template="events/press_guest_link",
    mail_context=_mail_context,
    related=("registration__event__organisation", "registration__event__workspace"),
    prints=owner_prints,
)


def why_registration_closed(registration: PressRegistration) -> str:
    """Return why registration is closed: "cancelled", "over" or "closed"; "" while it is open."""
    event, moment = registration.event, now()
    if event.cancelled_at is not None:
        return "cancelled"
    if event.lasts_until is not None and event.lasts_until < moment:
        return "over"
    if not event.is_public or registration.stopped_at is not None or registration.closing <= moment:
        return "closed"
    return ""


def count_of_journalists(event: Event) -> int:
    """Count the checked-in journalists."""
    return PressGuest.objects.filter(registration__event=event).exclude(came_at=None).count()


PressPagePartOf = Callable[[PressGuest, str], object]
PressCame = Callable[[Event], None]

PRESS_PAGE_PARTS: dict[str, PressPagePartOf] = {}  # by their key in the template; called with guest and token
PRESS_CAME: list[PressCame] = []  # called inside the transaction


def press_page_parts_of(guest: PressGuest, token: str) -> dict[str, object]:
    """Return the parts of a journalist's own page, for its template."""
    return {key: part_of(guest, token) for key, part_of in PRESS_PAGE_PARTS.items()}


def press_came(event: Event) -> None:
    """Call what follows when a journalist was checked in, or that was undone."""
    for listener in PRESS_CAME:
        listener(event)
