"""What else must hold for a seat to count, and where its person is led meanwhile: higher layers say so.

A condition is part of every query about seats, so that it holds for pages, sockets, feeds and links alike.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer


@dataclass(frozen=True)
class MissingRequirement:
    """Something that must be done for an organisation before its people's seats count, in whole sentences.

    `who`: who can do it. `action`: the words of the button that leads to `url`; `can_do`: they can do it
    themselves, so that it waits for them. `shuts_out`: the seats do not count now; else they will not from
    `due` on.
    """

    title: str
    words: str
    who: str
    url: str
    action: str
    can_do: bool
    shuts_out: bool
    due: datetime.datetime | None


type Condition = Callable[[], Q]
type RedirectAddress = Callable[[User], str]
type MissingSource = Callable[[User, Viewer], Iterable[MissingRequirement]]

_conditions: list[Condition] = []
_redirects: list[RedirectAddress] = []
_missing_sources: list[MissingSource] = []


def register_seat_condition(condition: Condition, way: RedirectAddress, lacks: MissingSource) -> None:
    """Say what must hold: `condition()` filters seats, without a query of its own. `way(person)`: the address
    of the page that tells a person for whom it does not hold what is asked of them; else empty. `lacks`: what
    is to be done for their organisations."""
    _conditions.append(condition)
    _redirects.append(way)
    _missing_sources.append(lacks)


def all_seat_conditions() -> list[Q]:
    """What every seat that counts fulfils."""
    return [condition() for condition in _conditions]


def missing_sources() -> list[MissingSource]:
    """Who is asked what is to be done."""
    return list(_missing_sources)


def missing_requirements(person: User, viewer: Viewer) -> list[MissingRequirement]:
    """What keeps, or will keep, the person's seats from counting, and who can do something about it."""
    return [missing for lacks in _missing_sources for missing in lacks(person, viewer)]


def redirect_address_for(person: User) -> str:
    """Where the person is led who finds a thing not there because of one of these; else empty."""
    return next((address for way in _redirects if (address := way(person))), "")
