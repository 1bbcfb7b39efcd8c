"""Press registration presenters for the member area."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.jobs.date_formats import day_in_words
from events.core.enums import PressState
from events.core.formatting import moment_words
from events.core.journalists import why_registration_closed
from events.core.models import Event, PressGuest, PressRegistration
from events.core.pages import PublicAction
from events.core.queries import registration_of
from events.press.registration.enums import Equipment

SHAPES = {  # shapes of components/state.html: icon and word, not colour alone
    PressState.UNCONFIRMED: "unopened",
    PressState.ASKED: "unopened",
    PressState.CONFIRMED: "approved",
    PressState.WAITING: "reopened",
    PressState.FULL: "abstains",
    PressState.WITHDRAWN: "objects",
}


@dataclass(frozen=True)
class GuestRow:
    """Journalist row. `came`: time of arrival; `answers`: the answers an organiser can still
    give."""

    guest: PressGuest
    about: str
    asked: str
    shape: str
    word: str
    came: str
    answers: list[tuple[str, str]]


def guest_rows(event: Event, guests: Iterable[PressGuest]) -> list[GuestRow]:
    return [_guest_row(event, guest) for guest in guests]


def _guest_row(event: Event, guest: PressGuest) -> GuestRow:
    state = PressState(guest.state)
    brings = [str(Equipment(one).label) for one in guest.equipment if one in Equipment.values]
    can = state.can_be_answered and guest.came_at is None and event.cancelled_at is None
    return GuestRow(
        guest=guest,
        about=", ".join([str(guest.get_language_display()), *brings]),
        asked=moment_words(event, guest.asked_at) if guest.asked_at else "",
        shape=SHAPES[state],
        word=str(state.label),
        came=came_words(event, guest),
        answers=[(one.value, word) for one, word in _answer_choices() if one != state] if can else [],
    )


def _answer_choices() -> list[tuple[PressState, str]]:
    """Return an organiser's answers with their button labels."""
    return [
        (PressState.CONFIRMED, pgettext("press registration", "Confirm")),
        (PressState.WAITING, pgettext("press registration", "Put on the waiting list")),
        (PressState.FULL, pgettext("press registration", "Say that there is no place")),
    ]


def came_words(event: Event, guest: PressGuest) -> str:
    """Return “Here since 10:42” on the day of the event, with the date on another."""
    if guest.came_at is None:
        return ""
    local = guest.came_at.astimezone(event.zone_info)
    clock = formats.time_format(local, "H:i")
    if local.date() == timezone.now().astimezone(event.zone_info).date():
        return _("Here since %(time)s") % {"time": clock}
    return _("Came on %(date)s at %(time)s") % {"date": day_in_words(local.date()), "time": clock}


def count_words(counts: Counter[str]) -> list[tuple[str, str, int]]:
    """Return shape, label and number of each state that has guests."""
    every = [(SHAPES[one], str(one.label), counts[one.value]) for one in PressState]
    return [one for one in every if one[2]]


def press_closed_message(registration: PressRegistration, why: str) -> str:
    """Return a sentence on why registration is closed; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled: press registration is closed."),
        "over": _("The event is over: press registration is closed."),
        "closed": _("Press registration is closed."),
    }[why]


def registration_action(event: Event) -> PublicAction | None:
    """The way to register as press, while one can."""
    registration = registration_of(event)
    if registration is None or why_registration_closed(registration):
        return None
    return PublicAction(_("Press registration"), reverse("press_registration", args=[event.slug]), "people")
