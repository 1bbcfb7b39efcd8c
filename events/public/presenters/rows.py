"""Rows of the public lists: which date of an event comes next, and how it is said."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, Mark
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts import Times
from events.core.facts_builder import address_of, place_in
from events.core.models import Event
from events.core.naming import organisers_for, withheld_count
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.opening_hours_text import range_in_words, week_of
from events.core.queries import public_events, text_in, with_words
from events.public.formatting import (
    Numeral,
    last_day,
    moved_words,
    numeral,
    open_words,
    rule_words,
    when_words,
)
from events.public.queries import Narrowing, soonest, upcoming_of_draft, with_times

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
    marks: tuple[Mark, ...]
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
