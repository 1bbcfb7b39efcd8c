"""Mails to registered journalists."""

from collections.abc import Iterator

from coalition.applicants.flow import queue_applicant_mail
from coalition.core.clock import now
from events.core.afterwards import ThanksRecipient
from events.core.enums import Answer, EventState, PressState
from events.core.journalists import PRESS, invitation_for_guest
from events.core.models import Event, PressGuest
from events.core.printed_codes import code_of, format_code
from events.core.summary import facts_for_invitation
from events.ical.builder import ItipMethod, build_itip_message
from events.press.registration.check_in import mark_guests_changed


def set_guest_state_and_notify(guest: PressGuest, state: PressState, *, moved_up: bool = False) -> None:
    """Set and mail a guest's state. In the caller's transaction, with the event's row locked."""
    guest.state, guest.answered_at = state, now()
    guest.answers += 1
    guest.notified_sequence = guest.registration.event.sequence
    guest.save(update_fields=["state", "answered_at", "answers", "notified_sequence"])
    mark_guests_changed(guest.registration, [guest])
    confirmed = state == PressState.CONFIRMED
    _queue_press_mail(
        guest,
        "press_guest_answer",
        guest.answers,
        ItipMethod.REQUEST if confirmed else None,
        state=state.value,
        moved_up=moved_up,
        code=code_of(guest.uuid) if confirmed else "",
    )


def notify_press_of_change(event: Event) -> None:
    """Tell everybody registered of a new time, place or state: one mail a person and SEQUENCE.

    Listens by `on_event_change`. Only of what is public: who registered reads no more than everyone.
    """
    if not event.is_public or (event.lasts_until is not None and event.lasts_until < now()):
        return
    rows = PressGuest.objects.filter(registration__event=event, notified_sequence__lt=event.sequence)
    hears = [state for state in PressState if state.hears]
    for guest in rows.filter(state__in=hears).select_related("registration"):
        guest.registration.event = event
        guest.notified_sequence = event.sequence
        guest.save(update_fields=["notified_sequence"])
        cancelled = event.state == EventState.CANCELLED
        method = ItipMethod.CANCEL if cancelled else ItipMethod.REQUEST
        confirmed = guest.state == PressState.CONFIRMED
        template = "press_guest_cancelled" if cancelled else "press_guest_changed"
        _queue_press_mail(guest, template, event.sequence, method if confirmed else None)


def _queue_press_mail(
    guest: PressGuest,
    template: str,
    number: int,
    method: ItipMethod | None = None,
    *,
    code: str = "",
    **more: object,
) -> None:
    calendar = ""
    if method is not None:
        calendar = build_itip_message(
            facts_for_invitation(invitation_for_guest(guest)),
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
        context={"shown_code": format_code(code), **more},
        calendar=calendar,
        method=method.value if method is not None else "",
        code=code,
    )


def journalists_to_thank(event: Event) -> Iterator[ThanksRecipient]:
    """Yield journalists who came."""
    guests = PressGuest.objects.filter(registration__event=event, state=PressState.CONFIRMED)
    for guest in guests.exclude(came_at=None).select_related("registration__event"):
        guest.registration.event = event
        yield ThanksRecipient(
            f"press:{guest.uuid}", invitation_for_guest(guest), guest.name, address=guest.address
        )
