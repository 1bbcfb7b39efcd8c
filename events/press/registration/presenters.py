"""Journalists as the desk reads them: words, shapes and what can be done."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.jobs.date_formats import day_in_words
from events.core.formatting import moment_words
from events.core.models import Event
from events.press.registration.enums import Equipment, PressState
from events.press.registration.models import PressGuest, PressRegistration

SHAPES = {  # of components/state.html: told by icon and word, not by colour alone
    PressState.UNCONFIRMED: "unopened",
    PressState.ASKED: "unopened",
    PressState.CONFIRMED: "approved",
    PressState.WAITING: "reopened",
    PressState.FULL: "abstains",
    PressState.WITHDRAWN: "objects",
}

# What capabilities above add to a journalist's own page: the key in its context, and a function of the guest
# and their token that gives its value, None for nothing. Filled from `ready()`.
own_page_parts: dict[str, Callable[[PressGuest, str], object]] = {}


@dataclass(frozen=True)
class GuestRow:
    """One journalist. `came`: when, in words; `answers`: what an organiser can still say."""

    guest: PressGuest
    about: str
    asked: str
    shape: str
    word: str
    came: str
    answers: list[tuple[str, str]]


def guest_rows(event: Event, guests: Iterable[PressGuest]) -> list[GuestRow]:
    return [_row(event, guest) for guest in guests]


def _row(event: Event, guest: PressGuest) -> GuestRow:
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
        answers=[(one.value, word) for one, word in _acts() if one != state] if can else [],
    )


def _acts() -> list[tuple[PressState, str]]:
    """What an organiser says with one press."""
    return [
        (PressState.CONFIRMED, pgettext("press registration", "Confirm")),
        (PressState.WAITING, pgettext("press registration", "Put on the waiting list")),
        (PressState.FULL, pgettext("press registration", "Say that there is no place")),
    ]


def came_words(event: Event, guest: PressGuest) -> str:
    """“Here since 10:42” on the day of the event, with the date on another."""
    if guest.came_at is None:
        return ""
    local = guest.came_at.astimezone(event.zone_info)
    clock = formats.time_format(local, "H:i")
    if local.date() == timezone.now().astimezone(event.zone_info).date():
        return _("Here since %(time)s") % {"time": clock}
    return _("Came on %(date)s at %(time)s") % {"date": day_in_words(local.date()), "time": clock}


def count_words(counts: Counter[str]) -> list[tuple[str, str, int]]:
    """How many stand where: shape, word, number; where nobody stands is left out."""
    every = [(SHAPES[one], str(one.label), counts[one.value]) for one in PressState]
    return [one for one in every if one[2]]


def closed_words(registration: PressRegistration, why: str) -> str:
    """Why nobody can register now, as a sentence; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled: press registration is closed."),
        "over": _("The event is over: press registration is closed."),
        "closed": _("Press registration is closed."),
    }[why]
