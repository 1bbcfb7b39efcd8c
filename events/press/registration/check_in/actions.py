"""Hashes that a check-in phone may store: a slow hash of the guest's code, and an id, both per
phone.

The salt is specific to one event and one phone, so that data of two phones, or of one phone for two
events, cannot be compared. A code has 58 bits: brute force of one of 500 hashes takes about 34
years on a card that computes ten thousand million SHA-256 a second.
"""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.enums import PressState
from events.core.journalists import press_came
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event, PressGuest, PressRegistration
from events.core.permissions import may_change
from events.press.registration.check_in import topics
from events.press.registration.check_in.models import PressTick
from events.press.registration.enums import CheckInResult

ROUNDS: Final = 5000  # 1 ms per code on the server, 5 to 20 ms on a phone
HASH_BYTES: Final = 16
ID_BYTES: Final = 8


def salt_of(event: UUID, phone: UUID) -> bytes:
    """Derive the salt from the phone's random UUID, which is stored only there; stable across
    sign-ins."""
    return salted_hmac("events.press_phone", f"{event}:{phone}", algorithm="sha256").digest()


def phone_print(salt: bytes) -> str:
    """Return the hash that distinguishes phones; the database stores nothing else about them."""
    return salted_hmac("events.press_phone_print", salt.hex(), algorithm="sha256").hexdigest()[:32]


def guest_id_for_phone(guest: UUID, salt: bytes) -> str:
    """Return the phone's id of a guest."""
    return hashlib.blake2b(guest.bytes, key=salt, digest_size=ID_BYTES).hexdigest()


def hash_guest_code(code: str, salt: bytes) -> str:
    """Return the hash of a code that the phone stores and compares with typed or scanned codes."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt, ROUNDS, HASH_BYTES).hex()


# --- sequence ---
# Sequence numbers of changes, by which check-in phones request missing data.


def mark_guests_changed(registration: PressRegistration, guests: Iterable[PressGuest]) -> None:
    """Assign a new sequence number to changed guests. In the caller's transaction, after saving,
    with the event's row locked."""
    mine = PressRegistration.objects.filter(pk=registration.pk)
    mine.update(door_number=F("door_number") + 1)
    number = mine.values_list("door_number", flat=True).get()
    PressGuest.objects.filter(pk__in=[guest.pk for guest in guests]).update(door_number=number)
    topics.push_check_in(registration.event.uuid, number)


# --- actions ---
# Merge check-ins that phones recorded, also while offline.
#
# Each tick is validated on the server. The earliest valid one is the time of arrival, whoever
# recorded it, on whichever phone, and in whatever order the phones sent.


MAX_TICKS = 1000  # at once


@dataclass(frozen=True)
class Tick:
    """Tick sent by a phone. `guest` is the phone's id of the guest; `takes_back`: the mark of its
    own tick to undo. `at`: aware, corrected to server time as far as the phone could tell; bounded
    on the server."""

    mark: UUID
    guest: str
    at: datetime.datetime
    takes_back: UUID | None = None


@dataclass(frozen=True)
class TickVerdict:
    """Result of a tick. `since`: arrival by the earliest tick; `other`: when another phone recorded
    it too."""

    mark: UUID
    seen: CheckInResult
    since: datetime.datetime | None = None
    other: datetime.datetime | None = None


@dataclass
class _TickBatch:
    """One batch. `ours`: the hash of the phone; `rows`: ticks by mark, stored and new."""

    ours: str
    moment: datetime.datetime
    guests: dict[str, PressGuest]
    rows: dict[UUID, PressTick]
    fresh: list[PressTick] = field(default_factory=list)
    back: list[PressTick] = field(default_factory=list)
    refused: dict[UUID, CheckInResult] = field(default_factory=dict)
    standing: dict[int, list[PressTick]] = field(default_factory=lambda: defaultdict(list))


def record_ticks(*, access: Access, event: Event, phone: UUID, ticks: Sequence[Tick]) -> list[TickVerdict]:
    """Record check-ins in one transaction with a constant number of queries. A tick sent twice
    counts once and gets the same result.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, has no
    press registration, and for more than 1,000 at once.
    """
    if len(ticks) > MAX_TICKS:
        raise Refused(_("That is more than 1,000 at once."))
    with transaction.atomic():
        held = lock_event(event)
        require_that(may_change(access, held))
        refuse_cancelled(held)
        registration = PressRegistration.objects.filter(event=held).first()
        if registration is None:
            raise Refused(_("This event does not take the press."))
        registration.event = held
        door = _load_tick_batch(registration, phone, ticks)
        for tick in ticks:
            _apply_tick(door, registration, access, tick)
        _save_tick_batch(door, registration, access)
        return [_tick_verdict(door, tick) for tick in ticks]


def _load_tick_batch(registration: PressRegistration, phone: UUID, ticks: Sequence[Tick]) -> _TickBatch:
    salt = salt_of(registration.event.uuid, phone)
    everyone = PressGuest.objects.filter(registration=registration).exclude(state=PressState.UNCONFIRMED)
    marks = [tick.mark for tick in ticks] + [tick.takes_back for tick in ticks if tick.takes_back]
    rows = PressTick.objects.filter(registration=registration, mark__in=marks)
    return _TickBatch(
        ours=phone_print(salt),
        moment=now(),
        guests={guest_id_for_phone(one.uuid, salt): one for one in everyone.only("uuid", "state", "came_at")},
        rows={row.mark: row for row in rows},
    )


def _apply_tick(door: _TickBatch, registration: PressRegistration, access: Access, tick: Tick) -> None:
    if tick.takes_back is not None:
        row = door.rows.get(tick.takes_back)
        if row is not None and row.taken_back_at is None:
            row.taken_back_at = door.moment
            door.back.append(row)
        return
    guest = door.guests.get(tick.guest)
    if tick.mark in door.rows:
        return
    if guest is None:
        door.refused[tick.mark] = CheckInResult.UNKNOWN
    elif guest.state != PressState.CONFIRMED:
        withdrawn = guest.state == PressState.WITHDRAWN
        door.refused[tick.mark] = CheckInResult.WITHDRAWN if withdrawn else CheckInResult.NO_PLACE
    else:
        row = PressTick(
            registration=registration,
            guest=guest,
            mark=tick.mark,
            phone=door.ours,
            at=_clamp_moment(registration.event, tick.at, door.moment),
            sent_at=door.moment,
            by=access.user,
        )
        door.rows[tick.mark] = row
        door.fresh.append(row)


def _clamp_moment(event: Event, at: datetime.datetime, moment: datetime.datetime) -> datetime.datetime:
    """Clamp a time between the event's day and now, against wrong phone clocks."""
    day = datetime.datetime.combine(event.starts_on, datetime.time(), tzinfo=event.zone_info)
    return max(min(at, moment), min(day, moment))


def _save_tick_batch(door: _TickBatch, registration: PressRegistration, access: Access) -> None:
    PressTick.objects.bulk_create(door.fresh)
    back = [row.mark for row in door.back]
    PressTick.objects.filter(registration=registration, mark__in=back).update(taken_back_at=door.moment)
    touched = {row.guest_id for row in door.rows.values()}
    for row in PressTick.objects.filter(guest__in=touched, taken_back_at=None):
        door.standing[row.guest_id].append(row)
    changed = []
    for guest in door.guests.values():
        first = next(iter(door.standing.get(guest.pk, ())), None)
        came_at = first.at if first is not None else None
        if guest.pk in touched and guest.came_at != came_at:
            guest.came_at, guest.came_by_id = came_at, first.by_id if first is not None else None
            changed.append(guest)
    PressGuest.objects.bulk_update(changed, ["came_at", "came_by"])
    if changed:
        mark_guests_changed(registration, changed)
        press_came(registration.event)
    if door.fresh or door.back:
        names = {guest.pk: str(guest.uuid) for guest in door.guests.values()}
        came, undone = ([names[row.guest_id] for row in rows] for rows in (door.fresh, door.back))
        core_audit.record_event_action(
            registration.event, access, "event.press_ticked", guests=came, taken_back=undone
        )


def _tick_verdict(door: _TickBatch, tick: Tick) -> TickVerdict:
    row = door.rows.get(tick.mark)
    if tick.takes_back is not None or (row is not None and row.taken_back_at is not None):
        return TickVerdict(tick.mark, CheckInResult.TAKEN_BACK)
    if row is None:
        return TickVerdict(tick.mark, door.refused[tick.mark])
    standing = door.standing[row.guest_id]
    seen = CheckInResult.HERE if standing[0].phone == door.ours else CheckInResult.BEFORE
    other = next((one.at for one in standing if one.phone != door.ours), None)
    return TickVerdict(tick.mark, seen, standing[0].at, other)
