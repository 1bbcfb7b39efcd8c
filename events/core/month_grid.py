"""A month as a grid of weeks: which day holds what. Pure; whoever asks gives entries already in words.

Drawn by `templates/components/month.html`. The grid begins on Monday and holds whole weeks, so that the
days around the month are there as well: ask for `span_of(month)`, not for the month alone.
"""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from coalition.jobs.date_formats import day_in_words

MOST = 3  # entries that one day shows; the others are counted


class Look(StrEnum):
    """How an entry looks: told by shape, icon and word, by colour last."""

    PUBLIC = "public"
    INTERNAL = "internal"
    DEADLINE = "deadline"
    PARTNER = "partner"
    CONFLICT = "conflict"

    @property
    def icon(self) -> str:
        cls = type(self)
        return {cls.PUBLIC: "horn", cls.DEADLINE: "clock", cls.CONFLICT: "warn"}.get(self, "")


@dataclass(frozen=True)
class Entry:
    """Something on a day. `time` is local and in words, empty for a whole day; `about` is for the ear."""

    on: datetime.date
    title: str
    look: Look = Look.INTERNAL
    time: str = ""
    url: str = ""
    about: str = ""
    cancelled: bool = False

    @property
    def icon(self) -> str:
        return self.look.icon


@dataclass(frozen=True)
class Stretch:
    """A day on which something that runs is open: drawn as a line, its title said once a week."""

    on: datetime.date
    key: str
    title: str
    hours: str = ""
    url: str = ""


@dataclass(frozen=True)
class Named:
    """A day that has a name: a public holiday, a sitting."""

    on: datetime.date
    words: str


@dataclass(frozen=True)
class Line:
    """One lane below a day; `stretch` is None where the lane is empty that day.

    `words` are said where `says`: the title with the hours, or only hours that differ. `tight`: they have
    no more room than the day itself.
    """

    stretch: Stretch | None
    says: bool = False
    words: str = ""
    tight: bool = False
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True)
class Day:
    """One cell. `url` leads to the same day in the agenda, where everything is listed."""

    date: datetime.date
    label: str
    out: bool
    today: bool
    past: bool
    url: str
    entries: tuple[Entry, ...]
    more: int
    lines: tuple[Line, ...]
    names: tuple[Named, ...]
    looks: tuple[Look, ...]

    @property
    def number(self) -> int:
        return self.date.day

    @property
    def count(self) -> int:
        return len(self.entries) + self.more


@dataclass(frozen=True)
class Month:
    """The grid with its name; weekdays are (short, long)."""

    label: str
    first: datetime.date
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def before(self) -> datetime.date:
        return (self.first - datetime.timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> datetime.date:
        return (self.first + datetime.timedelta(days=31)).replace(day=1)


@dataclass
class _Cell:
    entries: list[Entry] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    names: list[Named] = field(default_factory=list)


def span_of(month: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day that the grid of the month shows, both included."""
    first = month.replace(day=1)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return first - datetime.timedelta(first.weekday()), last + datetime.timedelta(6 - last.weekday())


def month_of(
    on: datetime.date,
    *,
    today: datetime.date,
    entries: Iterable[Entry] = (),
    stretches: Iterable[Stretch] = (),
    names: Iterable[Named] = (),
    day_url: str = "#day-{date}",
    most: int = MOST,
) -> Month:
    """The month in which `on` lies. Entries keep the order given; `{date}` in `day_url` is the ISO date."""
    first, last = span_of(on)
    cells = {first + datetime.timedelta(n): _Cell() for n in range((last - first).days + 1)}
    for entry in entries:
        if entry.on in cells:
            cells[entry.on].entries.append(entry)
    for stretch in stretches:
        if stretch.on in cells:
            cells[stretch.on].stretches.append(stretch)
    for name in names:
        if name.on in cells:
            cells[name.on].names.append(name)
    days = list(cells)
    weeks = []
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        lanes = _lanes([cells[day].stretches for day in week])
        weeks.append(
            tuple(
                _day(day, cells[day], lines, month=on, today=today, url=day_url, most=most)
                for day, lines in zip(week, lanes, strict=True)
            )
        )
    names_of_days = tuple((str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in range(7))
    label = formats.date_format(on, "YEAR_MONTH_FORMAT")
    return Month(label, on.replace(day=1), names_of_days, tuple(weeks))


def _day(
    day: datetime.date,
    cell: _Cell,
    lines: tuple[Line, ...],
    *,
    month: datetime.date,
    today: datetime.date,
    url: str,
    most: int,
) -> Day:
    # A lone "+1" takes the room of the entry it hides.
    shown = cell.entries if len(cell.entries) <= most + 1 else cell.entries[:most]
    return Day(
        date=day,
        label=day_in_words(day, with_year=False),
        out=day.month != month.month,
        today=day == today,
        past=day < today,
        url=url.format(date=day.isoformat()),
        entries=tuple(shown),
        more=len(cell.entries) - len(shown),
        lines=lines,
        names=tuple(cell.names),
        looks=tuple(dict.fromkeys(entry.look for entry in cell.entries)),
    )


def _lanes(week: Sequence[list[Stretch]]) -> list[tuple[Line, ...]]:
    """Each thing that runs keeps its lane through the week; its title is said where it begins or differs."""
    keys = list(dict.fromkeys(stretch.key for day in week for stretch in day))
    by_day = [{stretch.key: stretch for stretch in day} for day in week]
    found: list[list[Line]] = [[] for _day in week]
    for key in keys:
        lane = [day.get(key) for day in by_day]
        said = _words(lane)
        for index, stretch in enumerate(lane):
            if stretch is None:
                found[index].append(Line(None))
                continue
            last = index + 1 == len(week)
            found[index].append(
                Line(
                    stretch,
                    says=said[index] is not None,
                    words=said[index] or " ".join(filter(None, (stretch.title, stretch.hours))),
                    tight=last or said[index + 1] is not None,
                    begins=index == 0 or lane[index - 1] is None,
                    ends=last or lane[index + 1] is None,
                )
            )
    return [tuple(lines) for lines in found]


def _words(lane: Sequence[Stretch | None]) -> list[str | None]:
    """What is said on each day of a lane: the title with its hours once, then only hours that differ."""
    said: list[str | None] = []
    title = hours = ""
    for stretch in lane:
        if stretch is None or (stretch.title, stretch.hours) == (title, hours):
            said.append(None)
            continue
        again = stretch.title == title
        said.append(stretch.hours if again else " ".join(filter(None, (stretch.title, stretch.hours))))
        title, hours = stretch.title, stretch.hours
    return said
