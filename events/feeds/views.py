"""Calendars to subscribe to: public ones join stored entries, private ones are built for their person."""

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from urllib.parse import urlencode, urljoin
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import condition, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for, viewer_for
from coalition.accounts.queries import public_organisations
from coalition.accounts.regions import REGIONS
from coalition.accounts.views.access import get_person
from coalition.core.errors import Refused
from coalition.http.request_cache import RequestSlot, same_for_everyone
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from documents.drafts.enums import PublicationState
from documents.publication.embargo.actions.access import record_embargo_feed_use
from documents.publication.embargo.queries import embargo_feed_of_token, embargoes_in_calendar
from events.core.actions.times import times_of
from events.core.enums import Audience, EventKind
from events.core.facts import EventFacts
from events.core.facts_builder import facts_for
from events.core.models import Event, PrivateFeed
from events.core.occurrences import to_naive_datetime
from events.core.private_feeds import feed_entries_of
from events.core.queries import addresses_known_to, public_events, text_in
from events.feeds.actions import create_feed, record_feed_use, revoke_feed, rotate_feed
from events.feeds.cache import embargo_entry_for
from events.feeds.calendar_links import absolute_feed_url, webcal_url
from events.feeds.forms import FeedForm
from events.feeds.models import FeedVersion
from events.feeds.queries import (
    audiences_of,
    events_of_feed,
    feed_by_token,
    feed_version,
    feeds_of,
    public_feed,
    stored_components,
)
from events.ical.calendar import REFRESH, CalendarHeading, StoredComponent, assemble_calendar, build_calendar

CALENDAR = "text/calendar; charset=utf-8"
# Revalidated each time, at the cost of a 304: a name withheld since must not stay in a cache.
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
def all_events_feed(request: HttpRequest) -> HttpResponse:
    """Return all public events; with `?region=KZ-75` those of a region."""
    language, region = _language(request), _region(request)
    with override(language):
        name = str(REGIONS[region]) if region else ""
    return _public_feed_response(
        request, stored_components(public_feed(region=region), language), language, name
    )


@public_calendar
def kind_feed(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in EventKind.values:
        raise Http404
    language, region = _language(request), _region(request)
    with override(language):
        name = str(EventKind(kind).label)
    return _public_feed_response(
        request, stored_components(public_feed(kind=kind, region=region), language), language, name
    )


@public_calendar
def organisation_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Return what an organisation plans or hosts. 404 if its name is withheld."""
    organisation = get_object_or_404(public_organisations(), slug=slug)
    language, region = _language(request), _region(request)
    name = display_name_for(PUBLIC, organisation, language=language)
    events = public_feed(organisation=organisation, region=region)
    return _public_feed_response(request, stored_components(events, language), language, name)


@public_calendar
def event_feed(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return one public event; also a cancelled one, as long as it has a page."""
    found = get_object_or_404(public_events().prefetch_related("texts"), uuid=event)
    language = _language(request)
    pieces = stored_components(public_events().filter(pk=found.pk), language)
    return _public_feed_response(request, pieces, language, text_in(found, language).title, alone=True)


@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return one person's feed. A revoked address answers like one that never existed."""
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
        facts += feed_entries_of(feed)
        heading = CalendarHeading(
            name=f"{settings.SITE_NAME}: {feed.name}",
            language=feed.language,
            url=urljoin(settings.SITE_URL, reverse("events:calendar")),
        )
        body = build_calendar(facts, heading)
    record_feed_use(feed)
    return calendar_response(request, body, feed.language, PRIVATE_CACHING)


def _public_feed_response(
    request: HttpRequest, pieces: list[StoredComponent], language: str, name: str, *, alone: bool = False
) -> HttpResponse:
    """The calendar with the date of what stands in it. `alone`: of one event, whose name it has."""
    written_at = max((piece.written_at for piece in pieces if piece.written_at), default=None)
    with override(language):
        page = reverse("public_events")
    heading = CalendarHeading(
        name=name if alone else ": ".join(part for part in (settings.SITE_NAME, name) if part),
        language=language,
        url=urljoin(settings.SITE_URL, page),
        source=urljoin(settings.SITE_URL, _canonical(request, language)),
        changed_at=written_at,
    )
    return HttpResponse(assemble_calendar(pieces, heading), content_type=CALENDAR)


def calendar_response(request: HttpRequest, body: bytes, language: str, caching: str) -> HttpResponse:
    """Return the calendar, or 304 to a reader that has it. The ETag is computed from the bytes."""
    response = HttpResponse(body, content_type=CALENDAR)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=etag, response=response)
    answer: HttpResponse = found if isinstance(found, HttpResponse) else response
    answer["ETag"] = etag
    answer["Cache-Control"] = caching
    answer["Content-Language"] = language
    return answer


def _as_audience(facts: EventFacts, event: Event, audience: str) -> EventFacts:
    """Add to the text that it begins earlier for this person than for everyone."""
    start, told = facts.times.start, to_naive_datetime(times_of(event).start)
    if not audience or not isinstance(start, datetime.datetime) or start == told:
        return facts
    words = _("You come as: %(audience)s. It begins for you at %(own)s, for everyone at %(told)s.") % {
        "audience": Audience(audience).label,
        "own": f"{start:%H:%M}",
        "told": f"{told:%H:%M}",
    }
    return replace(facts, text="\n\n".join(part for part in (words, facts.text) if part))


def _language(request: HttpRequest) -> str:
    """Return Kazakh unless another language is requested: the same URL always gives the same
    calendar."""
    language = request.GET.get("language", Language.KK)
    if language not in Language.values:
        raise Http404
    return str(language)


def _canonical(request: HttpRequest, language: str) -> str:
    """Return the URL with only the parameters that affect its content."""
    asked = {"language": language, "region": _region(request)}
    return f"{request.path}?{urlencode({name: value for name, value in asked.items() if value})}"


def _region(request: HttpRequest) -> str:
    region = request.GET.get("region", "")
    if region and region not in REGIONS:
        raise Http404
    return region


# --- embargoes ---
# Subscribable calendar of a person of an outlet.


CACHING = "no-store, private"  # embargoed titles are stored on no disk but the program's own
A_MINUTE = datetime.timedelta(minutes=1)


@require_safe
def embargo_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the embargoes that one person agreed to. A revoked address answers like one that never
    existed.

    During an embargo programs are asked to poll every minute, so that an early lift arrives as soon.
    """
    found = embargo_feed_of_token(token)
    if found is None:
        raise Http404
    feed, contact = found
    accesses = list(embargoes_in_calendar(contact))
    waits = any(one.publication.state == PublicationState.SCHEDULED for one in accesses)
    with override(contact.language):
        heading = CalendarHeading(
            name=_("%(site)s: embargoes") % {"site": settings.SITE_NAME},
            language=contact.language,
            refresh=A_MINUTE if waits else REFRESH,
        )
        body = build_calendar([embargo_entry_for(one, contact.language) for one in accesses], heading)
    record_embargo_feed_use(feed)
    return calendar_response(request, body, contact.language, CACHING)


# --- private ---
# Views of a person's private feeds. Each URL is displayed once, in the response that created it.


PAGE = "events/desk/feeds.html"


@member_required
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """List the active feeds, with the form for another."""
    return render(request, PAGE, _context(request, FeedForm(person=get_person(request))))


@member_required
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    person = get_person(request)
    form = FeedForm(request.POST, person=person)
    if form.is_valid():
        try:
            feed, token = create_feed(person=person, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _new_address_response(request, feed, token)
    return form_page(request, PAGE, _context(request, form))


@member_required
@require_POST
def rotate(request: HttpRequest, feed: UUID) -> HttpResponse:
    """Replace the address of a feed."""
    person = get_person(request)
    row = get_object_or_404(feeds_of(person), uuid=feed)
    return _new_address_response(request, *rotate_feed(person=person, feed=row))


@member_required
@require_POST
def revoke(request: HttpRequest, feed: UUID) -> HttpResponse:
    person = get_person(request)
    row = get_object_or_404(feeds_of(person), uuid=feed)
    revoke_feed(person=person, feed=row)
    messages.success(request, _("Ended. Programs that ask at this address find nothing any more."))
    return redirect("events:feeds")


def _new_address_response(request: HttpRequest, feed: PrivateFeed, token: str) -> HttpResponse:
    """Render the page with the URL: the only time it is displayed."""
    path = reverse("calendar_private", args=[token])
    context = _context(request, FeedForm(person=get_person(request)))
    return render(
        request,
        PAGE,
        context | {"made": feed, "address": absolute_feed_url(path), "webcal": webcal_url(path)},
    )


def _context(request: HttpRequest, form: FeedForm) -> dict[str, object]:
    return {"form": form, "feeds": feeds_of(get_person(request))}
