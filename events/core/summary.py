"""Summary of an event for an invited person: in the mail and on the answer page."""

import datetime
import hashlib
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.naming import PUBLIC
from coalition.jobs.date_formats import day_in_words
from events.core.actions.times import times_of
from events.core.enums import Answer, Audience
from events.core.facts import EventFacts, EventTimes, VenueFacts
from events.core.facts_builder import facts_for
from events.core.models import EventInvitation
from events.core.opening_hours_text import moment_in_words, offset_in_words, range_in_words


@dataclass(frozen=True)
class InvitationSummary:
    """Formatted fields, each empty where nothing applies."""

    title: str
    kind: str
    when: str
    before: str  # the time before a move
    comes_as: str
    for_all: str  # start for everyone else
    again: bool
    place: str
    address: str
    access_notes: str
    online: str
    venue: VenueFacts
    address_held: bool
    organisers: str
    text: str
    page: str


def facts_for_invitation(invitation: EventInvitation) -> EventFacts:
    """Return the facts for the invited person. Mail passes through many hands, so names are the
    public ones. An address for confirmed people is included if they answered that they come."""
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


def build_invitation_summary(
    invitation: EventInvitation, facts: EventFacts | None = None
) -> InvitationSummary:
    """Return the summary in the language of the invitation."""
    facts = facts or facts_for_invitation(invitation)
    with override(invitation.language):
        public_times = times_of(invitation.event)
        comes_early = facts.times.start != public_times.start
        return InvitationSummary(
            title=facts.title,
            kind=str(facts.kind.label),
            when=_when(facts.times),
            before=_previous_time(invitation, comes_early=comes_early),
            comes_as=str(Audience(invitation.audience).label) if invitation.audience else "",
            for_all=_clock(public_times.start) if comes_early else "",
            again=facts.times.rule is not None,
            place=facts.place,
            address=facts.address,
            access_notes=facts.access_notes,
            online=facts.online,
            venue=facts.venue,
            address_held=facts.address_held,
            organisers=", ".join(facts.organisers),
            text=facts.text,
            page=facts.url,
        )


def _when(times: EventTimes) -> str:
    """Format “Tuesday 3 March 2026, 11:00–12:00 (UTC+5)”; whole days as a range."""
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


def _previous_time(invitation: EventInvitation, *, comes_early: bool) -> str:
    """Format the first announced time, if another. For people who come early only the day, as they
    knew another hour."""
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


# --- excerpts ---
# Excerpts: cutting passages out of a text without any other change. No database.


OMISSION_MARK: Final = "[…]"


def is_excerpt_of(shown: str, words: str) -> bool:
    """Whether `shown` is `words` with passages replaced by `CUT`, without any other change."""
    if shown == words:
        return True
    pieces = shown.split(OMISSION_MARK)
    if len(pieces) == 1:
        return False
    first, *middle, last = pieces
    if not words.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        found = words.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return words.endswith(last) and place + len(last) <= len(words)


# --- url matching ---
# Comparison of links: insignificant parts are ignored. Nothing is fetched. Pure.


_FOLLOWING = ("utm_", "fbclid", "gclid", "yclid", "ysclid", "igshid", "ref", "from", "share")
_SAME_HOSTS = ("www.", "m.", "mobile.", "amp.")


def is_web(link: str) -> bool:
    """Whether it may be rendered as a link to a page: http or https, with a host, without user name
    or password, and without invalid characters."""
    if not link.isprintable() or any(sign.isspace() or sign in '<>"\\' for sign in link):
        return False
    try:
        parts = urlsplit(link)
        named = parts.username or parts.password
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or port == 0:
        return False
    return bool(parts.hostname) and not named and "." in parts.netloc


def key_of_link(link: str) -> str:
    """Return a hash that is equal for links to the same page: without scheme, www, fragment, tracking
    parameters and the last slash; the rest of the query sorted."""
    parts = urlsplit(link.strip())
    host = (parts.hostname or "").removesuffix(".")
    for begin in _SAME_HOSTS:
        host = host.removeprefix(begin)
    kept = sorted(
        (name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith(_FOLLOWING)
    )
    return _hashed(f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}")


def key_of_airing(outlet: str, day: str, time: str, programme: str) -> str:
    """Return the same for coverage without a link."""
    return _hashed("\n".join(" ".join(one.casefold().split()) for one in (outlet, day, time, programme)))


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
