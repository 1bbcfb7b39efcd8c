"""Press registration of an event: invented journalists in every state. No mail is sent."""

from coalition.accounts.models import Language
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from demo.load import Record
from events.core.enums import PressState
from events.models import Event, PressGuest, PressRegistration
from events.press.registration.actions import (
    answer_press_guest,
    confirm_press_address,
    open_to_press,
    request_press_place,
    withdraw_press_guest,
)


def seed_press_registration(access: Access, event: Event, record: Record) -> None:
    """Open the event to the press, let journalists apply, and answer them by hand."""
    terms = {"places": record["places"], "per_outlet": record["per_outlet"], "by_hand": True}
    registration = open_to_press(access=access, event=event, **terms)
    for one in record["guests"]:
        _ask(access, registration, one)
    outbox.delete_waiting_mail(about="press-guest-")


def _ask(access: Access, registration: PressRegistration, one: Record) -> None:
    asking = {
        "name": one["name"],
        "outlet": one["outlet"],
        "address": one["email"],
        "phone": one.get("phone", ""),
        "language": Language(one["language"]),
        "equipment": one.get("equipment", []),
        "interview": one.get("interview", ""),
    }
    request_press_place(registration=registration, **asking)
    guest = PressGuest.objects.latest("pk")
    guest.registration = registration
    state = PressState(one["state"])
    if state != PressState.UNCONFIRMED:
        confirm_press_address(guest=guest)
    if state == PressState.WITHDRAWN:
        withdraw_press_guest(guest=guest)
    elif state not in {PressState.UNCONFIRMED, PressState.ASKED}:
        answer_press_guest(access=access, guest=guest, answer=state)
