"""A month as a grid of weeks. Pure; callers pass entries already formatted.

Rendered by `templates/components/month.html`. The grid begins on Monday and has whole weeks, so
it includes days around the month: query `span_of(month)`, not the month alone.
"""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from coalition.jobs.date_formats import day_in_words

MAX_ENTRIES_PER_DAY = 3  # entries displayed per day; the others are counted


class EntryLook(StrEnum):
    """Style of an entry: conveyed by shape, icon and word, by colour last."""

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
class GridEntry:
    """Entry on a day. `time` is local and formatted, empty for a whole day; `about`: for screen
    readers."""

    on: datetime.date
    title: str
    look: EntryLook = EntryLook.INTERNAL
    time: str = ""
    url: str = ""
    about: str = ""
    cancelled: bool = False

    @property
    def icon(self) -> str:
        return self.look.icon


@dataclass(frozen=True)
class GridStretch:
    """A day of a run with opening hours: rendered as a line, titled once a week."""

    on: datetime.date
    key: str
    title: str
    hours: str = ""
    url: str = ""


@dataclass(frozen=True)
class NamedDay:
    """A labelled day: a public holiday, a sitting."""

    on: datetime.date
    words: str


@dataclass(frozen=True)
class GridLane:
    """One lane below a day; `stretch` is None where the lane is empty that day.

    `words` are displayed where `says`: the title with the hours, or only hours that differ. `tight`:
    they have no more room than the day itself.
    """

    stretch: GridStretch | None
    says: bool = False
    words: str = ""
    tight: bool = False
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True)
class GridDay:
    """One cell. `url` leads to the same day in the agenda, which lists everything."""

    date: datetime.date
    label: str
    out: bool
    today: bool
    past: bool
    url: str
    entries: tuple[GridEntry, ...]
    more: int
    lines: tuple[GridLane, ...]
    names: tuple[NamedDay, ...]
    looks: tuple[EntryLook, ...]

    @property
    def number(self) -> int:
        return self.date.day

    @property
    def count(self) -> int:
        return len(self.entries) + self.more


@dataclass(frozen=True)
class MonthGrid:
    """The grid with its name; weekdays are (short, long)."""

    label: str
    first: datetime.date
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[GridDay, ...], ...]

    @property
    def before(self) -> datetime.date:
        return (self.first - datetime.timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> datetime.date:
        return (self.first + datetime.timedelta(days=31)).replace(day=1)


@dataclass
class _GridCell:
    entries: list[GridEntry] = field(default_factory=list)
    stretches: list[GridStretch] = field(default_factory=list)
    names: list[NamedDay] = field(default_factory=list)


def span_of(month: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of the month's grid, both included."""
    first = month.replace(day=1)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return first - datetime.timedelta(first.weekday()), last + datetime.timedelta(6 - last.weekday())


def build_month_grid(
    on: datetime.date,
    *,
    today: datetime.date,
    entries: Iterable[GridEntry] = (),
    stretches: Iterable[GridStretch] = (),
    names: Iterable[NamedDay] = (),
    day_url: str = "#day-{date}",
    most: int = MAX_ENTRIES_PER_DAY,
) -> MonthGrid:
    """Return the month of `on`. Entries keep the order given; `{date}` in `day_url` is the ISO date."""
    first, last = span_of(on)
    cells = {first + datetime.timedelta(n): _GridCell() for n in range((last - first).days + 1)}
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
    return MonthGrid(label, on.replace(day=1), names_of_days, tuple(weeks))


def _day(
    day: datetime.date,
    cell: _GridCell,
    lines: tuple[GridLane, ...],
    *,
    month: datetime.date,
    today: datetime.date,
    url: str,
    most: int,
) -> GridDay:
    # "+1" would take the room of the entry it hides.
    shown = cell.entries if len(cell.entries) <= most + 1 else cell.entries[:most]
    return GridDay(
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


def _lanes(week: Sequence[list[GridStretch]]) -> list[tuple[GridLane, ...]]:
    """Assign each run a lane for the whole week; its title is displayed where it begins or differs."""
    keys = list(dict.fromkeys(stretch.key for day in week for stretch in day))
    by_day = [{stretch.key: stretch for stretch in day} for day in week]
    found: list[list[GridLane]] = [[] for _day in week]
    for key in keys:
        lane = [day.get(key) for day in by_day]
        said = _lane_labels(lane)
        for index, stretch in enumerate(lane):
            if stretch is None:
                found[index].append(GridLane(None))
                continue
            last = index + 1 == len(week)
            found[index].append(
                GridLane(
                    stretch,
                    says=said[index] is not None,
                    words=said[index] or " ".join(filter(None, (stretch.title, stretch.hours))),
                    tight=last or said[index + 1] is not None,
                    begins=index == 0 or lane[index - 1] is None,
                    ends=last or lane[index + 1] is None,
                )
            )
    return [tuple(lines) for lines in found]


def _lane_labels(lane: Sequence[GridStretch | None]) -> list[str | None]:
    """Return the text for each day of a lane: title with hours once, then only hours that differ."""
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
