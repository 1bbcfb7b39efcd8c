"""Expansion of a partner's event within the horizon: one time, or those of its recurrence."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Final, cast

import icalendar
import recurring_ical_events
from icalendar.prop import vDuration
from recurring_ical_events import ComponentsWithName, Occurrence

from events.partner_calendars.reader.local_times import FindZone, Wall
from events.partner_calendars.reader.parser import (
    MOST_DATES,
    MOST_RULES,
    EventBlock,
    PropertyLine,
    SetAside,
    bound_rule,
)

MOST_TIMES = 1_000
MAX_OCCURRENCE_LENGTH = datetime.timedelta(days=731)
_DAY = datetime.timedelta(days=1)


class _BareOccurrence(Occurrence):
    """An occurrence without a copied component, as copying takes most of the time."""

    def as_component(self, keep_recurrence_attributes: bool) -> "_BareOccurrence":
        return self

    @property
    def number(self) -> int:
        """Return the number of the part that it belongs to."""
        return int(self._adapter._component["SUMMARY"])  # noqa: SLF001  it has no other name


_BARE: Final = (ComponentsWithName("VEVENT", occurrence=_BareOccurrence),)


@dataclass(frozen=True)
class OccurrenceTime:
    """A time range, aware UTC."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    all_day: bool


@dataclass(frozen=True)
class Horizon:
    """Range of expansion, aware UTC. What ends before `first` or begins after `last` is dropped."""

    first: datetime.datetime
    last: datetime.datetime

    def holds(self, time: OccurrenceTime) -> bool:
        return time.starts_at < self.last and time.ends_at >= self.first


@dataclass
class EventPart:
    """An event, or one changed occurrence of it: its block, and its own time in its own zone."""

    block: EventBlock
    wall: Wall
    start: datetime.datetime
    end: datetime.datetime
    times: list[OccurrenceTime] = field(default_factory=list)

    @property
    def cancelled(self) -> bool:
        return self.block.cancelled or self.block.value("STATUS").upper() == "CANCELLED"

    def time(self, start: datetime.datetime, end: datetime.datetime) -> OccurrenceTime:
        return OccurrenceTime(self.wall.utc(start), self.wall.utc(end), self.wall.all_day)


def read_event_part(block: EventBlock, *, find: FindZone, floating: datetime.tzinfo) -> EventPart:
    """Return an event's own start and end. Raises SetAside."""
    start_line = block.first("DTSTART")
    if start_line is None:
        raise SetAside("no_start")
    wall = Wall(start_line, find=find, floating=floating)
    end = usual = wall.start + _DAY if wall.all_day else wall.start
    if (line := block.first("DTEND")) is not None:
        end = wall.at(line)
        end = usual if wall.all_day and end == wall.start else end
    elif (line := block.first("DURATION")) is not None:
        end = _after(wall.start, line.value)
    _check_length(wall.start, end)
    return EventPart(block, wall, wall.start, end)


def _check_length(start: datetime.datetime, end: datetime.datetime) -> None:
    if end < start:
        raise SetAside("ends_before_start")
    if end - start > MAX_OCCURRENCE_LENGTH:
        raise SetAside("lasts_too_long")


def _after(start: datetime.datetime, duration: str) -> datetime.datetime:
    try:
        return start + vDuration.from_ical(duration.strip().upper())  # type: ignore[no-untyped-call]  # icalendar's
    except (ValueError, OverflowError) as error:
        raise SetAside("bad_date", value=duration[:40]) from error


def recurs(block: EventBlock) -> bool:
    return any(block.first(name) for name in ("RRULE", "RDATE", "EXRULE"))


def expand(master: EventPart, changed: list[EventPart], horizon: Horizon) -> None:
    """Fill `times` of the event and of its changed occurrences, within the horizon. Raises SetAside."""
    if not recurs(master.block) and not changed:
        time = master.time(master.start, master.end)
        master.times = [time] if horizon.holds(time) else []
        return
    wall = master.wall
    component = icalendar.Calendar.from_ical(_recurrence_calendar(master, changed, horizon))
    first, last = (_local(wall, moment) for moment in (horizon.first - _DAY, horizon.last + _DAY))
    parts = [master, *changed]
    found = 0
    for occurrence in cast(
        "list[_BareOccurrence]", recurring_ical_events.of(component, components=_BARE).between(first, last)
    ):
        part = parts[occurrence.number]
        time = OccurrenceTime(wall.utc(occurrence.start), wall.utc(occurrence.end), part.wall.all_day)
        if part.cancelled or not horizon.holds(time):
            continue
        found += 1
        if found > MOST_TIMES:
            raise SetAside("too_many_times", limit=MOST_TIMES)
        part.times.append(time)


def _local(wall: Wall, moment: datetime.datetime) -> datetime.datetime:
    return wall.at(PropertyLine("DTSTART", "", f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"))


def _recurrence_calendar(master: EventPart, changed: list[EventPart], horizon: Horizon) -> str:
    """Return only the recurrence, in the event's local time: without zones or texts except numbers."""
    block, wall = master.block, master.wall
    lines = ["BEGIN:VCALENDAR", *_event(0, master.start, master.end)]
    lines += [f"RRULE:{rule}" for rule in _rules(master, horizon)]
    for name in ("RDATE", "EXDATE"):
        dates = _dates(block, wall, name, master.start)
        if dates:
            lines.append(f"{name}:" + ",".join(sorted(_format_moment(date) for date in dates)))
    lines += [
        f"RDATE;VALUE=PERIOD:{_format_moment(start)}/{_format_moment(end)}" for start, end in _periods(master)
    ]
    lines.append("END:VEVENT")
    for number, part in enumerate(changed, start=1):
        which = part.block.first("RECURRENCE-ID")
        assert which is not None  # noqa: S101  only such blocks are called changed
        start, end = part.start, part.end
        if part.wall.zone != wall.zone:
            start, end = (_local(wall, part.wall.utc(moment)) for moment in (start, end))
        later = ";RANGE=THISANDFUTURE" if which.param("RANGE").upper() == "THISANDFUTURE" else ""
        original = _original(wall, which, master.start)
        lines += [
            *_event(number, start, end),
            f"RECURRENCE-ID{later}:{_format_moment(original)}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _format_moment(moment: datetime.datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _event(number: int, start: datetime.datetime, end: datetime.datetime) -> list[str]:
    moments = [f"DTSTART:{_format_moment(start)}", f"DTEND:{_format_moment(end)}"]
    return ["BEGIN:VEVENT", "UID:1", f"SEQUENCE:{min(number, 1)}", *moments, f"SUMMARY:{number}"]


def _original(
    wall: Wall, line: PropertyLine, start: datetime.datetime, value: str | None = None
) -> datetime.datetime:
    """Return the original time; an occurrence named only by date is that day's, at the event's hour."""
    moment = wall.at(line, value)
    named = line.value if value is None else value
    if not wall.all_day and "T" not in named.upper():
        return datetime.datetime.combine(moment.date(), start.time())
    if wall.all_day:
        return datetime.datetime.combine(moment.date(), datetime.time())
    return moment


def _rules(master: EventPart, horizon: Horizon) -> list[str]:
    """Return each rule, bounded; several are combined (RFC 2445). EXRULE is not read."""
    rules = master.block.all("RRULE")
    if (without := master.block.first("EXRULE")) is not None:
        raise SetAside("rule_unreadable", rule=f"EXRULE:{without.value[:80]}")
    if len(rules) > MOST_RULES:
        raise SetAside("rule_too_wide", rule=rules[0].value[:80])
    last, bounded = _local(master.wall, horizon.last + _DAY), []
    for line in rules:
        until = None
        if (written := re.search(r"UNTIL=([^;]*)", line.value, re.IGNORECASE)) is not None:
            until = master.wall.at(line, written.group(1))
            if "T" not in written.group(1).upper():  # that whole day
                until += _DAY - datetime.timedelta(seconds=1)
        bounded.append(bound_rule(line.value, start=master.start, until=until, last=last))
    return bounded


def _dates(block: EventBlock, wall: Wall, name: str, start: datetime.datetime) -> set[datetime.datetime]:
    """Return the single dates of a property; `_periods` reads periods."""
    dates: set[datetime.datetime] = set()
    for line in block.all(name):
        values = line.value.split(",")
        if len(values) + len(dates) > MOST_DATES:
            raise SetAside("too_many_dates", limit=MOST_DATES)
        dates |= {
            _original(wall, line, start, value) for value in values if value.strip() and "/" not in value
        }
    return dates


def _periods(master: EventPart) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Return start and end of each added time with its own length (RDATE;VALUE=PERIOD)."""
    periods = []
    for line in master.block.all("RDATE"):
        for value in line.value.split(","):
            first, slash, last = value.partition("/")
            if not slash:
                continue
            start = _original(master.wall, line, master.start, first)
            lasts = last.strip().upper().startswith(("P", "+P"))
            end = _after(start, last) if lasts else master.wall.at(line, last)
            _check_length(start, end)
            periods.append((start, end))
    return periods
