"""Calendars to subscribe to: public ones join stored entries, private ones are built for their person."""

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from urllib.parse import urlencode, urljoin
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import condition, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for, viewer_for
from coalition.accounts.queries import public_organisations
from coalition.accounts.regions import REGIONS
from coalition.http.request_cache import RequestSlot
from coalition.http.vary import same_for_everyone
from events.core.actions.times import times_of
from events.core.enums import Audience, EventKind
from events.core.facts import Facts
from events.core.facts_builder import facts_for
from events.core.models import Event
from events.core.occurrences import at
from events.core.queries import addresses_known_to, public_events, text_in
from events.feeds.actions import note_use
from events.feeds.models import FeedVersion
from events.feeds.queries import (
    audiences_of,
    events_of_feed,
    feed_by_token,
    feed_version,
    pieces_of,
    public_feed,
    tasks_of_feed,
)
from events.feeds.task_entries import entry_of_task
from events.ical.calendar import Heading, Piece, assemble, calendar

CALENDAR = "text/calendar; charset=utf-8"
# Asked for again each time, which costs a 304: a name that may no longer be told must not stay in a cache.
PUBLIC_CACHING = "public, max-age=0, must-revalidate"
PRIVATE_CACHING = "private, no-cache"

_version: RequestSlot[FeedVersion | None] = RequestSlot("feed_version")


def _version_of(request: HttpRequest) -> FeedVersion | None:
    """The state of all public feeds, read before the entries are: one query a request."""
    return _version.of(request) or _version.put(request, feed_version())


def _etag(request: HttpRequest, **_address: object) -> str:
    """The version of all public feeds, with what else is printed in each of them."""
    version = _version_of(request)
    number = version.number if version else 0
    printed = f"{number} {settings.RELEASE} {settings.SITE_NAME} {settings.SITE_URL}"
    return f'"{hashlib.sha256(printed.encode()).hexdigest()[:32]}"'


def _changed_at(request: HttpRequest, **_address: object) -> datetime.datetime | None:
    """When a public feed changed last: an event that left a feed leaves no date of its own behind."""
    version = _version_of(request)
    return version.changed_at if version else None


def public_calendar(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A public feed: 304 in one query while no public feed has changed, and the same for everyone."""
    conditional = condition(etag_func=_etag, last_modified_func=_changed_at)(view)

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **address: object) -> HttpResponse:
        language, _known_region = _language(request), _region(request)
        response: HttpResponse = same_for_everyone(conditional(request, **address))
        response["Cache-Control"] = PUBLIC_CACHING
        response["Content-Language"] = language
        return response

    return answer


@public_calendar
def everything(request: HttpRequest) -> HttpResponse:
    """All public events; with `?region=KZ-75` those of a region."""
    language, region = _language(request), _region(request)
    with override(language):
        name = str(REGIONS[region]) if region else ""
    return _public(request, pieces_of(public_feed(region=region), language), language, name)


@public_calendar
def of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in EventKind.values:
        raise Http404
    language, region = _language(request), _region(request)
    with override(language):
        name = str(EventKind(kind).label)
    return _public(request, pieces_of(public_feed(kind=kind, region=region), language), language, name)


@public_calendar
def of_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation plans or hosts. One whose name is not told has no address at all."""
    organisation = get_object_or_404(public_organisations(), slug=slug)
    language, region = _language(request), _region(request)
    name = display_name_for(PUBLIC, organisation, language=language)
    events = public_feed(organisation=organisation, region=region)
    return _public(request, pieces_of(events, language), language, name)


@public_calendar
def of_event(request: HttpRequest, event: UUID) -> HttpResponse:
    """One public event; a cancelled one too, as long as its page is there."""
    found = get_object_or_404(public_events().prefetch_related("texts"), uuid=event)
    language = _language(request)
    pieces = pieces_of(public_events().filter(pk=found.pk), language)
    return _public(request, pieces, language, text_in(found, language).title, alone=True)


@require_safe
def private(request: HttpRequest, token: str) -> HttpResponse:
    """One person's feed. What is not an address (any longer) is like one that never was."""
    feed = feed_by_token(token)
    if feed is None:
        raise Http404
    viewer, audiences = viewer_for(feed.person), audiences_of(feed)
    known = addresses_known_to(feed.person)
    with override(feed.language):
        facts = [
            _as_audience(
                facts_for(
                    event,
                    language=feed.language,
                    viewer=viewer,
                    audience=audiences.get(event.pk, ""),
                    knows_address=event.pk in known,
                ),
                event,
                audiences.get(event.pk, ""),
            )
            for event in events_of_feed(feed)
        ]
        facts += [entry_of_task(task, feed.language) for task in tasks_of_feed(feed)]
        heading = Heading(
            name=f"{settings.SITE_NAME}: {feed.name}",
            language=feed.language,
            url=urljoin(settings.SITE_URL, reverse("events:calendar")),
        )
        body = calendar(facts, heading)
    note_use(feed)
    return calendar_answer(request, body, feed.language, PRIVATE_CACHING)


def _public(
    request: HttpRequest, pieces: list[Piece], language: str, name: str, *, alone: bool = False
) -> HttpResponse:
    """The calendar with the date of what stands in it. `alone`: of one event, whose name it has."""
    written_at = max((piece.written_at for piece in pieces if piece.written_at), default=None)
    with override(language):
        page = reverse("public_events")
    heading = Heading(
        name=name if alone else ": ".join(part for part in (settings.SITE_NAME, name) if part),
        language=language,
        url=urljoin(settings.SITE_URL, page),
        source=urljoin(settings.SITE_URL, _canonical(request, language)),
        changed_at=written_at,
    )
    return HttpResponse(assemble(pieces, heading), content_type=CALENDAR)


def calendar_answer(request: HttpRequest, body: bytes, language: str, caching: str) -> HttpResponse:
    """The calendar, or 304 to a reader that has it. The ETag is that of the bytes."""
    response = HttpResponse(body, content_type=CALENDAR)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=etag, response=response)
    answer: HttpResponse = found if isinstance(found, HttpResponse) else response
    answer["ETag"] = etag
    answer["Cache-Control"] = caching
    answer["Content-Language"] = language
    return answer


def _as_audience(facts: Facts, event: Event, audience: str) -> Facts:
    """Say in the text that it begins earlier for this person than for everyone."""
    start, told = facts.times.start, at(times_of(event).start)
    if not audience or not isinstance(start, datetime.datetime) or start == told:
        return facts
    words = _("You come as: %(audience)s. It begins for you at %(own)s, for everyone at %(told)s.") % {
        "audience": Audience(audience).label,
        "own": f"{start:%H:%M}",
        "told": f"{told:%H:%M}",
    }
    return replace(facts, text="\n\n".join(part for part in (words, facts.text) if part))


def _language(request: HttpRequest) -> str:
    """Kazakh unless another is asked for: the same address always gives the same calendar."""
    language = request.GET.get("language", Language.KK)
    if language not in Language.values:
        raise Http404
    return str(language)


def _canonical(request: HttpRequest, language: str) -> str:
    """The address with what decides about its content, and nothing else that somebody hung on it."""
    asked = {"language": language, "region": _region(request)}
    return f"{request.path}?{urlencode({name: value for name, value in asked.items() if value})}"


def _region(request: HttpRequest) -> str:
    region = request.GET.get("region", "")
    if region and region not in REGIONS:
        raise Http404
    return region
