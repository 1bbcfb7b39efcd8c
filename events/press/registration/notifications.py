"""What journalists who registered are told by mail."""

from dataclasses import asdict

from django.urls import reverse

from coalition.core.clock import now
from coalition.core.throttling import few_a_day
from coalition.mail import outbox
from coalition.mail.links import absolute
from events.core.enums import Answer, EventState
from events.core.link_tokens import code_of, shown, token_of
from events.core.models.event import Event
from events.core.models.participants import EventInvitation
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


def link_of(guest: PressGuest) -> str:
    return absolute(reverse("press_registration_link", args=[token_of(guest.uuid)]))


def send_link(guest: PressGuest) -> None:
    """Mail the link that proves the address, or leads who is known to their page; three a day at most."""
    known = guest.state not in {PressState.UNCONFIRMED, PressState.WITHDRAWN}
    few_a_day(lambda number: _queue(guest, "press_guest_link", number, known=known))


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
        str(guest.answers),
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
        _queue(guest, template, str(event.sequence), method if confirmed else None)


def _queue(
    guest: PressGuest,
    template: str,
    number: str,
    method: Method | None = None,
    *,
    code: str = "",
    **more: object,
) -> bool:
    row = as_invited(guest)
    facts = facts_of(row)
    calendar = ""
    if method is not None:
        calendar = message(
            facts,
            method=method,
            name=guest.name,
            address=guest.address,
            answer=Answer.ACCEPTED,
            sent_at=now(),
        )
    return outbox.queue(
        key=f"{template.replace('_', '-')}:{guest.uuid}:{number}",
        template=f"events/{template}",
        language=guest.language,
        address=guest.address,
        context={
            "name": guest.name,
            "outlet": guest.outlet,
            "event": asdict(invited(row, facts)),
            "button_url": link_of(guest),
            "shown_code": shown(code),
            **more,
        },
        calendar=calendar,
        method=method.value if method is not None else "",
        code=code,
    )
