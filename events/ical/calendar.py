"""VCALENDAR around VEVENTs: name, zones, refresh interval."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, vDuration, vUri

from events.core.facts import EventFacts
from events.ical.builder import event_component
from events.ical.text import Text
from events.ical.timezones import SINCE, vtimezone

PRODUCER = "-//Coalition//Calendar//EN"
REFRESH = datetime.timedelta(hours=1)
COLOUR = "crimson"  # a CSS name, the only kind that RFC 7986 allows
_END = "END:VCALENDAR\r\n"


@dataclass(frozen=True, kw_only=True)
class CalendarHeading:
    """Properties of a calendar. `url`: the page; `source`: the calendar's own URL; `changed_at`: last
    change of its content (aware)."""

    name: str
    language: str
    url: str = ""
    source: str = ""
    colour: str = COLOUR
    refresh: datetime.timedelta = REFRESH
    changed_at: datetime.datetime | None = None


@dataclass(frozen=True)
class StoredComponent:
    """VEVENTs ready to be joined, with the zone of their times, the year they begin in, and when they
    were written (aware)."""

    component: str
    zone: str
    year: int = SINCE
    written_at: datetime.datetime | None = None


def build_calendar(facts: Iterable[EventFacts], heading: CalendarHeading) -> bytes:
    """Build a calendar of these events."""
    return assemble_calendar(
        [StoredComponent(event_component(one), one.times.zone, one.times.start.year) for one in facts],
        heading,
    )


def assemble_calendar(pieces: Iterable[StoredComponent], heading: CalendarHeading) -> bytes:
    """Join cached pieces to a calendar: heading, each zone once, and the unchanged VEVENTs."""
    since: dict[str, int] = {}
    components = []
    for piece in pieces:
        since[piece.zone] = min(piece.year, since.get(piece.zone, SINCE))
        components.append(piece.component)
    head = _heading(heading).removesuffix(_END)
    zones = [vtimezone(zone, year) for zone, year in sorted(since.items()) if zone != "UTC"]
    return "".join([head, *zones, *components, _END]).encode()


def _heading(heading: CalendarHeading) -> str:
    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCER)
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("name", Text(heading.name), parameters={"LANGUAGE": heading.language})
    found.add("x-wr-calname", Text(heading.name))
    found.add("color", heading.colour)
    found.add("refresh-interval", heading.refresh, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", vDuration(heading.refresh))
    if heading.changed_at:
        found.add("last-modified", heading.changed_at)
    if heading.url:
        found.add("url", vUri(heading.url))
    if heading.source:
        found.add("source", vUri(heading.source), parameters={"VALUE": "URI"})
    return found.to_ical().decode()
