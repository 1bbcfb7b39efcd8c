"""Calendars to subscribe to: public ones join stored entries, private ones are built for their person."""

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urljoin
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, override
from django.views.decorators.http import condition, require_POST, require_safe

from coalition.accounts.models import REGIONS, Language, User
from coalition.accounts.naming import PUBLIC, display_name_for, viewer_for
from coalition.accounts.queries import public_organisations
from coalition.accounts.views.access import get_person
from coalition.core.localized_text import typed_field
from coalition.http.responses import RequestSlot, same_for_everyone
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import open_workspaces_for
from documents.drafts.models import PublicationState
from documents.publication.embargo.actions import record_embargo_feed_use
from documents.publication.queries import embargo_feed_of_token, embargoes_in_calendar
from events.core.actions.times import times_of
from events.core.enums import Audience, EventKind
from events.core.facts import EventFacts
from events.core.models import Event, EventInvitation, PrivateFeed
from events.core.occurrences import to_naive_datetime
from events.core.queries import addresses_known_to, public_events, text_in
from events.core.summary import facts_for, feed_entries_of
from events.feeds import queries
from events.feeds.actions import create_feed, record_feed_use, revoke_feed, rotate_feed
from events.feeds.cache import embargo_entry_for
from events.ical.builder import REFRESH, CalendarHeading, assemble_calendar, build_calendar


class WorkspacesField(forms.ModelMultipleChoiceField):
    """Workspaces, labelled by title."""

    def label_from_instance(self, obj: Workspace) -> str:
        return obj.title


class FeedForm(forms.ModelForm[PrivateFeed]):
    """Name, language and content of a feed."""

    workspaces = WorkspacesField(
        label=gettext_lazy("Only these workspaces"),
        queryset=Workspace.objects.none(),
        required=False,
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none for all in which you have a seat, now and later."),
    )

    class Meta:
        model = PrivateFeed
        fields = ["name", "language", "workspaces", "only_mine", "with_public", "with_tasks"]

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"language": person.language, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        workspaces = typed_field(self.fields, "workspaces", WorkspacesField)
        workspaces.queryset = open_workspaces_for(person).order_by("title")


CALENDAR = "text/calendar; charset=utf-8"
# Revalidated each time, at the cost of a 304: a name withheld since must not stay in a cache.
PUBLIC_CACHING = "public, max-age=0, must-revalidate"
PRIVATE_CACHING = "private, no-cache"

_version: RequestSlot[queries.FeedVersion | None] = RequestSlot("feed_version")


def _version_of(request: HttpRequest) -> queries.FeedVersion | None:
    """The state of all public feeds, read before the entries are: one query a request."""
    return _version.of(request) or _version.put(request, queries.FeedVersion.objects.filter(pk=1).first())


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


def public_calendar(
    view: Callable[..., tuple[QuerySet[Event], str | Promise]],
) -> Callable[..., HttpResponse]:
    """A public feed: 304 in one query while no public feed has changed, and the same for everyone.

    The view gets the `language` of the query (Kazakh unless another is requested: the same URL always
    gives the same calendar) and its `region`, both valid; it returns the events and the calendar's name.
    """

    @condition(etag_func=_etag, last_modified_func=_changed_at)
    def feed(request: HttpRequest, *, language: str, region: str, **address: object) -> HttpResponse:
        events, name = view(language=language, region=region, **address)
        pieces = queries.stored_components(events, language)
        canonical = {"language": language, **({"region": region} if region else {})}
        with override(language):
            heading = CalendarHeading(
                name=str(name),
                language=language,
                url=urljoin(settings.SITE_URL, reverse("public_events")),
                source=urljoin(settings.SITE_URL, f"{request.path}?{urlencode(canonical)}"),
                changed_at=max((piece.written_at for piece in pieces if piece.written_at), default=None),
            )
        return HttpResponse(assemble_calendar(pieces, heading), content_type=CALENDAR)

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **address: object) -> HttpResponse:
        language, region = request.GET.get("language", Language.KK), request.GET.get("region", "")
        if language not in Language.values or region not in {"", *REGIONS}:
            raise Http404
        response: HttpResponse = same_for_everyone(feed(request, language=language, region=region, **address))
        response["Cache-Control"] = PUBLIC_CACHING
        response["Content-Language"] = language
        return response

    return answer


@public_calendar
def all_events_feed(*, language: str, region: str) -> tuple[QuerySet[Event], str]:
    """Return all public events; with `?region=KZ-75` those of a region."""
    return queries.public_feed(region=region), _site_calendar_name(language, REGIONS.get(region, ""))


@public_calendar
def kind_feed(kind: str, *, language: str, region: str) -> tuple[QuerySet[Event], str]:
    if kind not in EventKind.values:
        raise Http404
    return queries.public_feed(kind=kind, region=region), _site_calendar_name(language, EventKind(kind).label)


@public_calendar
def organisation_feed(slug: str, *, language: str, region: str) -> tuple[QuerySet[Event], str]:
    """Return what an organisation plans or hosts. 404 if its name is withheld."""
    organisation = get_object_or_404(public_organisations(), slug=slug)
    name = display_name_for(PUBLIC, organisation, language=language)
    return queries.public_feed(organisation=organisation, region=region), _site_calendar_name(language, name)


@public_calendar
def event_feed(event: UUID, *, language: str, region: str) -> tuple[QuerySet[Event], str]:
    """Return one public event; also a cancelled one, as long as it has a page."""
    found = get_object_or_404(public_events().prefetch_related("texts"), uuid=event)
    return public_events().filter(pk=found.pk), text_in(found, language).title


def _site_calendar_name(language: str, name: str | Promise) -> str:
    with override(language):
        return ": ".join(filter(None, (settings.SITE_NAME, str(name))))


@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return one person's feed. A revoked address answers like one that never existed."""
    feed = queries.feed_by_token(token)
    if feed is None:
        raise Http404
    viewer, known = viewer_for(feed.person), addresses_known_to(feed.person)
    invitations = EventInvitation.objects.filter(person=feed.person, withdrawn_at=None).exclude(audience="")
    audiences = dict(invitations.values_list("event_id", "audience"))
    with override(feed.language):
        facts = []
        for event in queries.events_of_feed(feed):
            audience = audiences.get(event.pk, "")
            found = facts_for(
                event,
                language=feed.language,
                viewer=viewer,
                audience=audience,
                knows_address=event.pk in known,
            )
            facts.append(_as_audience(found, event, audience))
        facts += feed_entries_of(feed)
        heading = CalendarHeading(
            name=f"{settings.SITE_NAME}: {feed.name}",
            language=feed.language,
            url=urljoin(settings.SITE_URL, reverse("events:calendar")),
        )
        body = build_calendar(facts, heading)
    record_feed_use(feed)
    return calendar_response(request, body, feed.language, PRIVATE_CACHING)


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
    start, for_everyone = facts.times.start, to_naive_datetime(times_of(event).start)
    if not audience or not isinstance(start, datetime.datetime) or start == for_everyone:
        return facts
    words = _("You come as: %(audience)s. It begins for you at %(own)s, for everyone at %(told)s.") % {
        "audience": Audience(audience).label,
        "own": f"{start:%H:%M}",
        "told": f"{for_everyone:%H:%M}",
    }
    return replace(facts, text="\n\n".join(part for part in (words, facts.text) if part))


CACHING = "no-store, private"  # embargoed titles are stored on no disk but the program's own
A_MINUTE = datetime.timedelta(minutes=1)


@require_safe
def embargo_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the embargoes that one person agreed to. A revoked address answers like an unknown one.

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


class FeedsView(MemberFormView):
    """List the person's active feeds; on POST, create one."""

    form_class = FeedForm
    template_name = "events/feeds/feeds.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": get_person(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"feeds": queries.feeds_of(get_person(self.request))}

    def save(self, form: FeedForm) -> HttpResponse:
        return new_address_response(
            self.request, *create_feed(person=get_person(self.request), **form.cleaned_data)
        )


@member_required
@require_POST
def rotate(request: HttpRequest, feed: UUID) -> HttpResponse:
    """Replace the address of a feed."""
    person = get_person(request)
    row = get_object_or_404(queries.feeds_of(person), uuid=feed)
    return new_address_response(request, *rotate_feed(person=person, feed=row))


@member_required
@require_POST
def revoke(request: HttpRequest, feed: UUID) -> HttpResponse:
    person = get_person(request)
    row = get_object_or_404(queries.feeds_of(person), uuid=feed)
    revoke_feed(person=person, feed=row)
    messages.success(request, _("Ended. Programs that ask at this address find nothing any more."))
    return redirect("events:feeds")


def new_address_response(request: HttpRequest, feed: PrivateFeed, token: str) -> HttpResponse:
    """Render the page with the URL: the only time it is displayed."""
    person, path = get_person(request), reverse("calendar_private", args=[token])
    context = {
        "form": FeedForm(person=person),
        "feeds": queries.feeds_of(person),
        "made": feed,
        "address": queries.absolute_feed_url(path),
        "webcal": queries.webcal_url(path),
    }
    return render(request, FeedsView.template_name, context)
