"""Presenters of public events by day: agenda and month."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from coalition.accounts.models import REGIONS, Organisation
from coalition.accounts.naming import PUBLIC
from coalition.jobs.date_formats import day_in_words
from events.core import formatting
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts import EventTimes
from events.core.models import Event
from events.core.month_grid import EntryLook, GridEntry, GridStretch, MonthGrid, build_month_grid, span_of
from events.core.naming import organisers_for, withheld_count
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.queries import events_between, prefetch_event_details, public_events, text_in
from events.core.summary import event_page_path, place_in
from events.public.queries import (
    EventFilter,
    filter_public_events,
    soonest_events,
    upcoming_of_draft,
    with_times,
)

SITE_ZONE = ZoneInfo("Asia/Almaty")
LATEST = datetime.date(2100, 1, 1)
EARLIEST = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class PublicAgendaItem:
    """Formatted item on a day. `open`: opening hours of a run, not an event of its own."""

    event: Event
    on: datetime.date
    url: str
    title: str
    when: str
    place: str
    is_open: bool
    short_hours: str
    one: Occurrence


def items_between(
    first: datetime.date, last: datetime.date, narrowing: EventFilter, language: str
) -> list[PublicAgendaItem]:
    """Return public items on days from `first` to `last`, both included, in order of time.

    A day is that of the event's own zone. The number of queries is constant.
    """
    begins = datetime.datetime.combine(first, datetime.time.min, tzinfo=SITE_ZONE) - DAY
    ends = datetime.datetime.combine(last, datetime.time.min, tzinfo=SITE_ZONE) + 2 * DAY
    events = prefetch_event_details(
        filter_public_events(events_between(public_events(), begins, ends), narrowing)
    )
    found = [item for event in events for item in _event_items(event, begins, ends, language)]
    inside = [item for item in found if item.on <= last and formatting.last_day(item.one) >= first]
    return sorted(inside, key=lambda item: (item.on, item.is_open, item.one.starts_at, item.event.pk))


def group_items_by_day(
    items: Iterable[PublicAgendaItem], first: datetime.date, today: datetime.date
) -> list[dict[str, Any]]:
    """Group the items by day; those that began before `first` go to the first day.

    `words`: the day for screen readers; `quiet`: nothing begins, there are only opening hours.
    """
    found: dict[datetime.date, list[PublicAgendaItem]] = {}
    for item in items:
        found.setdefault(max(item.on, first), []).append(item)
    return [
        {
            "numeral": formatting.numeral(on),
            "words": day_in_words(on),
            "today": on == today,
            "items": found[on],
            "quiet": all(item.is_open for item in found[on]),
        }
        for on in sorted(found)
    ]


def public_month_grid(
    on: datetime.date, items: Iterable[PublicAgendaItem], today: datetime.date
) -> MonthGrid:
    """Return the grid of the month; `items` are those of `span_of(on)`."""
    entries: list[GridEntry] = []
    stretches: list[GridStretch] = []
    first, last = span_of(on)
    for item in items:
        if item.is_open:
            stretches.append(GridStretch(item.on, str(item.event.pk), item.title, item.short_hours, item.url))
            continue
        day = max(item.on, first)
        while day <= min(formatting.last_day(item.one), last):
            starts = day == item.on and not item.one.all_day
            is_cancelled = item.event.state == EventState.CANCELLED
            entries.append(
                GridEntry(
                    on=day,
                    title=item.title,
                    look=EntryLook.DEADLINE if item.event.kind == EventKind.DEADLINE else EntryLook.PUBLIC,
                    time=f"{item.one.local_start:%H:%M}" if starts else "",
                    url=item.url,
                    about=_("cancelled") if is_cancelled else item.event.get_kind_display(),
                    cancelled=is_cancelled,
                )
            )
            day += DAY
    return build_month_grid(on, today=today, entries=entries, stretches=stretches)


def parse_day(words: str, today: datetime.date) -> datetime.date:
    """Parse a day ("2026-03-08"); today for anything else."""
    try:
        day = datetime.date.fromisoformat(words)
    except ValueError:
        return today
    return day if EARLIEST <= day < LATEST else today


def _event_items(
    event: Event, first: datetime.datetime, last: datetime.datetime, language: str
) -> Iterable[PublicAgendaItem]:
    times = times_of(event, language)
    run, opened = times.run, set[datetime.date]()
    for one in occurrences(times, first, last):
        on, short_hours = one.local_start.date(), ""
        if one.part == "event":
            several = one.all_day and formatting.last_day(one) > on
            when = (
                formatting.range_in_words(on, formatting.last_day(one))
                if several
                else formatting.when_words(event, one)
            )
        elif run is None or event.state == EventState.CANCELLED or on in opened:
            continue  # one line per day, despite a break at noon
        else:
            opened.add(on)
            when, short_hours = (
                _("Open %(hours)s") % {"hours": formatting.hours_on(run, on)},
                formatting.short_hours_on(run, on),
            )
        yield PublicAgendaItem(
            event=event,
            on=on,
            url=event_page_path(event, language),
            title=text_in(event, language).title,
            when=when,
            place=place_in(event, language),
            is_open=one.part == "hours",
            short_hours=short_hours,
            one=one,
        )


SIDE = 100  # of a square, in drawing units
GAP = 4

# column, row, and a name short enough for a square
PLACES = {
    "KZ-59": (2, 0, pgettext_lazy("region, short", "North")),
    "KZ-27": (0, 1, pgettext_lazy("region, short", "West")),
    "KZ-39": (1, 1, pgettext_lazy("region, short", "Qostanay")),
    "KZ-11": (2, 1, pgettext_lazy("region, short", "Aqmola")),
    "KZ-71": (3, 1, gettext_lazy("Astana")),
    "KZ-55": (4, 1, pgettext_lazy("region, short", "Pavlodar")),
    "KZ-23": (0, 2, pgettext_lazy("region, short", "Atyrau")),
    "KZ-15": (1, 2, pgettext_lazy("region, short", "Aqtobe")),
    "KZ-62": (2, 2, pgettext_lazy("region, short", "Ulytau")),
    "KZ-35": (3, 2, pgettext_lazy("region, short", "Qaraghandy")),
    "KZ-10": (4, 2, pgettext_lazy("region, short", "Abai")),
    "KZ-63": (5, 2, pgettext_lazy("region, short", "East")),
    "KZ-47": (0, 3, pgettext_lazy("region, short", "Mangystau")),
    "KZ-43": (1, 3, pgettext_lazy("region, short", "Qyzylorda")),
    "KZ-61": (2, 3, pgettext_lazy("region, short", "Turkistan")),
    "KZ-31": (3, 3, pgettext_lazy("region, short", "Zhambyl")),
    "KZ-19": (4, 3, pgettext_lazy("region, short", "Almaty obl.")),
    "KZ-33": (5, 3, pgettext_lazy("region, short", "Zhetisu")),
    "KZ-79": (2, 4, gettext_lazy("Shymkent")),
    "KZ-75": (4, 4, gettext_lazy("Almaty")),
}


@dataclass(frozen=True)
class RegionTile:
    """A square: position, name of the region, number of events."""

    code: str
    x: int
    y: int
    name: str
    short: str
    count: int

    @property
    def tiny(self) -> str:
        return self.short if len(self.short) <= 4 else f"{self.short[:3]}."

    @property
    def foot(self) -> int:
        return self.y + SIDE - GAP


def tiles_of(counts: Mapping[str, int]) -> list[RegionTile]:
    """Return all squares from north to south and west to east."""
    return [
        RegionTile(code, column * SIDE, row * SIDE, str(REGIONS[code]), str(short), counts.get(code, 0))
        for code, (column, row, short) in PLACES.items()
    ]


HORIZON = datetime.timedelta(days=400)


@dataclass(frozen=True)
class EventPoint:
    """One line of a list: an event at its next time, or the days of its run (`one` is None)."""

    event: Event
    times: EventTimes
    one: Occurrence | None
    on: datetime.date
    kind: Literal["event", "run", "open"]


def event_points(events: Iterable[Event], now: datetime.datetime) -> list[EventPoint]:
    """Return the upcoming points of the events, in order of time; open runs first. Queries only times."""
    found: list[EventPoint] = []
    for event in events:
        times = times_of(event)
        today = now.astimezone(event.zone_info).date()
        one = next_time(event, times, now)
        if one is not None:
            found.append(EventPoint(event, times, one, one.local_start.date(), "event"))
        run = times.run
        if run is not None and run.last >= today and event.state != EventState.CANCELLED:
            begun = run.first <= today
            kind: Literal["open", "run"] = "open" if begun else "run"
            found.append(EventPoint(event, times, None, today if begun else run.first, kind))

    def order(point: EventPoint) -> tuple[datetime.datetime, int]:
        end_of_day = datetime.datetime.combine(point.on, datetime.time.max, tzinfo=datetime.UTC)
        return (point.one.starts_at if point.one else end_of_day), point.event.pk

    return sorted(found, key=order)


def next_time(event: Event, times: EventTimes, now: datetime.datetime) -> Occurrence | None:
    """Return the event's own next or current time; None if there is none (any more)."""
    return _own_time(times, now, max(now + HORIZON, event.starts_at + DAY))


def first_time(event: Event, times: EventTimes) -> Occurrence | None:
    """Return the event's own time as planned, over or not; None if it only has a run."""
    return _own_time(times, event.starts_at, max(event.starts_at + HORIZON, event.ends_at))


def _own_time(times: EventTimes, first: datetime.datetime, last: datetime.datetime) -> Occurrence | None:
    found = occurrences(replace(times, run=None), first, last, limit=1) if times.has_own_time else []
    return next(iter(found), None)


def public_event_rows(
    points: Sequence[EventPoint], language: str, now: datetime.datetime
) -> list[dict[str, Any]]:
    """Return the formatted lines; the number of queries is constant."""
    told = load_public_events({point.event.pk for point in points})
    return [
        build_public_event_row(replace(point, event=told[point.event.pk]), language, now)
        for point in points
        if point.event.pk in told
    ]


def next_rows(
    language: str,
    now: datetime.datetime,
    *,
    organisation: Organisation | None = None,
    narrowing: EventFilter | None = None,
    most: int = 3,
) -> list[dict[str, Any]]:
    """Return the next public events: all, of a listed organisation or as narrowed; open runs come last."""
    if narrowing is None:
        narrowing = EventFilter(organisation=organisation.slug or "-") if organisation else EventFilter()
    points = event_points(soonest_events(narrowing, now, most), now)
    coming = [point for point in points if point.kind != "open"]
    running = [point for point in points if point.kind == "open"]
    return [build_public_event_row(point, language, now) for point in [*coming, *running][:most]]


def rows_of_draft(
    draft: int, language: str, now: datetime.datetime, *, most: int = 3
) -> list[dict[str, Any]]:
    """Return the next public events about a text, by the draft's primary key."""
    found = upcoming_of_draft(draft, now)
    if not found:
        return []
    points = event_points(prefetch_event_details(with_times(public_events().filter(pk__in=found))), now)
    return [build_public_event_row(point, language, now) for point in points[:most]]


def load_public_events(pks: Iterable[int]) -> Mapping[int, Event]:
    """Return public events with all their texts, by primary key."""
    return {event.pk: event for event in prefetch_event_details(public_events().filter(pk__in=list(pks)))}


def build_public_event_row(point: EventPoint, language: str, now: datetime.datetime) -> dict[str, Any]:
    """Return a formatted line; the event has its texts prefetched (`prefetch_event_details`).

    `moved`: what changed; `numeral`: of the next day, or of the last one of a run that is open.
    """
    event, one, run = point.event, point.one, point.times.run
    when, note = _time_words(point, now)
    kind, figure = str(EventKind(event.kind).label), formatting.numeral(point.on)
    if one is not None and run is not None:
        kind = _("%(kind)s: opening") % {"kind": kind}
    if point.kind == "open" and run is not None:
        figure = formatting.numeral(run.last)
    elif one is not None and one.all_day:
        figure = formatting.numeral(point.on, formatting.last_day(one))
    return {
        "event": event,
        "url": event_page_path(event, language),
        "title": text_in(event, language).title,
        "kind": kind,
        "numeral": figure,
        "when": when,
        "place": place_in(event, language),
        "note": note,
        "moved": formatting.moved_words(event, one) if one and event.state == EventState.MOVED else "",
        "cancelled": event.state == EventState.CANCELLED,
        "online": bool(event.online_link),
        "is_open": point.kind == "open",
        "marks": [host.mark for host in organisers_for(PUBLIC, event, language=language)],
        "withheld": withheld_count(PUBLIC, event),
        "iso": (one.starts_at.astimezone(event.zone_info) if one else point.on).isoformat(),
    }


def past_row(event: Event, language: str, now: datetime.datetime) -> dict[str, Any]:
    """Return the line of an event that is over."""
    times = times_of(event, language)
    one = first_time(event, times)
    point = EventPoint(event, times, one, one.local_start.date() if one else event.starts_on, "event")
    if times.run is not None or one is None:
        first = times.run.first if times.run else event.starts_on
        point = EventPoint(event, times, None, first, "run")
    return build_public_event_row(point, language, now)


def group_rows_by_month(rows: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Group the lines by month name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        day = row["numeral"].date
        label = formats.date_format(day, "YEAR_MONTH_FORMAT")
        found.setdefault(label, []).append(row)
    return list(found.items())


def _time_words(point: EventPoint, now: datetime.datetime) -> tuple[str, str]:
    event, run = point.event, point.times.run
    if point.one is None and run is not None:
        week = "; ".join(f"{line.days} {line.hours}" for line in formatting.week_of(run) if not line.closed)
        if point.kind == "open":
            return formatting.open_words(run, now.astimezone(event.zone_info)), week
        return formatting.range_in_words(run.first, run.last), week
    if point.one is None:
        return "", ""
    when = formatting.when_words(event, point.one)
    if point.one.all_day and formatting.last_day(point.one) > point.on:
        when = formatting.range_in_words(point.on, formatting.last_day(point.one))
    return when, formatting.rule_words(point.times)
