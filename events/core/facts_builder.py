"""From an event in the database to its facts in one language, for one viewer."""

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
from events.core.facts import Facts, Speaker, Times
from events.core.models import Event, EventSpeaker
from events.core.naming import names_for
from events.core.occurrences import at
from events.core.queries import named_speakers, text_in

WORD_FIELDS = ("place", "address", "access_notes")


def facts_for(
    event: Event,
    *,
    language: str,
    viewer: Viewer,
    audience: str = "",
    base: str = "",
    knows_address: bool = False,
) -> Facts:
    """What the viewer may know of an event that they may see, in the language or the next best one.

    `audience`: it begins at that audience's time, if it has one. `base`: the site's address; SITE_URL
    unless given. `knows_address`: they are confirmed, or work on it, so that they read an address that is for
    those alone. Without further queries for events from `with_words`.
    """
    base = base or settings.SITE_URL
    words = text_in(event, language)
    held = event.address_for_confirmed and not knows_address
    place = {name: "" if held else _in_next_best(event, name, language) for name in WORD_FIELDS}
    if held:
        place["place"] = region_of(event, language)
    return Facts(
        uid=uid_of(event),
        kind=EventKind(event.kind),
        state=EventState(event.state),
        language=language,
        title=words.title,
        times=_for_audience(event, times_of(event, language), audience),
        changed_at=event.changed_at,
        created_at=event.created_at,
        sequence=event.sequence,
        text=approved_text(event, language) or words.text or _in_next_best(event, "text", language),
        **place,
        region=event.region,
        url=urljoin(base, address_of(event, language, viewer)),
        map_link="" if held else event.map_link,
        address_held=held,
        online=event.online_link,
        picture=urljoin(base, event.public_picture.url) if event.is_public and event.public_picture else "",
        organisers=names_for(viewer, event, language=language),
        speakers=speakers_told(event),
        private=not event.is_public,
    )


def speakers_told(event: Event) -> tuple[Speaker, ...]:
    """Who speaks there and agreed to be named, in their own words."""
    found: list[EventSpeaker] | None = getattr(event, "named_speakers", None)
    rows = found if found is not None else named_speakers().filter(event=event)
    return tuple(Speaker(one.public_name, one.public_role) for one in rows)


def place_in(event: Event, language: str) -> str:
    """The place in the language or the next best, as a list tells it to many: the region if the address is
    for the confirmed."""
    if event.address_for_confirmed:
        return region_of(event, language)
    return _in_next_best(event, "place", language)


def region_of(event: Event, language: str) -> str:
    """The name of the event's region; "" if it has none."""
    with override(language):
        return str(REGIONS.get(event.region, ""))


def uid_of(event: Event) -> str:
    """The event's UID in calendars: stable, and this site's."""
    return f"{event.uuid}@{urlsplit(settings.SITE_URL).hostname}"


def address_of(event: Event, language: str, viewer: Viewer = PUBLIC) -> str:
    """Where the event is read, without the host: its public page once it is public, else the desk's."""
    if event.is_public and event.slug:
        with override(language):
            return reverse("public_event", args=[event.slug])
    return event.get_absolute_url() if viewer.signed_in else ""


def approved_text(event: Event, language: str) -> str:
    """The words of the event's draft as they were approved and are public now, plain; "" if there are none.

    The title is left out when the event has the same.
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


def _in_next_best(event: Event, name: str, language: str) -> str:
    texts = {text.language: text for text in event.texts.all()}
    order = [code for code in (language, "kk", "ru", "en") if code in texts]
    return next((value for code in order if (value := getattr(texts[code], name))), "")


def _for_audience(event: Event, times: Times, audience: str) -> Times:
    """The times with the audience's beginning, on the same day; the end stays.

    To a date that is moved they come as long before (or after) everyone as to the others.
    """
    own = next((one for one in event.audience_times.all() if one.audience == audience), None)
    if own is None or not isinstance(times.start, datetime.datetime):
        return times
    start = datetime.datetime.combine(times.start.date(), own.begins)
    later = start - times.start
    moved = tuple(replace(one, to=at(one.to) + later) for one in times.moved)
    return replace(times, start=start, end=max(at(times.end), start), moved=moved)
