"""Facts of an event in one language for one viewer, and its summary for invited people."""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _, override

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import PUBLIC, Viewer
from coalition.jobs.date_formats import day_in_words
from documents.canonical.characters import render_text
from documents.drafts.models import PublicationState
from documents.models import Publication
from events.core.actions.times import PLACE_TEXT_FIELDS, times_of
from events.core.enums import Answer, Audience, EventKind, EventState
from events.core.facts import EventFacts, EventTimes, NamedSpeaker, VenueFacts
from events.core.formatting import moment_in_words, offset_in_words, range_in_words
from events.core.models import Event, EventInvitation, EventSpeaker, PrivateFeed
from events.core.naming import names_for
from events.core.occurrences import to_naive_datetime
from events.core.pictures import public_copy_url
from events.core.queries import named_speakers, text_in

type InvitationSummary = dict[str, Any]  # formatted for templates and mails; empty where nothing applies
_OF_FACTS = ("title", "text", "place", "address", "access_notes", "online", "address_held")


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
        return {
            **{name: getattr(facts, name) for name in _OF_FACTS},
            "venue": asdict(facts.venue),
            "kind": str(facts.kind.label),
            "when": _when(facts.times),
            "before": _previous_time(invitation, comes_early=comes_early),  # the time before a move
            "comes_as": str(Audience(invitation.audience).label) if invitation.audience else "",
            "for_all": _clock(public_times.start) if comes_early else "",  # start for everyone else
            "again": facts.times.rule is not None,
            "organisers": ", ".join(facts.organisers),
            "page": facts.url,
        }


def summary_in(event: Event, language: str) -> InvitationSummary:
    """Return the summary for somebody who reads this language and has no invitation."""
    return build_invitation_summary(EventInvitation(event=event, language=language))


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
    if event.first_told is None or event.first_told == (event.starts_on, event.starts_at_time):
        return ""
    date, time = event.first_told
    if comes_early and date == event.starts_on:
        return ""
    if time is None or comes_early:
        return day_in_words(date)
    return moment_in_words(datetime.datetime.combine(date, time, tzinfo=ZoneInfo(event.zone)))


def _clock(moment: datetime.date) -> str:
    if not isinstance(moment, datetime.datetime):
        return ""
    return formats.time_format(moment.time(), "H:i")


OMISSION_MARK: Final = "[…]"


def is_excerpt_of(shown: str, words: str) -> bool:
    """Whether `shown` is `words` with passages replaced by `OMISSION_MARK`, without any other change."""
    if OMISSION_MARK not in shown:
        return shown == words
    first, *middle, last = map(re.escape, shown.split(OMISSION_MARK))
    # Atomic groups: each piece at its first place, without backtracking.
    pattern = first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last
    return shown == words or re.fullmatch(pattern, words, re.DOTALL) is not None


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
    kept = sorted(pair for pair in parse_qsl(parts.query) if not pair[0].lower().startswith(_FOLLOWING))
    return _hashed(f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}")


def key_of_airing(outlet: str, day: str, time: str, programme: str) -> str:
    """Return the same for coverage without a link."""
    return _hashed("\n".join(" ".join(one.casefold().split()) for one in (outlet, day, time, programme)))


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


SHOWN_WHILE_HELD = ("region", "step_free", "online_link")  # of `Venue`: they do not disclose the address


def facts_for(
    event: Event, *, language: str, viewer: Viewer, audience: str = "", knows_address: bool = False
) -> EventFacts:
    """Return the facts of an event for a viewer who may see it, in the language or the next best.

    `audience`: begin at that audience's time, if it has one. `knows_address`: the viewer is confirmed or
    works on the event, so includes an address for these only. No further queries for events from
    `prefetch_event_details`, but one of the gate of consent, shared by a request, if one has a picture.
    """
    base = settings.SITE_URL
    words, venue = text_in(event, language), event.venue_values()
    held = event.address_for_confirmed and not knows_address
    place = {name: "" if held else _best_translation(event, name, language) for name in PLACE_TEXT_FIELDS}
    if held:
        place["place"] = region_of(event, language)
        venue = {name: venue[name] for name in SHOWN_WHILE_HELD}
    return EventFacts(
        uid=calendar_uid(event),
        kind=EventKind(event.kind),
        state=EventState(event.state),
        language=language,
        title=words.title,
        times=_for_audience(event, times_of(event, language), audience),
        changed_at=event.changed_at,
        created_at=event.created_at,
        sequence=event.sequence,
        text=approved_event_text(event, language) or words.text or _best_translation(event, "text", language),
        **place,
        url=urljoin(base, event_page_path(event, language, viewer)),
        venue=VenueFacts(**venue),
        address_held=held,
        picture=urljoin(base, picture) if (picture := public_copy_url(event)) else "",
        organisers=names_for(viewer, event, language=language),
        speakers=public_speakers_of(event),
        private=not event.is_public,
    )


def public_speakers_of(event: Event) -> tuple[NamedSpeaker, ...]:
    """Return the speakers who agreed to be named, in their own words."""
    found: list[EventSpeaker] | None = getattr(event, "named_speakers", None)
    rows = found if found is not None else named_speakers().filter(event=event)
    return tuple(NamedSpeaker(one.public_name, one.public_role) for one in rows)


def place_in(event: Event, language: str) -> str:
    """Return the place in the language or the next best, as displayed to many: the region if the
    address is for confirmed people."""
    if event.address_for_confirmed:
        return region_of(event, language)
    return _best_translation(event, "place", language)


def region_of(event: Event, language: str) -> str:
    """Return the name of the event's region; "" if it has none."""
    with override(language):
        return str(REGIONS.get(event.region, ""))


def calendar_uid(event: Event) -> str:
    """Return the event's UID in calendars: stable, specific to this site."""
    return f"{event.uuid}@{urlsplit(settings.SITE_URL).hostname}"


def event_page_path(event: Event, language: str, viewer: Viewer = PUBLIC) -> str:
    """Return the event's path, without the host: its public page if it is public, else the page in
    the member area."""
    if event.is_public and event.slug:
        with override(language):
            return reverse("public_event", args=[event.slug])
    return event.get_absolute_url() if viewer.signed_in else ""


def approved_event_text(event: Event, language: str) -> str:
    """Return the approved, currently public text of the event's draft, as plain text; "" without one.

    Omits the title if the event has the same.
    """
    if event.draft is None:
        return ""
    found: list[Publication] | None = getattr(event.draft, "public_now", None)
    if found is None:
        rows = Publication.objects.filter(draft=event.draft, state=PublicationState.PUBLIC, replaced_by=None)
        found = list(rows.prefetch_related("texts__version"))
    texts = (text for one in found for text in one.texts.all() if text.language == language)
    text = next(texts, None)
    if text is None:
        return ""
    document = text.document
    if document["title"].strip() == text_in(event, language).title:
        document["title"] = ""
    return render_text(document, width=None).strip()


def _best_translation(event: Event, name: str, language: str) -> str:
    texts = {text.language: text for text in event.texts.all()}
    order = [code for code in (language, "kk", "ru", "en") if code in texts]
    return next((value for code in order if (value := getattr(texts[code], name))), "")


def _for_audience(event: Event, times: EventTimes, audience: str) -> EventTimes:
    """Return the times with the audience's start, on the same day; the end stays.

    For a moved date they come as long before (or after) everyone as on the others.
    """
    own = next((one for one in event.audience_times.all() if one.audience == audience), None)
    if own is None or not isinstance(times.start, datetime.datetime):
        return times
    start = datetime.datetime.combine(times.start.date(), own.begins)
    later = start - times.start
    moved = tuple(replace(one, to=to_naive_datetime(one.to) + later) for one in times.moved)
    return replace(times, start=start, end=max(to_naive_datetime(times.end), start), moved=moved)


# What capabilities add to a person's own calendar, in the feed's language: what the person may see now.
FeedEntriesOf = Callable[[PrivateFeed], Iterable[EventFacts]]
FEED_ENTRIES: list[FeedEntriesOf] = []


def feed_entries_of(feed: PrivateFeed) -> list[EventFacts]:
    """Return the entries of all capabilities."""
    return [entry for entries_of in FEED_ENTRIES for entry in entries_of(feed)]
