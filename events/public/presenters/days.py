"""Public events by day: the agenda and the month."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coalition.jobs.moments import day_in_words
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts_builder import address_of, place_in
from events.core.models import Event
from events.core.month_grid import Entry, Look, Month, Stretch, month_of, span_of
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.opening_hours_text import hours_on, range_in_words
from events.core.queries import between, public_events, text_in, with_words
from events.public.formatting import Numeral, last_day, numeral, short_hours_on, when_words
from events.public.queries import Narrowing, narrowed

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
