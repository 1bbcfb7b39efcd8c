"""Registry, for higher layers, of further conditions for active seats and how to meet them.

A condition is part of every query of seats, so it applies to pages, sockets, feeds and links alike.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer


@dataclass(frozen=True)
class MissingRequirement:
    """A requirement for an organisation before its people's seats are active, in whole sentences.

    `who`: who can fulfil it. `action`: label of the button that links to `url`; `can_do`: the person
    can do it, so it waits for them. `shuts_out`: the seats are inactive now; else from `due` on.
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
missing_sources: list[MissingSource] = []


def register_seat_condition(
    condition: Condition, redirect_address: RedirectAddress, missing: MissingSource
) -> None:
    """Register a condition: `condition()` filters seats, without a query of its own.

    `redirect_address(person)`: URL of the page with the requirement for a person who does not meet it; else
    empty. `missing`: open requirements of their organisations.
    """
    _conditions.append(condition)
    _redirects.append(redirect_address)
    missing_sources.append(missing)


def all_seat_conditions() -> list[Q]:
    """Return the conditions of every active seat."""
    return [condition() for condition in _conditions]


def missing_requirements(person: User, viewer: Viewer) -> list[MissingRequirement]:
    """Return what makes, or will make, the person's seats inactive, and who can remedy it."""
    return [missing for source in missing_sources for missing in source(person, viewer)]


def redirect_address_for(person: User) -> str:
    """Return the URL for a person who gets a 404 because of one of these conditions; else empty."""
    return next((address for find in _redirects if (address := find(person))), "")
