"""The door as a phone shows it: what it is given, and the words that it says without asking us."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.core.area import Area
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import code_of
from events.press.registration.check_in.actions import Verdict
from events.press.registration.check_in.hashes import ROUNDS, hidden, known_as, salt_of
from events.press.registration.check_in.queries import at_the_door, door_counts
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest, PressRegistration

AFTER = datetime.timedelta(hours=2)  # events run late
DAY = datetime.timedelta(days=1)


def forgotten_at(event: Event) -> datetime.datetime:
    """When phones forget the list of an event."""
    return (event.lasts_until or event.starts_at + DAY) + AFTER


def door_area(event: Event, access: Access) -> Area | None:
    """The line on the event's page, for who stands at the door."""
    if event.cancelled_at is not None or forgotten_at(event) < now() or not may_change(access, event):
        return None
    counts = door_counts(event)
    if counts is None:
        return None
    words = _("%(here)s of %(confirmed)s are here") % {"here": counts[0], "confirmed": counts[1]}
    return Area(_("At the door"), words, reverse("events:press_phone", args=[event.uuid]), "check")


def phone_list(registration: PressRegistration, phone: UUID, since: int) -> dict[str, object]:
    """What the phone lacks. Nothing here tells who anybody is: see `press_phones`."""
    whole = not 0 < since <= registration.door_number
    salt = salt_of(registration.event.uuid, phone)
    here, every = door_counts(registration.event) or (0, 0)
    return {
        "salt": salt.hex(),
        "rounds": ROUNDS,
        "number": registration.door_number,
        "whole": whole,
        "guests": _guests(at_the_door(registration, 0 if whole else since), salt, whole=whole),
        "here": here,
        "confirmed": every,
        "clock": _milliseconds(now()),
        "until": _milliseconds(forgotten_at(registration.event)),
    }


def _guests(guests: Iterable[PressGuest], salt: bytes, *, whole: bool) -> list[list[object]]:
    """Hash, id, state, since. The hashes are slow, so a phone that has them gets none: where it lacks one
    of them, it asks for the whole list."""
    return [
        [
            hidden(code_of(guest.uuid), salt) if whole else "",
            known_as(guest.uuid, salt),
            guest.state if guest.state in {PressState.CONFIRMED, PressState.WITHDRAWN} else "no_place",
            _milliseconds(guest.came_at),
        ]
        for guest in guests
    ]


def verdicts(found: Iterable[Verdict]) -> list[dict[str, object]]:
    return [
        {
            "mark": str(one.mark),
            "seen": one.seen.value,
            "since": _milliseconds(one.since),
            "other": _milliseconds(one.other),
        }
        for one in found
    ]


def _milliseconds(moment: datetime.datetime | None) -> int:
    """Since 1970, as scripts count; 0 for never."""
    return int(moment.timestamp() * 1000) if moment is not None else 0
