"""VEVENTs of events: properties, repeating opening hours, TEXT values.

One event is one VEVENT with its recurrences, and one more for each moved date. A run with opening
hours adds weekly VEVENTs: never one block over all days of a run.

Nothing of RFC 9073 is used: components inside a VEVENT that are not alarms make some readers drop
the event, and libical 3 (GNOME, KDE) reports STRUCTURED-DATA as an error in it.

VCALENDAR around VEVENTs, invitations (iTIP), opening hours, TEXT values.

Gmail, Outlook and Apple Mail act on one under these conditions:

- METHOD of the calendar and of the part of the mail are the same; all VEVENTs have one UID.
- ATTENDEE is only the addressee of the mail: guests do not learn of each other.
- ORGANIZER stays the same in every message, and is the mail's sender address.
- An update has a higher SEQUENCE than what it replaces, and a later DTSTAMP; so has a cancellation.
- RSVP is FALSE: a calendar's own answer would go to an unread address. Answers come by link.

VTIMEZONE from the zone database, in a form that every reader understands.

Each clock change is an observance of its own with one DTSTART: ical.js and vobject read only the
first date of an RDATE that lists several. Where a zone changes by the same rule every year to
come, one rule is written. Almaty's change of 1 March 2024 (UTC+6 to UTC+5) is one STANDARD.
"""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _, override
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vText,
    vUri,
)

from events.core.enums import Answer, EventKind, EventState, Frequency, Weekday
from events.core.facts import EventFacts, EventTimes, LocalTime, RecurrenceRule, Run
from events.core.occurrences import to_naive_datetime as clock

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ENDS_OF_LINE = re.compile("\r\n|[\r\x85\u2028\u2029]")  # Unicode's count only in lenient readers
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class Text(vText):
    r"""Words without control characters, with one kind of line ends.

    icalendar's own class (7.3) writes a line end for a backslash before an N ("D:\News").
    """

    def __new__(cls, words: str) -> Self:
        return super().__new__(cls, plain_ical_text(words))

    def to_ical(self) -> bytes:
        return self.translate(_ESCAPES).encode()


def plain_ical_text(words: str) -> str:
    """Return the text without control characters, with one kind of line ends."""
    return _CONTROLS.sub("", _ENDS_OF_LINE.sub("\n", words))


type HoursInterval = tuple[datetime.time, datetime.time]
_DAY = datetime.timedelta(days=1)

STATUS = {
    EventState.PLANNED: "TENTATIVE",
    EventState.ANNOUNCED: "CONFIRMED",
    EventState.MOVED: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
}


def vevents(facts: EventFacts) -> list[Event]:
    """Return all components that a calendar needs for the event, in the language of the facts."""
    with override(facts.language):
        own = [_main_vevent(facts), *_moved_vevents(facts)] if facts.times.has_own_time else []
        run = facts.times.run
        return [*own, *_weekly_vevents(facts, run), *_special_vevents(facts, run)] if run else own


def event_component(facts: EventFacts) -> str:
    """Return the VEVENTs as a block of lines that end in CRLF, ready to be joined into feeds."""
    return "".join(event.to_ical().decode() for event in vevents(facts))


def summary(facts: EventFacts) -> str:
    """Return the title; for a cancelled event prefixed with that word, since many readers ignore STATUS."""
    if facts.state == EventState.CANCELLED:
        return _("Cancelled: %(title)s") % {"title": facts.title}
    return facts.title


def location(facts: EventFacts) -> str:
    return ", ".join(part for part in (facts.place, facts.address) if part)


def description(facts: EventFacts) -> str:
    """Return the text, with the other properties that many readers do not display, as text."""
    lines = []
    if facts.address_held:
        lines.append(_("The address is told to those who are confirmed."))
    if facts.access_notes:
        lines.append(_("Getting in: %(notes)s") % {"notes": facts.access_notes})
    if facts.online:
        lines.append(_("Join online: %(address)s") % {"address": facts.online})
    if facts.speakers:
        names = ", ".join(one.name for one in facts.speakers)
        lines.append(_("Speakers: %(names)s") % {"names": names})
    if len(facts.organisers) > 1:
        lines.append(_("Organisers: %(names)s") % {"names": ", ".join(facts.organisers)})
    if facts.venue.map_link:
        lines.append(_("Map: %(address)s") % {"address": facts.venue.map_link})
    if facts.url:
        lines.append(facts.url)
    return "\n\n".join(part for part in (facts.text, "\n".join(lines)) if part)


def start_on_date(date: datetime.date, times: EventTimes) -> LocalTime:
    """Return the start of the event on this date by its rule."""
    if isinstance(times.start, datetime.datetime):
        return datetime.datetime.combine(date, times.start.time())
    return date


def to_zoned(moment: LocalTime, zone: str) -> LocalTime:
    """Return the form that `icalendar` prints with TZID; a whole day stays a date."""
    return moment.replace(tzinfo=ZoneInfo(zone)) if isinstance(moment, datetime.datetime) else moment


def _main_vevent(facts: EventFacts) -> Event:
    times = facts.times
    event = _vevent_without_time(facts, facts.uid, summary(facts))
    _add_time(event, times, times.start, times.end)
    if times.rule:
        event.add("rrule", recurrence(times.rule, times))
    for date in times.left_out if times.rule or times.also else ():
        event.add("exdate", to_zoned(start_on_date(date, times), times.zone))
    for date in times.also:
        event.add("rdate", to_zoned(start_on_date(date, times), times.zone))
    if facts.kind == EventKind.DEADLINE:
        event.add("transp", "TRANSPARENT")
    return event


def _moved_vevents(facts: EventFacts) -> Iterable[Event]:
    times = facts.times
    for moved in times.moved if times.rule or times.also else ():
        event = _vevent_without_time(facts, facts.uid, summary(facts))
        _add_time(event, times, moved.to, moved.to + (clock(times.end) - clock(times.start)))
        event.add("recurrence-id", to_zoned(start_on_date(moved.original, times), times.zone))
        yield event


def _weekly_vevents(facts: EventFacts, run: Run) -> Iterator[Event]:
    """Yield the weekly hours, except on dates covered by special days, which have only their own.

    The blocks are numbered from the earliest, so that a single one keeps its UID when its hours change.
    """
    differing = {
        date
        for special in run.specials
        for date in _dates(max(special.first, run.first), min(special.last, run.last))
    }
    by_hours: dict[HoursInterval, set[int]] = defaultdict(set)
    for opening in run.openings:
        by_hours[opening.opens, opening.closes].update(opening.weekdays)
    for number, (hours, weekdays) in enumerate(sorted(by_hours.items()), start=1):
        dates = [date for date in _dates(run.first, run.last) if date.weekday() in weekdays]
        open_on = [date for date in dates if date not in differing]
        if not open_on:
            continue
        first, last = open_on[0], open_on[-1]
        days = tuple(sorted({date.weekday() for date in dates if first <= date <= last}))
        rule = RecurrenceRule(Frequency.WEEKLY, weekdays=days, until=last) if first != last else None
        left_out = [date for date in dates if date in differing and first < date < last]
        yield _hours_vevent(facts, str(number), first, hours, rule, left_out)


def _special_vevents(facts: EventFacts, run: Run) -> Iterator[Event]:
    """Yield the hours of special days; their UIDs have the date and time."""
    keys: Counter[str] = Counter()
    for special in run.specials:
        if special.opens is None or special.closes is None:
            continue
        first, last = max(special.first, run.first), min(special.last, run.last)
        if first > last:
            continue
        key = f"{special.first:%Y%m%d}T{special.opens:%H%M}"
        keys[key] += 1
        key = key if keys[key] == 1 else f"{key}-{keys[key]}"
        rule = RecurrenceRule(Frequency.DAILY, until=last) if first != last else None
        yield _hours_vevent(facts, key, first, (special.opens, special.closes), rule)


def _dates(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for days in range((last - first).days + 1):
        yield first + days * _DAY


def _hours_vevent(
    facts: EventFacts,
    key: str,
    first: datetime.date,
    hours: HoursInterval,
    rule: RecurrenceRule | None,
    left_out: Iterable[datetime.date] = (),
) -> Event:
    """Return a block of hours from the day `first` on. `key` identifies it in the run."""
    title = _("Open: %(title)s") % {"title": facts.title}
    if facts.state == EventState.CANCELLED:
        title = summary(facts)
    name, _at, host = facts.uid.partition("@")
    event = _vevent_without_time(facts, f"{name}-hours-{key}@{host}", title)
    start, end = (datetime.datetime.combine(first, time) for time in hours)
    _add_time(event, facts.times, start, end)
    if rule is not None:
        event.add("rrule", recurrence(rule, EventTimes(facts.times.zone, start, end)))
    for date in left_out:
        event.add("exdate", to_zoned(datetime.datetime.combine(date, hours[0]), facts.times.zone))
    if facts.times.has_own_time:
        event.add("related-to", facts.uid)
    event.add("transp", "TRANSPARENT")  # a running exhibition makes nobody busy
    return event


def recurrence(rule: RecurrenceRule, times: EventTimes) -> dict[str, object]:
    """Return RRULE. UNTIL is the moment (UTC) of the last start, as RFC 5545 requires with TZID."""
    found: dict[str, object] = {"FREQ": rule.frequency.value}
    if rule.interval > 1:
        found["INTERVAL"] = rule.interval
    if rule.weekdays:
        found["BYDAY"] = [Weekday(day).ical for day in sorted(rule.weekdays)]
    if rule.frequency == Frequency.YEARLY and (times.start.month, times.start.day) == (2, 29):
        found |= {"BYMONTH": 2, "BYMONTHDAY": 29}  # ical.js would take 1 March in other years
    if rule.until:
        until = to_zoned(start_on_date(rule.until, times), times.zone)
        found["UNTIL"] = until.astimezone(datetime.UTC) if isinstance(until, datetime.datetime) else until
    return found


def _add_time(event: Event, times: EventTimes, start: LocalTime, end: LocalTime) -> None:
    event.add("dtstart", to_zoned(start, times.zone))
    if end != start:  # a moment, such as a deadline, has no DTEND: it must be later than DTSTART
        event.add("dtend", to_zoned(end, times.zone))


def _vevent_without_time(facts: EventFacts, uid: str, title: str) -> Event:
    """Return a VEVENT with everything except its time."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", facts.changed_at)
    event.add("created", facts.created_at)
    event.add("last-modified", facts.changed_at)
    event.add("sequence", facts.sequence)
    event.add("status", STATUS[EventState(facts.state)])
    event.add("class", "CONFIDENTIAL" if facts.private else "PUBLIC")
    language = {"LANGUAGE": facts.language}
    event.add("summary", Text(title), parameters=language)
    for name, words in (("description", description(facts)), ("location", location(facts))):
        if words:
            event.add(name, Text(words), parameters=language)
    event.add("categories", [str(EventKind(facts.kind).label)], parameters=language)
    if facts.url:
        event.add("url", vUri(facts.url))
    if facts.online:
        told = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": _("Join online"), **language}
        event.add("conference", vUri(facts.online), parameters=told)
    if facts.picture:
        event.add("image", vUri(facts.picture), parameters={"VALUE": "URI", "DISPLAY": "BADGE"})
    name = plain_ical_text(", ".join(facts.organisers)) or settings.SITE_NAME
    organiser = vCalAddress(f"mailto:{settings.CALENDAR_ADDRESS}")
    event.add("organizer", organiser, parameters={"CN": name, **language})
    return event


SINCE = 2020  # feeds define zones from then on, or earlier if an event is earlier
_FORESEEN = 30  # years for which changes are looked up
_SAME_RULE = 10  # this many years at the end must follow one rule
_ALWAYS = datetime.datetime(1970, 1, 1)  # noqa: DTZ001  DTSTART of an observance is local
_SECOND = datetime.timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class OffsetChange:
    """A clock change: at `local` (by the offset before) it goes from `before` to `after`."""

    local: datetime.datetime
    before: datetime.timedelta
    after: datetime.timedelta
    summer: bool
    name: str

    @property
    def rule(self) -> tuple[object, ...]:
        """Return what changes of one rule have in common, except the week of the month."""
        return (self.local.month, self.local.weekday(), self.local.time(), self.before, self.after)

    @property
    def week(self) -> int:
        return (self.local.day - 1) // 7 + 1

    @property
    def in_last_week(self) -> bool:
        return (self.local + 7 * _DAY).month != self.local.month


@lru_cache(maxsize=256)
def vtimezone(zone: str, since: int = SINCE) -> str:
    """Return the VTIMEZONE of an IANA zone from the year `since` on, as lines that end in CRLF."""
    component = Timezone()
    component.add("tzid", zone)
    for observance in _observances(ZoneInfo(zone), min(since, SINCE)):
        component.add_component(observance)
    return component.to_ical().decode()


def _observances(zone: ZoneInfo, since: int) -> Iterator[TimezoneStandard | TimezoneDaylight]:
    first = datetime.datetime(since, 1, 1, tzinfo=zone)
    # The offset before the first change included, whatever applied earlier.
    held = _offset(first)
    yield _observance(OffsetChange(_ALWAYS, held, held, bool(first.dst()), first.tzname() or ""))
    changes = list(_changes(zone, since))
    by_rule = _rules_for_ever(changes, since + _FORESEEN)
    for change in changes:
        week = by_rule.get(change.rule)
        follows = [
            other
            for other in changes
            if other.rule == change.rule and (other.in_last_week if week == -1 else other.week == week)
        ]
        if week is None or change not in follows:
            yield _observance(change)
        elif change == _begin_of_rule(follows):
            yield _observance(change, every_year=f"{week}{_WEEKDAYS[change.local.weekday()]}")
        elif change.local.year < _begin_of_rule(follows).local.year:
            yield _observance(change)


def _changes(zone: ZoneInfo, since: int) -> Iterator[OffsetChange]:
    moment = datetime.datetime(since, 1, 1, tzinfo=datetime.UTC)
    end = datetime.datetime(since + _FORESEEN, 12, 31, tzinfo=datetime.UTC)
    while moment < end:
        if _offset(moment.astimezone(zone)) != _offset((moment + _DAY).astimezone(zone)):
            yield _change_between(zone, moment, moment + _DAY)
        moment += _DAY


def _change_between(zone: ZoneInfo, low: datetime.datetime, high: datetime.datetime) -> OffsetChange:
    before = _offset(low.astimezone(zone))
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(middle.astimezone(zone)) == before else (low, middle)
    after = high.astimezone(zone)
    return OffsetChange(
        local=(high + before).replace(tzinfo=None),
        before=before,
        after=_offset(after),
        summer=bool(after.dst()),
        name=after.tzname() or "",
    )


def _rules_for_ever(changes: list[OffsetChange], last_year: int) -> dict[tuple[object, ...], int]:
    """Return the rules that apply to the end, each with its week of the month (-1: the last)."""
    found: dict[tuple[object, ...], int] = {}
    for rule in {change.rule for change in changes}:
        late = [c for c in changes if c.rule == rule and c.local.year > last_year - _SAME_RULE]
        if [c.local.year for c in late] != list(range(last_year - _SAME_RULE + 1, last_year + 1)):
            continue
        if all(change.in_last_week for change in late):
            found[rule] = -1
        elif len({change.week for change in late}) == 1:
            found[rule] = late[0].week
    return found


def _begin_of_rule(follows: list[OffsetChange]) -> OffsetChange:
    """Return the earliest change from which on the rule applies in every year."""
    begin = follows[-1]
    for change in reversed(follows[:-1]):
        if change.local.year != begin.local.year - 1:
            break
        begin = change
    return begin


def _observance(change: OffsetChange, every_year: str = "") -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.summer else TimezoneStandard()
    component.add("dtstart", change.local)
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    component.add("tzname", change.name)
    if every_year:
        component.add("rrule", {"FREQ": "YEARLY", "BYMONTH": change.local.month, "BYDAY": every_year})
    return component


def _offset(moment: datetime.datetime) -> datetime.timedelta:
    return moment.utcoffset() or datetime.timedelta(0)


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
    found = new_calendar("PUBLISH")
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
    return join_calendar(found, since, components).encode()


def new_calendar(method: str) -> Calendar:
    """Return a calendar with the properties that every one has."""
    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCER)
    found.add("calscale", "GREGORIAN")
    found.add("method", method)
    return found


def join_calendar(heading: Calendar, since: Mapping[str, int], components: Iterable[str]) -> str:
    """Return the heading, each zone from the year in `since` on, and the VEVENTs."""
    head = heading.to_ical().decode().removesuffix(_END)
    zones = [vtimezone(zone, year) for zone, year in sorted(since.items()) if zone != "UTC"]
    return "".join([head, *zones, *components, _END])


_DETAILS = ("DESCRIPTION", "CONFERENCE", "IMAGE", "URL", "RRULE", "RDATE", "EXDATE")


class ItipMethod(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def build_itip_message(
    facts: EventFacts,
    *,
    method: ItipMethod,
    name: str,
    address: str,
    answer: Answer,
    sent_at: datetime.datetime,
) -> str:
    """Return one person's invitation to the event's own time, without opening hours; lines end in CRLF.

    CANCEL removes the event from the person's calendar, cancelled or not. `sent_at` is aware.
    """
    times = facts.times
    if times.run is not None:
        facts = replace(facts, times=replace(times, run=Run(times.run.first, times.run.last)))
    events = vevents(facts)
    if method == ItipMethod.CANCEL:
        events = events[:1]  # the whole series, including moved dates
    about = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer.value, "RSVP": "FALSE"}
    if name:
        about = {"CN": name, **about}
    for event in events:
        event.pop("DTSTAMP")
        event.add("dtstamp", sent_at)
        event.add("attendee", vCalAddress(f"mailto:{address}"), parameters=about)
        event.add("x-microsoft-disallow-counter", "TRUE")
        if method == ItipMethod.CANCEL:
            event["STATUS"] = STATUS[EventState.CANCELLED]
            for detail in _DETAILS:
                event.pop(detail, None)
    since = {times.zone: min(times.start.year, SINCE)}
    return join_calendar(new_calendar(method), since, (event.to_ical().decode() for event in events))
