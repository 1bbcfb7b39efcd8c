"""Rules for conflicts: overlapping times in one place or of one organisation. Pure.

Callers pass only slots that the reader may see, so nothing here can disclose anything hidden.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush

from events.core.occurrences import DAY, holiday_on

EARLIEST, LATEST = datetime.time(9), datetime.time(20)  # range of proposed starts
STEP = datetime.timedelta(minutes=30)
DAYS_AHEAD = 14
SATURDAY = 5


class Reason(StrEnum):
    """Reason for a conflict between two slots, or between a slot and a day."""

    PLACE = "place"
    ORGANISATION = "organisation"
    PARTNER = "partner"
    SITTING = "sitting"
    HOLIDAY = "holiday"

    @property
    def is_loud(self) -> bool:
        """Whether the month marks it. Other reasons only appear while planning, less prominently."""
        return self in {type(self).PLACE, type(self).ORGANISATION}


@dataclass(frozen=True)
class Slot:
    """An occupied stretch of time. `thing` identifies it for the caller.

    `organisations` are primary keys. `reason` applies if only the times overlap (a partner is busy,
    a court sits); None: overlapping times alone are no clash.
    """

    starts_at: datetime.datetime  # aware
    ends_at: datetime.datetime
    thing: object
    region: str = ""
    organisations: frozenset[int] = frozenset()
    reason: Reason | None = None

    def crosses(self, starts_at: datetime.datetime, ends_at: datetime.datetime) -> bool:
        """Whether the slot overlaps the range. One without length is a moment within it."""
        if self.starts_at == self.ends_at or starts_at == ends_at:
            return self.starts_at <= ends_at and starts_at <= self.ends_at
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True)
class Clash:
    """`mine` and `other` overlap, for these reasons; the loudest comes first."""

    mine: Slot
    other: Slot
    reasons: tuple[Reason, ...]

    @property
    def is_loud(self) -> bool:
        return self.reasons[0].is_loud


def reasons_of(mine: Slot, other: Slot) -> tuple[Reason, ...]:
    """Return why two slots with overlapping times conflict; empty if they do not."""
    found = []
    if mine.region and mine.region == other.region and other.reason != Reason.SITTING:
        found.append(Reason.PLACE)
    if mine.organisations & other.organisations:
        found.append(Reason.ORGANISATION)
    if other.reason is Reason.SITTING and other.region in {"", mine.region}:
        found.append(Reason.SITTING)
    if other.reason is Reason.PARTNER and not found:
        found.append(Reason.PARTNER)
    return tuple(found)


def clashes_of(mine: Sequence[Slot], others: Iterable[Slot]) -> list[Clash]:
    """Return everything that conflicts with these slots, by start; one clash for each pair."""
    found = [
        Clash(one, other, reasons)
        for other in others
        for one in mine
        if one.crosses(other.starts_at, other.ends_at) and (reasons := reasons_of(one, other))
    ]
    return sorted(found, key=lambda one: (one.mine.starts_at, not one.is_loud, one.other.starts_at))


def first_clashes(slots: Iterable[Slot]) -> dict[Slot, Clash]:
    """Return, for each slot in loud conflict with another of these, its first such clash.

    In order of time, so that a month is quick. Two slots of one thing (a recurring event) never conflict.
    """
    found: dict[Slot, Clash] = {}
    open_now: list[tuple[datetime.datetime, int, Slot]] = []
    for number, slot in enumerate(sorted(slots, key=lambda one: (one.starts_at, one.ends_at))):
        while open_now and open_now[0][0] < slot.starts_at:
            heappop(open_now)
        for _ends, _number, other in open_now:
            is_known = slot in found and other in found
            if is_known or slot.thing == other.thing or not slot.crosses(other.starts_at, other.ends_at):
                continue
            reasons = tuple(reason for reason in reasons_of(slot, other) if reason.is_loud)
            if reasons:
                found.setdefault(slot, Clash(slot, other, reasons))
                found.setdefault(other, Clash(other, slot, reasons))
        heappush(open_now, (slot.ends_at, number, slot))
    return found


def free_times(
    mine: Sequence[Slot],
    others: Sequence[Slot],
    *,
    zone: datetime.tzinfo,
    not_before: datetime.datetime,
    moves_days: bool = True,
    count: int = 3,
) -> list[datetime.datetime]:
    """Return conflict-free starts for the first of these slots, nearest first.

    One on the same day if there is one, then the same hour on the next days, then other hours. Never
    at night, on a public holiday, or at a weekend unless it was at one. `moves_days=False`: change
    only the hour (an event that recurs on its weekdays). Aware, in `zone`.
    """
    if not mine:
        return []
    start = mine[0].starts_at.astimezone(zone)
    found: list[datetime.datetime] = []
    for candidate in _candidates(start, moves_days=moves_days):
        if len(found) == count:
            break
        crowded = [one for one in found if one.date() == candidate.date()]
        if crowded and moves_days and len(found) < count - 1:
            continue
        if moves_days and holiday_on(candidate.date()):
            continue
        if candidate > not_before and _is_free(candidate - start, mine, others, zone):
            found.append(candidate)
    return sorted(found)


def _candidates(start: datetime.datetime, *, moves_days: bool) -> Iterator[datetime.datetime]:
    today = sorted(_hours_of(start), key=lambda one: (abs(one - start), one))
    yield from today
    if not moves_days:
        return
    dates = [start.date() + n * DAY for n in range(1, DAYS_AHEAD + 1)]
    days = [datetime.datetime.combine(date, start.timetz()) for date in dates]
    days = [one for one in days if start.weekday() >= SATURDAY or one.weekday() < SATURDAY]
    yield from days
    for day in days:
        yield from sorted(_hours_of(day), key=lambda one: (abs(one - day), one))


def _hours_of(start: datetime.datetime) -> Iterator[datetime.datetime]:
    """Yield the half hours of the day in local time, except the start itself."""
    at = datetime.datetime.combine(start.date(), EARLIEST, start.tzinfo)
    while at.time() <= LATEST and at.date() == start.date():
        if at != start:
            yield at
        at += STEP


def _is_free(
    shift: datetime.timedelta, mine: Sequence[Slot], others: Sequence[Slot], zone: datetime.tzinfo
) -> bool:
    for slot in mine:
        # In local time: an event keeps its hour when the zone's offset changes in between.
        begins = slot.starts_at.astimezone(zone) + shift
        ends = begins.astimezone(datetime.UTC) + (slot.ends_at - slot.starts_at)
        if any(one.crosses(begins, ends) and reasons_of(slot, one) for one in others):
            return False
    return True
