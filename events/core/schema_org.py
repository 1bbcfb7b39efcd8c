"""schema.org data of an event as JSON-LD, for search engines and aggregators."""

import datetime
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from coalition.accounts.naming import PUBLIC
from coalition.accounts.regions import REGIONS
from events.core.enums import EventKind, EventState, Frequency, Weekday
from events.core.facts import EventFacts, NamedSpeaker, Run
from events.core.models import Event
from events.core.naming import organisers_for
from events.core.occurrences import to_naive_datetime, to_utc

# Only these can end a script element or begin a comment; JSON parses the escapes the same.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_TYPES = {
    EventKind.EXHIBITION: "ExhibitionEvent",
    EventKind.SCREENING: "ScreeningEvent",
    EventKind.TRAINING: "EducationEvent",
}
_EVERY = {Frequency.DAILY: "D", Frequency.WEEKLY: "W", Frequency.MONTHLY: "M", Frequency.YEARLY: "Y"}


def event_json_ld(event: Event, facts: EventFacts) -> SafeString:
    """Return the script element for a page that everyone may read; `facts` are the public ones."""
    return json_ld_script(_data(event, facts))


def json_ld_script(told: dict[str, Any]) -> SafeString:
    """Return the script element with this data; empty values are left out."""
    data = {key: value for key, value in told.items() if value}
    words = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308  # nosec B308 B703  escaped above


def _data(event: Event, facts: EventFacts) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": _TYPES.get(facts.kind, "Event"),
        "name": facts.title,
        "description": facts.text[:500],
        "inLanguage": facts.language,
        "url": facts.url,
        "image": facts.picture,
        "eventAttendanceMode": f"https://schema.org/{_attendance(facts)}",
        **_dates(event, facts),
        "location": _locations(facts),
        "organizer": [_organiser(name.name, name.url) for name in organisers_for(PUBLIC, event)],
        "performer": [_performer(one) for one in facts.speakers],
        "eventSchedule": _schedule(facts),
        "openingHoursSpecification": _hours(facts.times.run) if facts.times.run else None,
    }


def _dates(event: Event, facts: EventFacts) -> dict[str, Any]:
    times = facts.times
    first, last = _when(times.start, times.zone), _when(times.end, times.zone, ends=True)
    if times.run is not None:
        first = first if times.has_own_time else times.run.first.isoformat()
        last = times.run.last.isoformat()
    told = event.first_told
    previous = None
    if told is not None and facts.state == EventState.MOVED:
        day, time = told
        before = datetime.datetime.combine(day, time) if time else day
        previous = _when(before, times.zone)
    return {
        "eventStatus": f"https://schema.org/{_status(facts, previous)}",
        "startDate": first,
        "endDate": last,
        "previousStartDate": previous,
    }


def _status(facts: EventFacts, previous: str | None) -> str:
    """Return the status. Rescheduled means another time: an event that only changed place is
    scheduled."""
    if facts.state == EventState.CANCELLED:
        return "EventCancelled"
    return "EventRescheduled" if previous else "EventScheduled"


def _when(local: datetime.date, zone: str, *, ends: bool = False) -> str:
    """Format a moment with its offset, or a date; the end of whole days is the last of them."""
    if isinstance(local, datetime.datetime):
        return to_utc(local, zone).astimezone(ZoneInfo(zone)).isoformat()
    return (local - datetime.timedelta(days=1) if ends else local).isoformat()


def _attendance(facts: EventFacts) -> str:
    here = bool(facts.place or facts.address)
    if here and facts.online:
        return "MixedEventAttendanceMode"
    return "OnlineEventAttendanceMode" if facts.online else "OfflineEventAttendanceMode"


def _locations(facts: EventFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if facts.place or facts.address:
        region = str(REGIONS[facts.region]) if facts.region in REGIONS else ""
        address = {"streetAddress": facts.address, "addressRegion": region, "addressCountry": "KZ"}
        postal = {"@type": "PostalAddress", **{key: value for key, value in address.items() if value}}
        found.append({"@type": "Place", "name": facts.place or facts.address, "address": postal})
    if facts.online:
        found.append({"@type": "VirtualLocation", "url": facts.online})
    return found


def _performer(speaker: NamedSpeaker) -> dict[str, str]:
    role = {"jobTitle": speaker.role} if speaker.role else {}
    return {"@type": "Person", "name": speaker.name, **role}


def _organiser(name: str, url: str) -> dict[str, str]:
    address = {"url": f"{settings.SITE_URL.rstrip('/')}{url}"} if url else {}
    return {"@type": "Organization", "name": name, **address}


def _schedule(facts: EventFacts) -> dict[str, Any] | None:
    rule = facts.times.rule
    if rule is None:
        return None
    schedule: dict[str, Any] = {
        "@type": "Schedule",
        "repeatFrequency": f"P{rule.interval}{_EVERY[rule.frequency]}",
        "startDate": to_naive_datetime(facts.times.start).date().isoformat(),
        "scheduleTimezone": facts.times.zone,
    }
    if rule.until is not None:
        schedule["endDate"] = rule.until.isoformat()
    if rule.weekdays:
        schedule["byDay"] = [f"https://schema.org/{Weekday(day).name.capitalize()}" for day in rule.weekdays]
    return schedule


def _hours(run: Run) -> list[dict[str, Any]]:
    usual = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"https://schema.org/{Weekday(day).name.capitalize()}" for day in one.weekdays],
            "opens": f"{one.opens:%H:%M}",
            "closes": f"{one.closes:%H:%M}",
            "validFrom": run.first.isoformat(),
            "validThrough": run.last.isoformat(),
        }
        for one in run.openings
    ]
    # schema.org expresses “closed” as open from midnight to midnight.
    special = [
        {
            "@type": "OpeningHoursSpecification",
            "opens": f"{one.opens:%H:%M}" if one.opens else "00:00",
            "closes": f"{one.closes:%H:%M}" if one.closes else "00:00",
            "validFrom": one.first.isoformat(),
            "validThrough": one.last.isoformat(),
        }
        for one in run.specials
    ]
    return [*usual, *special]
