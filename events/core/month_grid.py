"""A month as a grid of weeks. Pure; callers pass entries already formatted.

Rendered by `templates/components/month.html`. The grid begins on Monday and has whole weeks, so
it includes days around the month: query `span_of(month)`, not the month alone.
"""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import batched

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
    """Entry on a day. `time` is local and formatted, empty for a whole day; `about`: for screen readers."""

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


@dataclass
class GridDay:
    """One cell. `url` leads to the same day in the agenda, which lists everything; `more`: how many entries
    are left out."""

    date: datetime.date
    url: str
    out: bool
    today: bool
    past: bool
    entries: list[GridEntry] = field(default_factory=list)
    stretches: list[GridStretch] = field(default_factory=list)
    names: list[NamedDay] = field(default_factory=list)
    looks: tuple[EntryLook, ...] = ()
    lines: list[GridLane] = field(default_factory=list)
    more: int = 0

    @property
    def label(self) -> str:
        return day_in_words(self.date, with_year=False)

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
    cells = {}
    for number in range((last - first).days + 1):
        day = first + datetime.timedelta(number)
        url = day_url.format(date=day.isoformat())
        cells[day] = GridDay(day, url, out=day.month != on.month, today=day == today, past=day < today)
    given: list[tuple[str, Iterable[GridEntry | GridStretch | NamedDay]]] = [
        ("entries", entries),
        ("stretches", stretches),
        ("names", names),
    ]
    for attribute, rows in given:
        for one in rows:
            if one.on in cells:
                getattr(cells[one.on], attribute).append(one)
    for cell in cells.values():
        cell.looks = tuple(dict.fromkeys(entry.look for entry in cell.entries))
        if len(cell.entries) > most + 1:  # "+1" would take the room of the entry it hides
            cell.more = len(cell.entries) - most
            del cell.entries[most:]
    weeks = list(batched(cells.values(), 7, strict=True))
    for week in weeks:
        _fill_lanes(week)
    names_of_days = tuple((str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in range(7))
    label = formats.date_format(on, "YEAR_MONTH_FORMAT")
    return MonthGrid(label, on.replace(day=1), names_of_days, tuple(weeks))


def _fill_lanes(week: Sequence[GridDay]) -> None:
    """Assign each run a lane for the whole week; its title is displayed where it begins or differs."""
    for key in dict.fromkeys(stretch.key for day in week for stretch in day.stretches):
        lane = [next((one for one in reversed(day.stretches) if one.key == key), None) for day in week]
        title = hours = ""
        said: list[str | None] = []  # title with hours once, then only hours that differ
        for stretch in lane:
            if stretch is None or (stretch.title, stretch.hours) == (title, hours):
                said.append(None)
                continue
            again = stretch.title == title
            title, hours = stretch.title, stretch.hours
            said.append(hours if again else " ".join(filter(None, (title, hours))))
        for index, stretch in enumerate(lane):
            if stretch is None:
                week[index].lines.append(GridLane(None))
                continue
            last = index + 1 == len(week)
            week[index].lines.append(
                GridLane(
                    stretch,
                    says=said[index] is not None,
                    words=said[index] or " ".join(filter(None, (stretch.title, stretch.hours))),
                    tight=last or said[index + 1] is not None,
                    begins=index == 0 or lane[index - 1] is None,
                    ends=last or lane[index + 1] is None,
                )
            )
