"""Running order presenters for one reader: rows with local times, progress, warnings."""

import datetime
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from events.core.models import Event
from events.production.running_order.models import RunningItem, RunningOrder, on_wall
from events.production.running_order.timetable import (
    DayProgress,
    ItemSlot,
    PlannedItem,
    day_progress,
    timetable,
)

MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class RunningItemRow:
    """Item row. `other_language`: language of the title if the reader's is missing; `state` is
    "over", "now", "next" or ""."""

    item: RunningItem
    title: str
    other_language: str
    starts: str
    ends: str
    lasts: str
    free: str
    late: str
    state: str


@dataclass(frozen=True)
class RunningDay:
    """Progress on the day. `until`: planned end of the current item; `behind`: the delay, "" if
    none."""

    now: RunningItemRow | None
    next: RunningItemRow | None
    behind: str
    done: int
    count: int


@dataclass(frozen=True)
class RunningOrderTable:
    """Whole running order."""

    rows: list[RunningItemRow]
    begins: str
    ends: str
    overrun: str
    outdated: str
    day: RunningDay


def build_running_order_table(
    order: RunningOrder, items: list[RunningItem], at: datetime.datetime | None = None
) -> RunningOrderTable:
    """Return the planned table; with `at`, including progress at that moment."""
    event = order.event
    begins = order.first_moment
    planned = [_planned_item(event, item, as_it_goes=at is not None) for item in items]
    slots = timetable(begins, planned, at)
    where = day_progress(begins, planned, at) if at is not None else DayProgress(None, None)
    if order.ended_at is not None:
        where = DayProgress(None, None)
    rows = [
        _item_row(event, item, slot, _state(place, where, planned, over=order.ended_at is not None))
        for place, (item, slot) in enumerate(zip(items, slots, strict=True))
    ]
    ends = slots[-1].ends if slots else begins
    return RunningOrderTable(
        rows=rows,
        begins=_clock(event, begins),
        ends=_clock(event, ends),
        overrun=_overrun(event, ends) if slots else "",
        outdated=_outdated(order),
        day=RunningDay(
            now=rows[where.now] if where.now is not None else None,
            next=rows[where.next] if where.next is not None else None,
            behind=_behind(where.behind),
            done=sum(row.state == "over" for row in rows),
            count=len(rows),
        ),
    )


def minutes_in_words(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def _planned_item(event: Event, item: RunningItem, *, as_it_goes: bool) -> PlannedItem:
    pinned = on_wall(event, item.pinned) if item.pinned else None
    return PlannedItem(minutes=item.minutes, pinned=pinned, began=item.began_at if as_it_goes else None)


def _item_row(event: Event, item: RunningItem, slot: ItemSlot, state: str) -> RunningItemRow:
    language = get_language() or Language.EN
    shown = item.language_for(language)
    return RunningItemRow(
        item=item,
        title=item.title_in(language),
        other_language=shown if shown != language else "",
        starts=_clock(event, slot.starts),
        ends=_clock(event, slot.ends),
        lasts=minutes_in_words(item.minutes),
        free=_free(slot),
        late=_late(slot),
        state=state,
    )


def _state(place: int, where: DayProgress, items: list[PlannedItem], *, over: bool) -> str:
    if over:
        return "over"
    if place == where.now:
        return "now"
    if place == where.next:
        return "next"
    edge = where.now if where.now is not None else where.next
    return "over" if edge is not None and place < edge else ""


def _free(slot: ItemSlot) -> str:
    if slot.free < MINUTE:
        return ""
    return _("%(minutes)s free before it") % {"minutes": minutes_in_words(_minutes(slot.free))}


def _late(slot: ItemSlot) -> str:
    if slot.late < MINUTE:
        return ""
    return _("%(minutes)s later than its fixed time") % {"minutes": minutes_in_words(_minutes(slot.late))}


def _behind(behind: datetime.timedelta) -> str:
    if behind < MINUTE:
        return ""
    return _("%(minutes)s behind the plan") % {"minutes": minutes_in_words(_minutes(behind))}


def _overrun(event: Event, ends: datetime.datetime) -> str:
    """Return a warning on how far the plan exceeds the announced duration of the event."""
    if event.all_day or ends - event.ends_at < MINUTE:
        return ""
    told = {"minutes": minutes_in_words(_minutes(ends - event.ends_at)), "end": _clock(event, event.ends_at)}
    return _("The plan ends %(minutes)s after %(end)s, when the event was said to end.") % told


def _outdated(order: RunningOrder) -> str:
    """Return a warning if the event's start differs from the one the plan was made for."""
    event = order.event
    if order.made_for is None or event.starts_at_time is None or order.made_for == event.starts_at_time:
        return ""
    told = {"then": formats.time_format(order.made_for, "H:i"), "now": _clock(event, event.starts_at)}
    return _("The plan was made for a beginning at %(then)s; the event begins at %(now)s now.") % told


def _minutes(length: datetime.timedelta) -> int:
    return int(length / MINUTE)


def _clock(event: Event, moment: datetime.datetime) -> str:
    return formats.time_format(moment.astimezone(event.zone_info), "H:i")
