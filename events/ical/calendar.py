"""A calendar around VEVENTs: its name, its zones, how often it is to be asked for again."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, vDuration, vUri

from events.core.facts import Facts
from events.ical.builder import component
from events.ical.text import Text
from events.ical.timezones import SINCE, vtimezone

PRODUCER = "-//Coalition//Calendar//EN"
REFRESH = datetime.timedelta(hours=1)
COLOUR = "crimson"  # a name of CSS: RFC 7986 knows no others
_END = "END:VCALENDAR\r\n"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What a calendar says of itself. `url`: the page; `source`: where the calendar itself is; `changed_at`:
    when something in it changed last (aware)."""

    name: str
    language: str
    url: str = ""
    source: str = ""
    colour: str = COLOUR
    refresh: datetime.timedelta = REFRESH
    changed_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Piece:
    """VEVENTs ready to be joined, with the zone their times are in, the year they begin in, and when they
    were written (aware)."""

    component: str
    zone: str
    year: int = SINCE
    written_at: datetime.datetime | None = None


def calendar(facts: Iterable[Facts], heading: Heading) -> bytes:
    """A calendar of these events, built anew."""
    return assemble([Piece(component(one), one.times.zone, one.times.start.year) for one in facts], heading)


def assemble(pieces: Iterable[Piece], heading: Heading) -> bytes:
    """A calendar of what is kept: heading, each zone once, and the VEVENTs as they are."""
    since: dict[str, int] = {}
    components = []
    for piece in pieces:
        since[piece.zone] = min(piece.year, since.get(piece.zone, SINCE))
        components.append(piece.component)
    head = _heading(heading).removesuffix(_END)
    zones = [vtimezone(zone, year) for zone, year in sorted(since.items()) if zone != "UTC"]
    return "".join([head, *zones, *components, _END]).encode()


def _heading(heading: Heading) -> str:
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
