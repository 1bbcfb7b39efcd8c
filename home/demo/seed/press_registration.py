"""Press registration of an event of the demo: invented journalists in every state. Nobody is written to."""

from coalition.accounts.enums import Language
from coalition.mail import outbox
from coalition.workspaces.rules import Access
from events.core.enums import PressState
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
from home.demo.load import Record


def take_press(access: Access, event: Event, record: Record) -> None:
    """Open the event to the press, have journalists ask, and answer them by hand."""
    terms = Terms(record["places"], record["per_outlet"], by_hand=True)
    registration = open_to_press(access=access, event=event, terms=terms)
    for one in record["guests"]:
        _ask(access, registration, one)
    outbox.take_back(about="press-guest-")


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
