"""Builder of VEVENTs from facts, by RFC 5545 and 7986. Pure: no database, no clock.

One event is one VEVENT with its recurrences, and one more for each moved date. A run with opening
hours adds weekly VEVENTs (`hours.py`): never one block over all days of a run.

Nothing of RFC 9073 is used: components inside a VEVENT that are not alarms make some readers drop
the event, and libical 3 (GNOME, KDE) reports STRUCTURED-DATA as an error in it.
"""

import datetime
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Event, vCalAddress, vUri

from events.core.enums import EventKind, EventState, Frequency, Weekday
from events.core.facts import EventFacts, EventTimes, LocalTime, RecurrenceRule
from events.core.occurrences import to_naive_datetime as clock
from events.ical.opening_hours import HoursBlock, hours_blocks
from events.ical.text import Text, plain_ical_text

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
        return [*own, *(_hours_vevent(facts, hours) for hours in hours_blocks(facts.times))]


def event_component(facts: EventFacts) -> str:
    """Return the VEVENTs as a block of lines that end in CRLF, ready to be joined into feeds."""
    return "".join(event.to_ical().decode() for event in vevents(facts))


def summary(facts: EventFacts) -> str:
    """Return the title; for a cancelled event prefixed with that word, since many readers ignore
    STATUS."""
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
        _add_time(event, times, moved.to, _later(moved.to, times))
        event.add("recurrence-id", to_zoned(start_on_date(moved.original, times), times.zone))
        yield event


def _later(start: LocalTime, times: EventTimes) -> LocalTime:
    """Return the end for this start, with the same duration in local time."""
    return start + (clock(times.end) - clock(times.start))


def _hours_vevent(facts: EventFacts, hours: HoursBlock) -> Event:
    title = _("Open: %(title)s") % {"title": facts.title}
    if facts.state == EventState.CANCELLED:
        title = summary(facts)
    event = _vevent_without_time(facts, _uid_of(facts.uid, hours.key), title)
    _add_time(event, facts.times, hours.start, hours.end)
    if hours.until:
        rule = RecurrenceRule(hours.frequency, weekdays=hours.weekdays, until=hours.until)
        event.add("rrule", recurrence(rule, EventTimes(facts.times.zone, hours.start, hours.end)))
    for date in hours.left_out:
        moment = datetime.datetime.combine(date, hours.start.time())
        event.add("exdate", to_zoned(moment, facts.times.zone))
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


def _uid_of(uid: str, key: str) -> str:
    name, _at, host = uid.partition("@")
    return f"{name}-hours-{key}@{host}"


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
    _add_words(event, facts, title)
    _add_addresses(event, facts)
    name = plain_ical_text(", ".join(facts.organisers)) or settings.SITE_NAME
    organiser = vCalAddress(f"mailto:{settings.CALENDAR_ADDRESS}")
    event.add("organizer", organiser, parameters={"CN": name, "LANGUAGE": facts.language})
    return event


def _add_words(event: Event, facts: EventFacts, title: str) -> None:
    language = {"LANGUAGE": facts.language}
    event.add("summary", Text(title), parameters=language)
    for name, words in (("description", description(facts)), ("location", location(facts))):
        if words:
            event.add(name, Text(words), parameters=language)
    event.add("categories", [str(EventKind(facts.kind).label)], parameters=language)


def _add_addresses(event: Event, facts: EventFacts) -> None:
    if facts.url:
        event.add("url", vUri(facts.url))
    if facts.online:
        label = _("Join online")
        told = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label, "LANGUAGE": facts.language}
        event.add("conference", vUri(facts.online), parameters=told)
    if facts.picture:
        event.add("image", vUri(facts.picture), parameters={"VALUE": "URI", "DISPLAY": "BADGE"})
