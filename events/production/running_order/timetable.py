"""When each item of a running order begins and ends, and where the day stands. No database."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

NOTHING = datetime.timedelta()
HALF_A_DAY = datetime.timedelta(hours=12)


@dataclass(frozen=True)
class Planned:
    """What the plan says of one item. `pinned`: it does not begin before; `began`: when it really began."""

    minutes: int
    pinned: datetime.datetime | None = None
    began: datetime.datetime | None = None

    @property
    def lasts(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Slot:
    """When an item begins and ends. `free`: how long it is waited for its fixed time; `late`: how much
    later than its fixed time it begins."""

    starts: datetime.datetime
    ends: datetime.datetime
    free: datetime.timedelta = NOTHING
    late: datetime.timedelta = NOTHING


@dataclass(frozen=True)
class Standing:
    """Where the day stands: the places of what runs and of what comes next, and how far the next (or the
    end, if nothing comes) is behind the plan."""

    now: int | None
    next: int | None
    behind: datetime.timedelta = NOTHING


def timetable(
    begins: datetime.datetime, items: Sequence[Planned], at: datetime.datetime | None = None
) -> list[Slot]:
    """The slots of the items in their order. Each begins when the one before ends, but not before its fixed
    time; a change of one pushes what follows.

    `at`: the moment on the day. What really began says when; the item that began last lasts at least until
    now, and everything after it is pushed. Moments are aware.
    """
    slots: list[Slot] = []
    ready = begins
    last = last_begun(items)
    for place, item in enumerate(items):
        starts = max(ready, item.pinned) if item.pinned else ready
        if item.began is not None:
            starts = item.began
        ends = starts + item.lasts
        if place == last and at is not None:
            ends = max(ends, at)
        following = items[place + 1] if place + 1 < len(items) else None
        if following is not None and following.began is not None:
            ends = max(starts, following.began)
        late = max(NOTHING, starts - item.pinned) if item.pinned else NOTHING
        slots.append(Slot(starts, ends, free=max(NOTHING, starts - ready), late=late))
        ready = ends
    return slots


def standing(begins: datetime.datetime, items: Sequence[Planned], at: datetime.datetime) -> Standing:
    """Where the day stands at a moment. While nothing was said to begin, the clock and the plan say it."""
    slots = timetable(begins, items, at)
    last = last_begun(items)
    if last is not None:
        following = last + 1 if last + 1 < len(items) else None
        return Standing(last, following, _behind(begins, items, slots, following))
    running = next((place for place, slot in enumerate(slots) if slot.starts <= at < slot.ends), None)
    following = next((place for place, slot in enumerate(slots) if slot.starts > at), None)
    return Standing(running, following)


def is_the_day(begins: datetime.datetime, at: datetime.datetime) -> bool:
    """Whether items can be said to begin: from half a day before the first until a day after."""
    return begins - HALF_A_DAY <= at <= begins + 2 * HALF_A_DAY


def last_begun(items: Sequence[Planned]) -> int | None:
    """The place of the item furthest down that was said to begin."""
    return max((place for place, item in enumerate(items) if item.began is not None), default=None)


def _behind(
    begins: datetime.datetime, items: Sequence[Planned], slots: Sequence[Slot], following: int | None
) -> datetime.timedelta:
    plan = timetable(begins, [Planned(item.minutes, item.pinned) for item in items])
    if following is None:
        return max(NOTHING, slots[-1].ends - plan[-1].ends)
    return max(NOTHING, slots[following].starts - plan[following].starts)
