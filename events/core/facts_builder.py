"""Builder of an event's facts in one language, for one viewer."""

import datetime
import json
from dataclasses import replace
from typing import cast
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.naming import PUBLIC, Viewer
from coalition.accounts.regions import REGIONS
from documents.canonical.form import Document
from documents.canonical.text import render_text
from documents.drafts.enums import PublicationState
from documents.models import Publication
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts import EventFacts, EventTimes, NamedSpeaker, VenueFacts
from events.core.models import Event, EventSpeaker
from events.core.naming import names_for
from events.core.occurrences import to_naive_datetime
from events.core.queries import named_speakers, text_in

PLACE_TEXT_FIELDS = ("place", "address", "access_notes")
SHOWN_WHILE_HELD = ("region", "step_free", "online_link")  # of `Venue`: they do not disclose the address


def facts_for(
    event: Event,
    *,
    language: str,
    viewer: Viewer,
    audience: str = "",
    base: str = "",
    knows_address: bool = False,
) -> EventFacts:
    """Return the facts of an event for a viewer who may see it, in the language or the next best.

    `audience`: begin at that audience's time, if it has one. `base`: the site's address; SITE_URL
    unless given. `knows_address`: the viewer is confirmed or works on the event, so includes an
    address for these only. No further queries for events from `with_words`.
    """
    base = base or settings.SITE_URL
    words = text_in(event, language)
    held = event.address_for_confirmed and not knows_address
    place = {name: "" if held else _best_translation(event, name, language) for name in PLACE_TEXT_FIELDS}
    if held:
        place["place"] = region_of(event, language)
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
        venue=_venue_of(event, held=held),
        address_held=held,
        picture=urljoin(base, event.public_picture.url) if event.is_public and event.public_picture else "",
        organisers=names_for(viewer, event, language=language),
        speakers=public_speakers_of(event),
        private=not event.is_public,
    )


def _venue_of(event: Event, *, held: bool) -> VenueFacts:
    values = event.venue_values()
    return VenueFacts(**{name: values[name] for name in values if not held or name in SHOWN_WHILE_HELD})


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
    """Return the approved, currently public text of the event's draft, as plain text; "" without
    one.

    Omits the title if the event has the same.
    """
    if event.draft is None:
        return ""
    found: list[Publication] | None = getattr(event.draft, "public_now", None)
    if found is None:
        rows = Publication.objects.filter(draft=event.draft, state=PublicationState.PUBLIC, replaced_by=None)
        found = list(rows.prefetch_related("texts__version"))
    for publication in found:
        for text in publication.texts.all():
            if text.language == language:
                document = cast("Document", json.loads(text.version.canonical))
                with_title = document["title"].strip() != text_in(event, language).title
                whole = {**document} if with_title else {**document, "title": ""}
                return render_text(cast("Document", whole), width=None).strip()
    return ""


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
