"""Public events by day: the agenda and the month."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, OrganisationMark
from coalition.accounts.regions import REGIONS
from coalition.jobs.date_formats import day_in_words
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts import Times
from events.core.facts_builder import address_of, place_in
from events.core.formatting import (
    Numeral,
    last_day,
    moved_words,
    numeral,
    open_words,
    rule_words,
    short_hours_on,
    when_words,
)
from events.core.models import Event
from events.core.month_grid import Entry, Look, Month, Stretch, month_of, span_of
from events.core.naming import organisers_for, withheld_count
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.opening_hours_text import hours_on, range_in_words, week_of
from events.core.queries import between, public_events, text_in, with_words
from events.public.queries import Narrowing, narrowed, soonest, upcoming_of_draft, with_times

HOME = ZoneInfo("Asia/Almaty")
LATEST = datetime.date(2100, 1, 1)
EARLIEST = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class Item:
    """Something on a day in words. `open`: opening hours of what runs, not an event of its own."""

    event: Event
    on: datetime.date
    url: str
    title: str
    kind: str
    when: str
    place: str
    is_open: bool
    cancelled: bool
    moved: bool
    deadline: bool
    short_hours: str
    one: Occurrence


@dataclass(frozen=True)
class Day:
    """A day of the agenda with what is on it."""

    numeral: Numeral
    today: bool
    items: tuple[Item, ...]

    @property
    def words(self) -> str:
        """The day for those who do not see its figure."""
        return day_in_words(self.numeral.date)

    @property
    def quiet(self) -> bool:
        """Whether nothing begins, and something is only open."""
        return all(item.is_open for item in self.items)


def items_between(
    first: datetime.date, last: datetime.date, narrowing: Narrowing, language: str
) -> list[Item]:
    """What happens in public on days from `first` to `last`, both included, in the order of time.

    A day is that of the event's own clock. In as many queries whatever their number.
    """
    begins = datetime.datetime.combine(first, datetime.time.min, tzinfo=HOME) - DAY
    ends = datetime.datetime.combine(last, datetime.time.min, tzinfo=HOME) + 2 * DAY
    events = with_words(narrowed(between(public_events(), begins, ends), narrowing))
    found = [item for event in events for item in _items(event, begins, ends, language)]
    inside = [item for item in found if item.on <= last and last_day(item.one) >= first]
    return sorted(inside, key=lambda item: (item.on, item.is_open, item.one.starts_at, item.event.pk))


def days_of(items: Iterable[Item], first: datetime.date, today: datetime.date) -> list[Day]:
    """The items under their days; what began before `first` stands on the first day."""
    found: dict[datetime.date, list[Item]] = {}
    for item in items:
        found.setdefault(max(item.on, first), []).append(item)
    return [Day(numeral(on), on == today, tuple(found[on])) for on in sorted(found)]


def month_in_public(on: datetime.date, items: Iterable[Item], today: datetime.date) -> Month:
    """The grid of the month; `items` are those of `span_of(on)`."""
    entries: list[Entry] = []
    stretches: list[Stretch] = []
    first, last = span_of(on)
    for item in items:
        if item.is_open:
            stretches.append(Stretch(item.on, str(item.event.pk), item.title, item.short_hours, item.url))
            continue
        day = max(item.on, first)
        while day <= min(last_day(item.one), last):
            entries.append(_entry(item, day))
            day += DAY
    return month_of(on, today=today, entries=entries, stretches=stretches)


def month_asked(words: str, today: datetime.date) -> datetime.date:
    """The first day of the month asked for ("2026-03"); this month for anything else."""
    return _asked(f"{words}-01", today).replace(day=1)


def day_asked(words: str, today: datetime.date) -> datetime.date:
    """The day asked for ("2026-03-08"); today for anything else."""
    return _asked(words, today)


def _asked(words: str, today: datetime.date) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(words)
    except ValueError:
        return today
    return day if EARLIEST <= day < LATEST else today


def _items(event: Event, first: datetime.datetime, last: datetime.datetime, language: str) -> Iterable[Item]:
    times = times_of(event, language)
    run, opened = times.run, set[datetime.date]()
    cancelled = event.state == EventState.CANCELLED
    for one in occurrences(times, first, last):
        on = one.local_start.date()
        if one.part == "event":
            several = one.all_day and last_day(one) > on
            when = range_in_words(on, last_day(one)) if several else when_words(event, one)
            yield _item(event, one, language, when)
        elif run is not None and not cancelled and on not in opened:
            opened.add(on)  # a break at noon makes no second line
            words = _("Open %(hours)s") % {"hours": hours_on(run, on)}
            yield _item(event, one, language, words, short_hours_on(run, on))


def _item(event: Event, one: Occurrence, language: str, when: str, short_hours: str = "") -> Item:
    return Item(
        event=event,
        on=one.local_start.date(),
        url=address_of(event, language),
        title=text_in(event, language).title,
        kind=str(EventKind(event.kind).label),
        when=when,
        place=place_in(event, language),
        is_open=one.part == "hours",
        cancelled=event.state == EventState.CANCELLED,
        moved=event.state == EventState.MOVED,
        deadline=event.kind == EventKind.DEADLINE,
        short_hours=short_hours,
        one=one,
    )


def _entry(item: Item, day: datetime.date) -> Entry:
    starts = day == item.on and not item.one.all_day
    return Entry(
        on=day,
        title=item.title,
        look=Look.DEADLINE if item.deadline else Look.PUBLIC,
        time=f"{item.one.local_start:%H:%M}" if starts else "",
        url=item.url,
        about=_("cancelled") if item.cancelled else item.kind,
        cancelled=item.cancelled,
    )


# --- map tiles ---
# The map: each region of Kazakhstan is a square of the same size, about where it lies.


SIDE = 100  # of a square, in units of the drawing
GAP = 4

# column, row, and the name short enough for a square
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
class Tile:
    """A square: where it stands, how the region is called, how many events are there."""

    code: str
    x: int
    y: int
    name: str
    short: str
    tiny: str
    count: int

    @property
    def middle(self) -> int:
        return self.x + (SIDE - GAP) // 2

    @property
    def foot(self) -> int:
        return self.y + SIDE - GAP


def tiles_of(counts: Mapping[str, int]) -> list[Tile]:
    """All squares from north to south and west to east."""
    return [
        _tile(code, column, row, str(short), counts.get(code, 0))
        for code, (column, row, short) in PLACES.items()
    ]


def _tile(code: str, column: int, row: int, short: str, count: int) -> Tile:
    tiny = short if len(short) <= 4 else f"{short[:3]}."
    return Tile(code, column * SIDE, row * SIDE, str(REGIONS[code]), short, tiny, count)


# --- rows ---
# Rows of the public lists: which date of an event comes next, and how it is said.


HORIZON = datetime.timedelta(days=400)


@dataclass(frozen=True)
class Point:
    """One line of a list: an event at its next time, or the days over which it runs (`one` is None)."""

    event: Event
    times: Times
    one: Occurrence | None
    on: datetime.date
    kind: Literal["event", "run", "open"]


@dataclass(frozen=True)
class Row:
    """A line in words. `moved` says what changed; `until` is the figure of the last day of what is open."""

    event: Event
    url: str
    title: str
    kind: str
    numeral: Numeral
    when: str
    place: str
    note: str
    moved: str
    cancelled: bool
    online: bool
    is_open: bool
    marks: tuple[OrganisationMark, ...]
    withheld: int
    iso: str


def points_of(events: Iterable[Event], now: datetime.datetime) -> list[Point]:
    """What comes of the events, in the order of time: what is open now stands first. Asks for times only."""
    found: list[Point] = []
    for event in events:
        times = times_of(event)
        today = now.astimezone(event.zone_info).date()
        one = next_time(event, times, now)
        if one is not None:
            found.append(Point(event, times, one, one.local_start.date(), "event"))
        run = times.run
        if run is not None and run.last >= today and event.state != EventState.CANCELLED:
            begun = run.first <= today
            kind: Literal["open", "run"] = "open" if begun else "run"
            found.append(Point(event, times, None, today if begun else run.first, kind))
    return sorted(found, key=_order)


def next_time(event: Event, times: Times, now: datetime.datetime) -> Occurrence | None:
    """The event's own next time, or the one under way; None if there is none (any more)."""
    if not times.has_own_time:
        return None
    last = max(now + HORIZON, event.starts_at + DAY)
    return next(iter(occurrences(replace(times, run=None), now, last, limit=1)), None)


def first_time(event: Event, times: Times) -> Occurrence | None:
    """The event's own time as planned, over or not; None if it only is open over days."""
    if not times.has_own_time:
        return None
    alone = replace(times, run=None)
    found = occurrences(alone, event.starts_at, max(event.starts_at + HORIZON, event.ends_at), limit=1)
    return next(iter(found), None)


def rows_of(points: Sequence[Point], language: str, now: datetime.datetime) -> list[Row]:
    """The lines in words, in as many queries whatever their number."""
    told = with_all({point.event.pk for point in points})
    return [
        row_of(replace(point, event=told[point.event.pk]), language, now)
        for point in points
        if point.event.pk in told
    ]


def next_rows(
    language: str,
    now: datetime.datetime,
    *,
    organisation: Organisation | None = None,
    narrowing: Narrowing | None = None,
    most: int = 3,
) -> list[Row]:
    """The next public events, of everybody, of a listed organisation or as narrowed; what is open now comes
    last."""
    if narrowing is None:
        narrowing = Narrowing(organisation=organisation.slug or "-") if organisation else Narrowing()
    points = points_of(soonest(narrowing, now, most), now)
    coming = [point for point in points if point.kind != "open"]
    running = [point for point in points if point.kind == "open"]
    return [row_of(point, language, now) for point in [*coming, *running][:most]]


def rows_of_draft(draft: int, language: str, now: datetime.datetime, *, most: int = 3) -> list[Row]:
    """The next public events that a text is about, by the draft's primary key."""
    found = upcoming_of_draft(draft, now)
    if not found:
        return []
    points = points_of(with_words(with_times(public_events().filter(pk__in=found))), now)
    return [row_of(point, language, now) for point in points[:most]]


def with_all(pks: Iterable[int]) -> Mapping[int, Event]:
    """Public events with all their words, by primary key."""
    return {event.pk: event for event in with_words(public_events().filter(pk__in=list(pks)))}


def row_of(point: Point, language: str, now: datetime.datetime) -> Row:
    """One line; the event has its words (`with_words`)."""
    event, one = point.event, point.one
    state = EventState(event.state)
    when, note = _said(point, language, now)
    return Row(
        event=event,
        url=address_of(event, language),
        title=text_in(event, language).title,
        kind=_kind(point),
        numeral=_figure(point),
        when=when,
        place=place_in(event, language),
        note=note,
        moved=moved_words(event, one) if one and state == EventState.MOVED else "",
        cancelled=state == EventState.CANCELLED,
        online=bool(event.online_link),
        is_open=point.kind == "open",
        marks=tuple(one.mark for one in organisers_for(PUBLIC, event, language=language)),
        withheld=withheld_count(PUBLIC, event),
        iso=(one.starts_at.astimezone(event.zone_info) if one else point.on).isoformat(),
    )


def past_row(event: Event, language: str, now: datetime.datetime) -> Row:
    """The line of an event that is over."""
    times = times_of(event, language)
    one = first_time(event, times)
    if times.run is not None or one is None:
        first = times.run.first if times.run else event.starts_on
        return row_of(Point(event, times, None, first, "run"), language, now)
    return row_of(Point(event, times, one, one.local_start.date(), "event"), language, now)


def by_month(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """The lines under the names of their months."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        label = formats.date_format(row.numeral.date, "YEAR_MONTH_FORMAT")
        found.setdefault(label, []).append(row)
    return list(found.items())


def _kind(point: Point) -> str:
    label = str(EventKind(point.event.kind).label)
    if point.one is not None and point.times.run is not None:
        return _("%(kind)s: opening") % {"kind": label}
    return label


def _figure(point: Point) -> Numeral:
    run = point.times.run
    if point.kind == "open" and run is not None:
        return numeral(run.last)
    if point.one is not None and point.one.all_day:
        return numeral(point.on, last_day(point.one))
    return numeral(point.on)


def _said(point: Point, language: str, now: datetime.datetime) -> tuple[str, str]:
    event, run = point.event, point.times.run
    if point.one is None and run is not None:
        week = "; ".join(f"{line.days} {line.hours}" for line in week_of(run) if not line.closed)
        if point.kind == "open":
            return open_words(run, now.astimezone(event.zone_info)), week
        return range_in_words(run.first, run.last), week
    if point.one is None:
        return "", ""
    when = when_words(event, point.one)
    if point.one.all_day and last_day(point.one) > point.on:
        when = range_in_words(point.on, last_day(point.one))
    return when, rule_words(point.times)


def _order(point: Point) -> tuple[datetime.datetime, int]:
    if point.one is not None:
        return point.one.starts_at, point.event.pk
    return datetime.datetime.combine(point.on, datetime.time.max, tzinfo=datetime.UTC), point.event.pk
