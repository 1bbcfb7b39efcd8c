"""An event as the one who is invited reads it: in the mail and on the answer page."""

import datetime
from dataclasses import dataclass, replace
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.naming import PUBLIC
from coalition.jobs.date_formats import day_in_words
from events.core.actions.times import times_of
from events.core.enums import Answer, Audience
from events.core.facts import Facts, Times
from events.core.facts_builder import facts_for
from events.core.models import EventInvitation
from events.core.opening_hours_text import moment_in_words, offset_in_words, range_in_words


@dataclass(frozen=True)
class Invited:
    """What is told. Everything is words, empty where there is nothing to say."""

    title: str
    kind: str
    when: str
    before: str  # when it was, before it moved
    comes_as: str
    for_all: str  # when it begins for everyone else
    again: bool
    place: str
    address: str
    access_notes: str
    online: str
    map_link: str
    address_held: bool
    organisers: str
    text: str
    page: str


def facts_of(invitation: EventInvitation) -> Facts:
    """The event as told to the invited one. Mail passes through many hands: names are those for everyone.
    An address for the confirmed is told to who said that they come."""
    event = invitation.event
    facts = facts_for(
        event,
        language=invitation.language,
        viewer=PUBLIC,
        audience=invitation.audience,
        knows_address=invitation.answer == Answer.ACCEPTED,
    )
    if event.is_public:
        return facts
    desk = urljoin(settings.SITE_URL, event.get_absolute_url()) if invitation.person_id else ""
    return replace(facts, url=desk)


def invited(invitation: EventInvitation, facts: Facts | None = None) -> Invited:
    """The event in the language of the invitation."""
    facts = facts or facts_of(invitation)
    with override(invitation.language):
        public_times = times_of(invitation.event)
        comes_early = facts.times.start != public_times.start
        return Invited(
            title=facts.title,
            kind=str(facts.kind.label),
            when=_when(facts.times),
            before=_before(invitation, comes_early=comes_early),
            comes_as=str(Audience(invitation.audience).label) if invitation.audience else "",
            for_all=_clock(public_times.start) if comes_early else "",
            again=facts.times.rule is not None,
            place=facts.place,
            address=facts.address,
            access_notes=facts.access_notes,
            online=facts.online,
            map_link=facts.map_link,
            address_held=facts.address_held,
            organisers=", ".join(facts.organisers),
            text=facts.text,
            page=facts.url,
        )


def _when(times: Times) -> str:
    """“Tuesday 3 March 2026, 11:00–12:00 (UTC+5)”; whole days as a range."""
    start, end = times.start, times.end
    if not isinstance(start, datetime.datetime):
        last = start if times.run is not None else end - datetime.timedelta(days=1)
        return range_in_words(start, last)
    aware = start.replace(tzinfo=ZoneInfo(times.zone))
    if not isinstance(end, datetime.datetime) or end == start:
        return moment_in_words(aware)
    if end.date() != start.date():
        return f"{moment_in_words(aware)} – {moment_in_words(end.replace(tzinfo=ZoneInfo(times.zone)))}"
    return _("%(date)s, %(time)s (%(offset)s)") % {
        "date": day_in_words(start),
        "time": f"{_clock(start)}–{_clock(end)}",
        "offset": offset_in_words(aware),
    }


def _before(invitation: EventInvitation, *, comes_early: bool) -> str:
    """When it was first told to be, if that is another time. Who comes early knew another hour: the day."""
    event = invitation.event
    if not event.moved_from or not event.moved_from.get("starts_on"):
        return ""
    date = datetime.date.fromisoformat(event.moved_from["starts_on"])
    clock = event.moved_from.get("starts_at_time")
    time = datetime.time.fromisoformat(clock) if clock else None
    if (date, time) == (event.starts_on, event.starts_at_time):
        return ""
    if comes_early and date == event.starts_on:
        return ""
    if time is None or comes_early:
        return day_in_words(date)
    return moment_in_words(datetime.datetime.combine(date, time, tzinfo=ZoneInfo(event.zone)))


def _clock(moment: datetime.date) -> str:
    if not isinstance(moment, datetime.datetime):
        return ""
    return formats.time_format(moment.time(), "H:i")
