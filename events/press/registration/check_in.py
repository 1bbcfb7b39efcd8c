"""Check-in by phones, and the hashes that a phone stores: of each guest's code, slow, and an id, per phone.

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
from events.core.models import Event, PressGuest, PressRegistration
from events.core.permissions import lock_event, may_change, refuse_cancelled
from events.press.registration.models import PressTick, push_check_in
from events.press.registration.queries import CheckInResult

ROUNDS: Final = 5000  # 1 ms per code on the server, 5 to 20 ms on a phone
HASH_BYTES: Final = 16
ID_BYTES: Final = 8


def salt_of(event: UUID, phone: UUID) -> bytes:
    """Derive the salt from the phone's random UUID, which only the phone stores."""
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


def mark_guests_changed(registration: PressRegistration, guests: Iterable[PressGuest]) -> None:
    """Assign a new sequence number to changed guests. In the caller's transaction, after saving,
    with the event's row locked."""
    mine = PressRegistration.objects.filter(pk=registration.pk)
    mine.update(door_number=F("door_number") + 1)
    number = mine.values_list("door_number", flat=True).get()
    PressGuest.objects.filter(pk__in=[guest.pk for guest in guests]).update(door_number=number)
    push_check_in(registration.event.uuid, number)


# Check-ins that phones recorded, also while offline. Each tick is validated on the server; the earliest valid
# one is the time of arrival, whoever recorded it, and in whatever order the phones sent.
MAX_TICKS = 1000  # at once


# With the time of arrival by the earliest tick, and when another phone recorded it too.
type TickResult = tuple[CheckInResult, datetime.datetime | None, datetime.datetime | None]


@dataclass(frozen=True)
class Tick:
    """Tick sent by a phone. `guest` is the phone's id of the guest; `takes_back`: the mark of its own tick to
    undo. `at`: aware, corrected to server time as far as the phone could tell; bounded on the server."""

    mark: UUID
    guest: str
    at: datetime.datetime
    takes_back: UUID | None = None


@dataclass
class _TickBatch:
    """One batch. `phone`: its hash; `guests`: by the phone's id; `rows`: ticks by mark, stored and new."""

    phone: str
    moment: datetime.datetime
    guests: dict[str, PressGuest]
    rows: dict[UUID, PressTick]
    fresh: list[PressTick] = field(default_factory=list)
    back: list[PressTick] = field(default_factory=list)
    refused: dict[UUID, CheckInResult] = field(default_factory=dict)
    valid: dict[int, list[PressTick]] = field(default_factory=lambda: defaultdict(list))


def record_ticks(*, access: Access, event: Event, phone: UUID, ticks: Sequence[Tick]) -> list[TickResult]:
    """Record check-ins, with a constant number of queries. A tick sent twice counts once, with one result.

    Raises NotAllowed; Refused for a cancelled event, without press registration, and above 1,000 at once.
    """
    if len(ticks) > MAX_TICKS:
        raise Refused(_("That is more than 1,000 at once."))
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        registration = PressRegistration.objects.filter(event=locked).first()
        if registration is None:
            raise Refused(_("This event does not take the press."))
        registration.event = locked
        salt = salt_of(locked.uuid, phone)
        guests = PressGuest.objects.filter(registration=registration).exclude(state=PressState.UNCONFIRMED)
        marks = [tick.mark for tick in ticks] + [tick.takes_back for tick in ticks if tick.takes_back]
        rows = PressTick.objects.filter(registration=registration, mark__in=marks)
        batch = _TickBatch(
            phone=phone_print(salt),
            moment=now(),
            guests={
                guest_id_for_phone(one.uuid, salt): one for one in guests.only("uuid", "state", "came_at")
            },
            rows={row.mark: row for row in rows},
        )
        for tick in ticks:
            _apply_tick(batch, registration, access, tick)
        _save_tick_batch(batch, registration, access)
        return [_tick_result(batch, tick) for tick in ticks]


def _apply_tick(batch: _TickBatch, registration: PressRegistration, access: Access, tick: Tick) -> None:
    if tick.takes_back is not None:
        row = batch.rows.get(tick.takes_back)
        if row is not None and row.taken_back_at is None:
            row.taken_back_at = batch.moment
            batch.back.append(row)
        return
    guest, moment, event = batch.guests.get(tick.guest), batch.moment, registration.event
    if tick.mark in batch.rows:
        return
    if guest is None:
        batch.refused[tick.mark] = CheckInResult.UNKNOWN
    elif guest.state != PressState.CONFIRMED:
        withdrawn = guest.state == PressState.WITHDRAWN
        batch.refused[tick.mark] = CheckInResult.WITHDRAWN if withdrawn else CheckInResult.NO_PLACE
    else:
        day = datetime.datetime.combine(event.starts_on, datetime.time(), tzinfo=event.zone_info)
        row = PressTick(
            registration=registration,
            guest=guest,
            mark=tick.mark,
            phone=batch.phone,
            at=max(min(tick.at, moment), min(day, moment)),  # phone clocks may be wrong
            sent_at=moment,
            by=access.user,
        )
        batch.rows[tick.mark] = row
        batch.fresh.append(row)


def _save_tick_batch(batch: _TickBatch, registration: PressRegistration, access: Access) -> None:
    PressTick.objects.bulk_create(batch.fresh)
    back = [row.mark for row in batch.back]
    PressTick.objects.filter(registration=registration, mark__in=back).update(taken_back_at=batch.moment)
    touched = {row.guest_id for row in batch.rows.values()}
    for row in PressTick.objects.filter(guest__in=touched, taken_back_at=None):
        batch.valid[row.guest_id].append(row)
    changed = []
    for guest in batch.guests.values():
        first = next(iter(batch.valid.get(guest.pk, ())), None)
        came_at = first.at if first is not None else None
        if guest.pk in touched and guest.came_at != came_at:
            guest.came_at, guest.came_by_id = came_at, first.by_id if first is not None else None
            changed.append(guest)
    PressGuest.objects.bulk_update(changed, ["came_at", "came_by"])
    if changed:
        mark_guests_changed(registration, changed)
        press_came(registration.event)
    if batch.fresh or batch.back:
        names = {guest.pk: str(guest.uuid) for guest in batch.guests.values()}
        came, undone = ([names[row.guest_id] for row in rows] for rows in (batch.fresh, batch.back))
        core_audit.record_event_action(
            registration.event, access, "event.press_ticked", guests=came, taken_back=undone
        )


def _tick_result(batch: _TickBatch, tick: Tick) -> TickResult:
    row = batch.rows.get(tick.mark)
    if tick.takes_back is not None or (row is not None and row.taken_back_at is not None):
        return CheckInResult.TAKEN_BACK, None, None
    if row is None:
        return batch.refused[tick.mark], None, None
    valid = batch.valid[row.guest_id]
    seen = CheckInResult.HERE if valid[0].phone == batch.phone else CheckInResult.BEFORE
    other = next((one.at for one in valid if one.phone != batch.phone), None)
    return seen, valid[0].at, other
