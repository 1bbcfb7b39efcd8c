"""Press registration of an event: invented journalists in every state. No mail is sent."""

from coalition.accounts.enums import Language
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from demo.load import Record
from events.models import Event, PressGuest, PressRegistration
from events.press.registration.actions import (
    Asking,
    Terms,
    answer_by_hand,
    ask_to_come,
    open_to_press,
    prove_address,
    withdraw_press,
)
from events.press.registration.enums import PressState


def seed_press_registration(access: Access, event: Event, record: Record) -> None:
    """Open the event to the press, let journalists apply, and answer them by hand."""
    terms = Terms(record["places"], record["per_outlet"], by_hand=True)
    registration = open_to_press(access=access, event=event, terms=terms)
    for one in record["guests"]:
        _ask(access, registration, one)
    outbox.delete_waiting_mail(about="press-guest-")


def _ask(access: Access, registration: PressRegistration, one: Record) -> None:
    asking = Asking(
        name=one["name"],
        outlet=one["outlet"],
        address=one["email"],
        phone=one.get("phone", ""),
        language=Language(one["language"]),
        equipment=one.get("equipment", []),
        interview=one.get("interview", ""),
    )
    ask_to_come(registration=registration, asking=asking)
    guest = PressGuest.objects.latest("pk")
    guest.registration = registration
    state = PressState(one["state"])
    if state != PressState.UNCONFIRMED:
        prove_address(guest=guest)
    if state == PressState.WITHDRAWN:
        withdraw_press(guest=guest)
    elif state not in {PressState.UNCONFIRMED, PressState.ASKED}:
        answer_by_hand(access=access, guest=guest, answer=state)
