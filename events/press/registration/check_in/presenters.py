"""Check-in presenters: data and messages that a phone stores."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.core.enums import PressState
from events.core.models import Event, PressGuest, PressRegistration
from events.core.pages import Area
from events.core.permissions import may_change
from events.core.printed_codes import code_of
from events.press.registration.check_in.actions import (
    ROUNDS,
    TickVerdict,
    guest_id_for_phone,
    hash_guest_code,
    salt_of,
)
from events.press.registration.check_in.queries import check_in_counts, guests_for_check_in

KEPT_ON_PHONES_AFTER = datetime.timedelta(hours=2)  # events run late
DAY = datetime.timedelta(days=1)


def forgotten_at(event: Event) -> datetime.datetime:
    """Return when phones delete the list of an event."""
    return (event.lasts_until or event.starts_at + DAY) + KEPT_ON_PHONES_AFTER


def check_in_area(event: Event, access: Access) -> Area | None:
    """Return the check-in line on the event's page, for people who do the check-in."""
    if event.cancelled_at is not None or forgotten_at(event) < now() or not may_change(access, event):
        return None
    counts = check_in_counts(event)
    if counts is None:
        return None
    words = _("%(here)s of %(confirmed)s are here") % {"here": counts[0], "confirmed": counts[1]}
    return Area(_("At the door"), words, reverse("events:press_phone", args=[event.uuid]), "check")


def phone_list(registration: PressRegistration, phone: UUID, since: int) -> dict[str, object]:
    """Return the phone's missing data. It contains no identities: see `press_phones`."""
    whole = not 0 < since <= registration.door_number
    salt = salt_of(registration.event.uuid, phone)
    here, every = check_in_counts(registration.event) or (0, 0)
    return {
        "salt": salt.hex(),
        "rounds": ROUNDS,
        "number": registration.door_number,
        "whole": whole,
        "guests": _guests(guests_for_check_in(registration, 0 if whole else since), salt, whole=whole),
        "here": here,
        "confirmed": every,
        "clock": _milliseconds(now()),
        "until": _milliseconds(forgotten_at(registration.event)),
    }


def _guests(guests: Iterable[PressGuest], salt: bytes, *, whole: bool) -> list[list[object]]:
    """Return rows of hash, id, state, since. Hashes are slow, so only a whole list has them; a
    phone that lacks one requests the whole list."""
    return [
        [
            hash_guest_code(code_of(guest.uuid), salt) if whole else "",
            guest_id_for_phone(guest.uuid, salt),
            guest.state if guest.state in {PressState.CONFIRMED, PressState.WITHDRAWN} else "no_place",
            _milliseconds(guest.came_at),
        ]
        for guest in guests
    ]


def verdict_data(found: Iterable[TickVerdict]) -> list[dict[str, object]]:
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
    """Return milliseconds since 1970, as in JavaScript; 0 for None."""
    return int(moment.timestamp() * 1000) if moment is not None else 0
