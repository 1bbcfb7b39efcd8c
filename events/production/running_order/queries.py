"""Running orders: queries, times, live topic."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from coalition import live_push
from coalition.accounts.models import User
from coalition.core.crypto import parse_uuid
from documents.drafts.queries import reading_seats
from events.core.queries import seated_events_for
from events.production.models import RunningItem, RunningOrder


def running_order_for(user: object, event: UUID) -> RunningOrder | None:
    """Return an event's running order if the user may see drafts in its workspace. Notes and names
    are for members who prepare the event, even if the event itself is public."""
    if not isinstance(user, User):
        return None
    rows = seated_events_for(user).filter(uuid=event, workspace__in=reading_seats(user).values("workspace"))
    found = RunningOrder.objects.filter(event__in=rows.order_by().values("pk"))
    return found.select_related("event", "event__workspace", "event__organisation").first()


def running_items_of(order: RunningOrder) -> list[RunningItem]:
    """Return the active items in order: one query."""
    return list(RunningItem.objects.filter(order=order, removed_at=None))


KIND = "running"


def running_order_topic(order: RunningOrder) -> str:
    return f"{KIND}:{order.event.uuid}"


def push_running_order(order: RunningOrder) -> None:
    """Notify open pages after the commit."""
    live_push.push_topic(topic=running_order_topic(order), last_id=order.revision)


def may_subscribe_to_running_order(user_id: int, identity: str) -> bool:
    """Whether the user may subscribe: people who may read the running order now."""
    return _order(user_id, identity) is not None


def last_running_order_id(user_id: int, identity: str) -> int:
    """Return the latest revision that the user may know of."""
    order = _order(user_id, identity)
    return order.revision if order is not None else 0


def _order(user_id: int, identity: str) -> RunningOrder | None:
    user, uuid = User.objects.filter(pk=user_id, is_active=True).first(), parse_uuid(identity)
    return running_order_for(user, uuid) if uuid is not None else None


NOTHING = datetime.timedelta()
HALF_A_DAY = datetime.timedelta(hours=12)


@dataclass(frozen=True)
class PlannedItem:
    """Planned item. `pinned`: earliest start; `began`: actual start."""

    minutes: int
    pinned: datetime.datetime | None = None
    began: datetime.datetime | None = None

    @property
    def lasts(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class ItemSlot:
    """Start and end of an item. `free`: waiting time until its fixed time; `late`: delay after its
    fixed time."""

    starts: datetime.datetime
    ends: datetime.datetime
    free: datetime.timedelta = NOTHING
    late: datetime.timedelta = NOTHING


@dataclass(frozen=True)
class DayProgress:
    """Progress on the day: positions of the current and the next item, and the delay of the next
    (or of the end, if there is none)."""

    now: int | None
    next: int | None
    behind: datetime.timedelta = NOTHING


def timetable(
    begins: datetime.datetime, items: Sequence[PlannedItem], at: datetime.datetime | None = None
) -> list[ItemSlot]:
    """Return the slots of the items in order. Each begins when the previous one ends, but not
    before its fixed time; a change shifts all later slots.

    `at`: the current moment. Actual starts override planned ones; the last item begun lasts at
    least until `at`, and shifts all later ones. Moments are aware.
    """
    slots: list[ItemSlot] = []
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
        slots.append(ItemSlot(starts, ends, free=max(NOTHING, starts - ready), late=late))
        ready = ends
    return slots


def day_progress(
    begins: datetime.datetime, items: Sequence[PlannedItem], at: datetime.datetime
) -> DayProgress:
    """Return the progress at a moment. Before any recorded start it follows from clock and plan."""
    slots = timetable(begins, items, at)
    last = last_begun(items)
    if last is not None:
        following = last + 1 if last + 1 < len(items) else None
        plan = timetable(begins, [PlannedItem(item.minutes, item.pinned) for item in items])
        late = (
            slots[-1].ends - plan[-1].ends
            if following is None
            else slots[following].starts - plan[following].starts
        )
        return DayProgress(last, following, max(NOTHING, late))
    running = next((place for place, slot in enumerate(slots) if slot.starts <= at < slot.ends), None)
    following = next((place for place, slot in enumerate(slots) if slot.starts > at), None)
    return DayProgress(running, following)


def is_running_day(begins: datetime.datetime, at: datetime.datetime) -> bool:
    """Whether starts can be recorded: from half a day before the first item until a day after."""
    return begins - HALF_A_DAY <= at <= begins + 2 * HALF_A_DAY


def last_begun(items: Sequence[PlannedItem]) -> int | None:
    """Return the position of the last item with a recorded start."""
    return max((place for place, item in enumerate(items) if item.began is not None), default=None)
