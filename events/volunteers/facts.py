"""A shift as volunteers read it: in mails, in their calendar, on their own page."""

import datetime
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from coalition.accounts.naming import PUBLIC
from coalition.jobs.date_formats import day_in_words
from events.core.enums import EventState
from events.core.facts import Facts, Times
from events.core.facts_builder import facts_for
from events.core.models import Event
from events.core.occurrences import DAY
from events.core.opening_hours_text import offset_in_words
from events.volunteers.models import Shift, ShiftTurn
from events.volunteers.queries import held_by


@dataclass(frozen=True)
class ShiftTold:
    """A shift in one language. Everything is words."""

    title: str
    when: str
    day: str
    hours: str
    place: str


def shift_told(shift: Shift, event: Event, language: str) -> ShiftTold:
    """The shift as somebody reads it; where it has no place of its own it is at the event's."""
    with override(language):
        return ShiftTold(
            title=shift.title_in(language),
            when=when_of(shift, event),
            day=day_in_words(shift.on),
            hours=hours_of(shift),
            place=shift.place_in(language),
        )


def hours_of(shift: Shift) -> str:
    """“11:00–15:00”."""
    return f"{formats.time_format(shift.begins, 'H:i')}–{formats.time_format(shift.ends, 'H:i')}"


def when_of(shift: Shift, event: Event) -> str:
    """“Tuesday 10 March 2026, 11:00–15:00 (UTC+5)”."""
    return _("%(date)s, %(time)s (%(offset)s)") % {
        "date": day_in_words(shift.on),
        "time": hours_of(shift),
        "offset": offset_in_words(shift.starts_at.astimezone(event.zone_info)),
    }


def calendar_facts(turn: ShiftTurn, event: Event, language: str) -> Facts:
    """The shift for the volunteer's calendar. Mail passes through many hands: names are those for everyone,
    and the person to call is not in it."""
    shift = turn.shift
    facts = facts_for(event, language=language, viewer=PUBLIC)
    last = shift.on if shift.ends > shift.begins else shift.on + DAY
    with override(language):
        title = _("%(shift)s: %(event)s") % {"shift": shift.title_in(language), "event": facts.title}
    return replace(
        facts,
        uid=f"{turn.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        state=EventState.ANNOUNCED,
        title=title,
        times=Times(
            event.zone,
            datetime.datetime.combine(shift.on, shift.begins),
            datetime.datetime.combine(last, shift.ends),
        ),
        sequence=event.sequence + shift.sequence + turn.changes,
        text="",
        place=shift.place_in(language) or facts.place,
        url=facts.url if event.is_public else "",
        picture="",
        private=True,
    )


def offered_words(shift: Shift, event: Event) -> str:
    """A shift as one line of a list to choose from, in the active language."""
    language = get_language() or ""
    free = max(0, shift.needed - held_by(shift))
    words = {
        "when": when_of(shift, event),
        "task": " · ".join(filter(None, [shift.title_in(language), shift.place_in(language)])),
        "free": ngettext("%(count)d place free", "%(count)d places free", free) % {"count": free},
    }
    return _("%(when)s: %(task)s (%(free)s)") % words
