"""What gets in each other's way: times that cross, in one place or of one organisation. Pure.

Whoever asks gives slots of what the reader may see, nothing else: neither a clash nor a free time can then
tell of anything that is hidden.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush

from events.core.holidays import holiday_on
from events.core.occurrences import DAY

EARLIEST, LATEST = datetime.time(9), datetime.time(20)  # at which a free time may begin
STEP = datetime.timedelta(minutes=30)
DAYS_AHEAD = 14
SATURDAY = 5


class Reason(StrEnum):
    """Why two things, or a thing and a day, do not go well together."""

    PLACE = "place"
    ORGANISATION = "organisation"
    PARTNER = "partner"
    SITTING = "sitting"
    HOLIDAY = "holiday"

    @property
    def is_loud(self) -> bool:
        """Whether the month marks it: the others are said while planning, in a quieter voice."""
        return self in {type(self).PLACE, type(self).ORGANISATION}


@dataclass(frozen=True)
class Slot:
    """A stretch of time that somebody has taken. `thing` is whatever the caller finds it by again.

    `organisations` are primary keys. `reason` is what it means if only the times cross (a partner is busy,
    a court sits); None: crossing times alone are no clash.
    """

    starts_at: datetime.datetime  # aware
    ends_at: datetime.datetime
    thing: object
    region: str = ""
    organisations: frozenset[int] = frozenset()
    reason: Reason | None = None

    def crosses(self, starts_at: datetime.datetime, ends_at: datetime.datetime) -> bool:
        """A slot without length is a moment: it crosses what holds that moment."""
        if self.starts_at == self.ends_at or starts_at == ends_at:
            return self.starts_at <= ends_at and starts_at <= self.ends_at
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True)
class Clash:
    """`mine` and `other` cross, for these reasons; the loudest comes first."""

    mine: Slot
    other: Slot
    reasons: tuple[Reason, ...]

    @property
    def is_loud(self) -> bool:
        return self.reasons[0].is_loud


def reasons_of(mine: Slot, other: Slot) -> tuple[Reason, ...]:
    """Why the two, whose times cross, are in each other's way; empty if they are not."""
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
    """Everything in the way of these slots, by the time at which it begins; one clash for each pair."""
    found = [
        Clash(one, other, reasons)
        for other in others
        for one in mine
        if one.crosses(other.starts_at, other.ends_at) and (reasons := reasons_of(one, other))
    ]
    return sorted(found, key=lambda one: (one.mine.starts_at, not one.is_loud, one.other.starts_at))


def first_clashes(slots: Iterable[Slot]) -> dict[Slot, Clash]:
    """For each slot that is loudly in the way of another one of these, its first such clash.

    Slots are walked through in the order of time, so that a month is quick. Two slots of one thing (an
    event that comes again) are never in each other's way.
    """
    found: dict[Slot, Clash] = {}
    open_now: list[tuple[datetime.datetime, int, Slot]] = []
    for number, slot in enumerate(sorted(slots, key=lambda one: (one.starts_at, one.ends_at))):
        while open_now and open_now[0][0] < slot.starts_at:
            heappop(open_now)
        for _ends, _number, other in open_now:
            _note(found, slot, other)
        heappush(open_now, (slot.ends_at, number, slot))
    return found


def _note(found: dict[Slot, Clash], one: Slot, other: Slot) -> None:
    if one.thing == other.thing or (one in found and other in found):
        return
    if not one.crosses(other.starts_at, other.ends_at):
        return
    reasons = tuple(reason for reason in reasons_of(one, other) if reason.is_loud)
    if reasons:
        found.setdefault(one, Clash(one, other, reasons))
        found.setdefault(other, Clash(other, one, reasons))


def free_times(
    mine: Sequence[Slot],
    others: Sequence[Slot],
    *,
    zone: datetime.tzinfo,
    not_before: datetime.datetime,
    moves_days: bool = True,
    count: int = 3,
) -> list[datetime.datetime]:
    """Starts for the first of these slots at which nothing is in the way of any, nearest first.

    One on the same day if there is one, then the same hour on the next days, then other hours. Never at
    night, on a public holiday, or at a weekend unless it was at one. `moves_days=False`: hours alone
    change (an event that comes again on its weekdays). Aware, in `zone`.
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
    days = [_at(start, start.date() + n * DAY) for n in range(1, DAYS_AHEAD + 1)]
    days = [one for one in days if start.weekday() >= SATURDAY or one.weekday() < SATURDAY]
    yield from days
    for day in days:
        yield from sorted(_hours_of(day), key=lambda one: (abs(one - day), one))


def _hours_of(start: datetime.datetime) -> Iterator[datetime.datetime]:
    """Half hours of the day by the wall, without the one at which it begins."""
    at = datetime.datetime.combine(start.date(), EARLIEST, start.tzinfo)
    while at.time() <= LATEST and at.date() == start.date():
        if at != start:
            yield at
        at += STEP


def _at(start: datetime.datetime, day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, start.timetz())


def _is_free(
    shift: datetime.timedelta, mine: Sequence[Slot], others: Sequence[Slot], zone: datetime.tzinfo
) -> bool:
    for slot in mine:
        # By the wall: an event keeps its hour when the zone's offset changes in between.
        begins = slot.starts_at.astimezone(zone) + shift
        ends = begins.astimezone(datetime.UTC) + (slot.ends_at - slot.starts_at)
        if any(one.crosses(begins, ends) and reasons_of(slot, one) for one in others):
            return False
    return True
