"""Taking over what phones at the door noted, also while they had no connection.

Each tick is judged again here. The earliest that stands is when somebody came; who ticked, on which phone and
in which order the phones came back, changes nothing of it.
"""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.press.kit.notifications import tell_who_came
from events.press.registration.check_in.hashes import known_as, print_of, salt_of
from events.press.registration.check_in.models import PressTick
from events.press.registration.check_in.sequence import moved
from events.press.registration.enums import PressState, Seen
from events.press.registration.models import PressGuest, PressRegistration

MOST = 1000  # at once


@dataclass(frozen=True)
class Tick:
    """What a phone says: `guest` is the id by which it knows somebody; `takes_back`: the mark of its own tick
    that was somebody else. `at`: aware, by our clock as far as the phone could tell; it is bounded here."""

    mark: UUID
    guest: str
    at: datetime.datetime
    takes_back: UUID | None = None


@dataclass(frozen=True)
class Verdict:
    """`since`: when they came, by the earliest tick; `other`: when another phone ticked them off too."""

    mark: UUID
    seen: Seen
    since: datetime.datetime | None = None
    other: datetime.datetime | None = None


@dataclass
class _Door:
    """One batch. `ours`: the print of the phone; `rows`: ticks by mark, those before and the new ones."""

    ours: str
    moment: datetime.datetime
    guests: dict[str, PressGuest]
    rows: dict[UUID, PressTick]
    fresh: list[PressTick] = field(default_factory=list)
    back: list[PressTick] = field(default_factory=list)
    refused: dict[UUID, Seen] = field(default_factory=dict)
    standing: dict[int, list[PressTick]] = field(default_factory=lambda: defaultdict(list))


def take_ticks(*, access: Access, event: Event, phone: UUID, ticks: Sequence[Tick]) -> list[Verdict]:
    """Note who is here, in one transaction and with a constant number of queries. What was sent before is
    answered again and counts once.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, without press
    registration, and for more than 1,000 at once.
    """
    if len(ticks) > MOST:
        raise Refused(_("That is more than 1,000 at once."))
    with transaction.atomic():
        held = hold(event)
        require_that(may_change(access, held))
        refuse_cancelled(held)
        registration = PressRegistration.objects.filter(event=held).first()
        if registration is None:
            raise Refused(_("This event does not take the press."))
        registration.event = held
        door = _door(registration, phone, ticks)
        for tick in ticks:
            _take(door, registration, access, tick)
        _write(door, registration, access)
        return [_verdict(door, tick) for tick in ticks]


def _door(registration: PressRegistration, phone: UUID, ticks: Sequence[Tick]) -> _Door:
    salt = salt_of(registration.event.uuid, phone)
    everyone = PressGuest.objects.filter(registration=registration).exclude(state=PressState.UNCONFIRMED)
    marks = [tick.mark for tick in ticks] + [tick.takes_back for tick in ticks if tick.takes_back]
    rows = PressTick.objects.filter(registration=registration, mark__in=marks)
    return _Door(
        ours=print_of(salt),
        moment=now(),
        guests={known_as(one.uuid, salt): one for one in everyone.only("uuid", "state", "came_at")},
        rows={row.mark: row for row in rows},
    )


def _take(door: _Door, registration: PressRegistration, access: Access, tick: Tick) -> None:
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
        door.refused[tick.mark] = Seen.UNKNOWN
    elif guest.state != PressState.CONFIRMED:
        withdrawn = guest.state == PressState.WITHDRAWN
        door.refused[tick.mark] = Seen.WITHDRAWN if withdrawn else Seen.NO_PLACE
    else:
        row = PressTick(
            registration=registration,
            guest=guest,
            mark=tick.mark,
            phone=door.ours,
            at=_bounded(registration.event, tick.at, door.moment),
            sent_at=door.moment,
            by=access.user,
        )
        door.rows[tick.mark] = row
        door.fresh.append(row)


def _bounded(event: Event, at: datetime.datetime, moment: datetime.datetime) -> datetime.datetime:
    """Not before the event's day, wherever the phone's clock stands, and not after now."""
    day = datetime.datetime.combine(event.starts_on, datetime.time(), tzinfo=event.zone_info)
    return max(min(at, moment), min(day, moment))


def _write(door: _Door, registration: PressRegistration, access: Access) -> None:
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
        moved(registration, changed)
        tell_who_came(registration.event)
    if door.fresh or door.back:
        names = {guest.pk: str(guest.uuid) for guest in door.guests.values()}
        came, undone = ([names[row.guest_id] for row in rows] for rows in (door.fresh, door.back))
        audit.record(registration.event, access, "event.press_ticked", guests=came, taken_back=undone)


def _verdict(door: _Door, tick: Tick) -> Verdict:
    row = door.rows.get(tick.mark)
    if tick.takes_back is not None or (row is not None and row.taken_back_at is not None):
        return Verdict(tick.mark, Seen.TAKEN_BACK)
    if row is None:
        return Verdict(tick.mark, door.refused[tick.mark])
    standing = door.standing[row.guest_id]
    seen = Seen.HERE if standing[0].phone == door.ours else Seen.BEFORE
    other = next((one.at for one in standing if one.phone != door.ours), None)
    return Verdict(tick.mark, seen, standing[0].at, other)
