"""What journalists who registered are told by mail."""

from dataclasses import asdict
from typing import Any

from coalition.applicants.flow import Flow
from coalition.applicants.mailboxes import owner_prints
from coalition.applicants.mails import queue_applicant_mail
from coalition.core.clock import now
from events.core.enums import Answer, EventState
from events.core.models import Event, EventInvitation
from events.core.printed_codes import code_of, shown
from events.core.summary import Invited, facts_of, invited
from events.ical.itip import Method, message
from events.press.registration.check_in.sequence import moved
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest


def as_invited(guest: PressGuest) -> EventInvitation:
    """A row that is never saved: journalists read of an event the same words as guests who are invited, and
    those who are confirmed the same as guests who come."""
    comes = guest.state == PressState.CONFIRMED
    answer = Answer.ACCEPTED if comes else Answer.NONE
    return EventInvitation(event=guest.registration.event, language=guest.language, answer=answer)


def told_of(guest: PressGuest) -> Invited:
    """The event in the journalist's language."""
    return invited(as_invited(guest))


def _mail_context(guest: PressGuest) -> dict[str, Any]:
    return {"name": guest.name, "outlet": guest.outlet, "event": asdict(told_of(guest))}


PRESS = Flow(
    purpose="events.press_registration",
    model=PressGuest,
    own_page="press_registration_link",
    mail_template="events/press_guest_link",
    mail_context=_mail_context,
    related=("registration__event__organisation", "registration__event__workspace"),
    prints=owner_prints,
)


def answer_guest(guest: PressGuest, state: PressState, *, moved_up: bool = False) -> None:
    """Say where somebody stands now and tell them. In the caller's transaction, with the event's row held."""
    guest.state, guest.answered_at = state, now()
    guest.answers += 1
    guest.told_sequence = guest.registration.event.sequence
    guest.save(update_fields=["state", "answered_at", "answers", "told_sequence"])
    moved(guest.registration, [guest])
    confirmed = state == PressState.CONFIRMED
    _queue(
        guest,
        "press_guest_answer",
        guest.answers,
        Method.REQUEST if confirmed else None,
        state=state.value,
        moved_up=moved_up,
        code=code_of(guest.uuid) if confirmed else "",
    )


def tell_press(event: Event) -> None:
    """Tell everybody registered of a new time, place or state: one mail a person and SEQUENCE.

    Registered with `trail.on_change`. Only of what is public: who registered reads no more than everyone.
    """
    if not event.is_public or (event.lasts_until is not None and event.lasts_until < now()):
        return
    rows = PressGuest.objects.filter(registration__event=event, told_sequence__lt=event.sequence)
    hears = [state for state in PressState if state.hears]
    for guest in rows.filter(state__in=hears).select_related("registration"):
        guest.registration.event = event
        guest.told_sequence = event.sequence
        guest.save(update_fields=["told_sequence"])
        cancelled = event.state == EventState.CANCELLED
        method = Method.CANCEL if cancelled else Method.REQUEST
        confirmed = guest.state == PressState.CONFIRMED
        template = "press_guest_cancelled" if cancelled else "press_guest_changed"
        _queue(guest, template, event.sequence, method if confirmed else None)


def _queue(
    guest: PressGuest,
    template: str,
    number: int,
    method: Method | None = None,
    *,
    code: str = "",
    **more: object,
) -> None:
    calendar = ""
    if method is not None:
        calendar = message(
            facts_of(as_invited(guest)),
            method=method,
            name=guest.name,
            address=guest.address,
            answer=Answer.ACCEPTED,
            sent_at=now(),
        )
    queue_applicant_mail(
        PRESS,
        guest,
        template=f"events/{template}",
        number=number,
        context={"shown_code": shown(code), **more},
        calendar=calendar,
        method=method.value if method is not None else "",
        code=code,
    )
