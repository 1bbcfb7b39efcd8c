"""Invitations for calendar programs: iTIP (RFC 5546) in mail (RFC 6047). Pure.

Gmail, Outlook and Apple Mail act on one under these conditions:

- METHOD of the calendar and of the part of the mail are the same; all VEVENTs have one UID.
- ATTENDEE is only the addressee of the mail: guests do not learn of each other.
- ORGANIZER stays the same in every message, and is the mail's sender address.
- An update has a higher SEQUENCE than what it replaces, and a later DTSTAMP; so has a cancellation.
- RSVP is FALSE: a calendar's own answer would go to an unread address. Answers come by link.
"""

import datetime
from dataclasses import replace
from enum import StrEnum

from icalendar import Calendar, vCalAddress
from icalendar import Event as VEvent

from events.core.enums import Answer, EventState
from events.core.facts import EventFacts, Run
from events.ical.builder import STATUS, vevents
from events.ical.calendar import PRODUCER
from events.ical.timezones import SINCE, vtimezone

_DETAILS = ("DESCRIPTION", "CONFERENCE", "IMAGE", "URL", "RRULE", "RDATE", "EXDATE")
_END = "END:VCALENDAR\r\n"


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
    """Return one person's invitation to the event's own time, lines ending in CRLF.

    A run's opening hours are no appointment, so they are left out. CANCEL removes the event from the
    person's calendar, whether it is cancelled or only the invitation withdrawn. `sent_at` is aware.
    """
    times = facts.times
    if times.run is not None:
        facts = replace(facts, times=replace(times, run=Run(times.run.first, times.run.last)))
    events = vevents(facts)
    if method == ItipMethod.CANCEL:
        events = events[:1]  # the whole series, including moved dates
    for event in events:
        event["DTSTAMP"] = _stamp(sent_at)
        event.add("attendee", _attendee(address), parameters=_attendee_parameters(name, answer))
        event.add("x-microsoft-disallow-counter", "TRUE")
        if method == ItipMethod.CANCEL:
            _strip_cancelled_details(event)
    head = _heading(method).removesuffix(_END)
    zone = "" if times.zone == "UTC" else vtimezone(times.zone, min(times.start.year, SINCE))
    return "".join([head, zone, *(event.to_ical().decode() for event in events), _END])


def _strip_cancelled_details(event: VEvent) -> None:
    event["STATUS"] = STATUS[EventState.CANCELLED]
    for name in _DETAILS:
        event.pop(name, None)


def _heading(method: ItipMethod) -> str:
    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCER)
    found.add("calscale", "GREGORIAN")
    found.add("method", method.value)
    return found.to_ical().decode()


def _stamp(moment: datetime.datetime) -> object:
    stamped = VEvent()
    stamped.add("dtstamp", moment)
    return stamped["DTSTAMP"]


def _attendee(address: str) -> vCalAddress:
    return vCalAddress(f"mailto:{address}")


def _attendee_parameters(name: str, answer: Answer) -> dict[str, str]:
    found = {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": answer.value,
        "RSVP": "FALSE",
    }
    return {"CN": name, **found} if name else found
