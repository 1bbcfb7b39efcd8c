"""Running order for pages and paper."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _, ngettext, pgettext

from coalition.jobs.date_formats import day_in_words
from events.core.models import Event
from events.core.pdf.typeset import typeset, when_and_where
from events.production.models import RunningItem, RunningOrder, on_wall
from events.production.running_order.queries import DayProgress, PlannedItem, day_progress, timetable

MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class RunningItemRow:
    """Item row. `state`: "over", "now", "next" or ""."""

    item: RunningItem
    starts: str
    ends: str
    lasts: str
    free: str
    late: str
    state: str


@dataclass(frozen=True)
class RunningOrderTable:
    """Whole running order. `day`: the rows `now` and `next`, how far `behind` the plan it is ("" if not), how
    many of `count` items are `done`."""

    rows: list[RunningItemRow]
    begins: str
    ends: str
    overrun: str
    outdated: str
    day: dict[str, Any]


def build_running_order_table(
    order: RunningOrder, items: list[RunningItem], at: datetime.datetime | None = None
) -> RunningOrderTable:
    """Return the planned table; with `at`, including progress at that moment."""
    event = order.event
    begins = order.first_moment
    planned = [
        PlannedItem(
            minutes=item.minutes,
            pinned=on_wall(event, item.pinned) if item.pinned else None,
            began=item.began_at if at is not None else None,
        )
        for item in items
    ]
    slots = timetable(begins, planned, at)
    ended = order.ended_at is not None
    where = DayProgress(None, None) if at is None or ended else day_progress(begins, planned, at)
    edge = where.now if where.now is not None else where.next
    rows = []
    for place, (item, slot) in enumerate(zip(items, slots, strict=True)):
        state = "now" if place == where.now else "next" if place == where.next else ""
        if ended or (not state and edge is not None and place < edge):
            state = "over"
        rows.append(
            RunningItemRow(
                item=item,
                starts=_clock(event, slot.starts),
                ends=_clock(event, slot.ends),
                lasts=minutes_in_words(item.minutes),
                free=_in_words(_("%(minutes)s free before it"), slot.free),
                late=_in_words(_("%(minutes)s later than its fixed time"), slot.late),
                state=state,
            )
        )
    ends = slots[-1].ends if slots else begins
    return RunningOrderTable(
        rows=rows,
        begins=_clock(event, begins),
        ends=_clock(event, ends),
        overrun=_overrun(event, ends) if slots else "",
        outdated=_outdated(order),
        day={
            "now": rows[where.now] if where.now is not None else None,
            "next": rows[where.next] if where.next is not None else None,
            "behind": _in_words(_("%(minutes)s behind the plan"), where.behind),
            "done": sum(row.state == "over" for row in rows),
            "count": len(rows),
        },
    )


def minutes_in_words(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def _in_words(text: str, length: datetime.timedelta) -> str:
    """Return the text with the length of time; "" for less than a minute."""
    return text % {"minutes": minutes_in_words(int(length / MINUTE))} if length >= MINUTE else ""


def _overrun(event: Event, ends: datetime.datetime) -> str:
    """Return a warning on how far the plan exceeds the announced duration of the event."""
    if event.all_day or ends - event.ends_at < MINUTE:
        return ""
    minutes = minutes_in_words(int((ends - event.ends_at) / MINUTE))
    params = {"minutes": minutes, "end": _clock(event, event.ends_at)}
    return _("The plan ends %(minutes)s after %(end)s, when the event was said to end.") % params


def _outdated(order: RunningOrder) -> str:
    """Return a warning if the event's start differs from the one the plan was made for."""
    event = order.event
    if order.made_for is None or event.starts_at_time is None or order.made_for == event.starts_at_time:
        return ""
    params = {"then": formats.time_format(order.made_for, "H:i"), "now": _clock(event, event.starts_at)}
    return _("The plan was made for a beginning at %(then)s; the event begins at %(now)s now.") % params


def _clock(event: Event, moment: datetime.datetime) -> str:
    return formats.time_format(moment.astimezone(event.zone_info), "H:i")


def running_order_pdf(*, title: str, event: Event, table: RunningOrderTable, language: str) -> bytes:
    """Render A4 pages with one line per item, in the active language."""
    day = day_in_words(event.starts_on)
    return typeset(
        "running_order.typ",
        {
            "language": language,
            "title": title,
            "heading": _("Running order"),
            "below": when_and_where(f"{day}, {table.begins}–{table.ends}", event, language),
            "outdated": table.outdated,
            "columns": [_("Time"), pgettext("a length of time", "Minutes"), _("What"), _("Who"), _("Note")],
            "rows": [
                {
                    "time": row.starts,
                    "minutes": str(row.item.minutes),
                    "title": str(row.item.title),
                    "pinned": _("fixed") if row.item.pinned else "",
                    "who": row.item.who,
                    "note": row.item.note,
                }
                for row in table.rows
            ],
            "foot": _("For people who prepare the event. Do not leave it lying about."),
        },
        event=event,
    )
