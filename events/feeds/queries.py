"""Feeds: their content, addresses, and links to add events to a calendar."""

import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from events.core.enums import Consent, Visibility
from events.core.facts import EventFacts
from events.core.models import CoHost, Event, EventInvitation, PrivateFeed
from events.core.occurrences import Occurrence
from events.core.queries import (
    IS_ANNOUNCED,
    events_for,
    prefetch_event_details,
    public_events,
    seated_events_for,
)
from events.ical.builder import StoredComponent

CANCELLED_RETENTION = datetime.timedelta(days=60)
PAST_RETENTION = datetime.timedelta(days=366)  # in private feeds


def public_feed(
    *, kind: str = "", region: str = "", organisation: Organisation | None = None
) -> QuerySet[Event]:
    """Return events of a public feed: all public ones, narrowed. Cancelled ones stay for 60 days."""
    events = _exclude_long_cancelled(public_events())
    if kind:
        events = events.filter(kind=kind)
    if region:
        events = events.filter(region=region)
    if organisation is not None:
        hosts = CoHost.objects.filter(
            event=OuterRef("pk"), organisation=organisation, state=Consent.CONSENTED
        )
        events = events.filter(Q(organisation=organisation) | Exists(hosts))
    return events


def stored_components(events: QuerySet[Event], language: str) -> list[StoredComponent]:
    """Return the cached pieces of these events in the language, in one query."""
    stored = events.filter(texts__language=language, texts__component__gt="").order_by("starts_at", "id")
    written_at = Coalesce("texts__component_at", "changed_at")
    rows = stored.values_list("texts__component", "zone", "starts_on", written_at)
    return [StoredComponent(component, zone, starts_on.year, at) for component, zone, starts_on, at in rows]


def feed_by_token(token: str) -> PrivateFeed | None:
    """Return the private feed of a token; None if it never existed, was revoked, or its person has left."""
    rows = PrivateFeed.objects.filter(token_hash=hash_token(token), revoked_at=None, person__is_active=True)
    found = rows.select_related("person").first()
    return found if found and active_memberships(found.person).exists() else None


def feeds_of(person: User) -> QuerySet[PrivateFeed]:
    """Return the person's active feeds."""
    return PrivateFeed.objects.filter(person=person, revoked_at=None).prefetch_related("workspaces")


def events_of_feed(feed: PrivateFeed) -> QuerySet[Event]:
    """Return what the person may see now and chose for this feed, prefetched for `facts_for`."""
    seated = seated_events_for(feed.person)
    chosen = [workspace.pk for workspace in feed.workspaces.all()]
    if chosen:
        seated = seated.filter(workspace__in=chosen)
    wanted = Q(pk__in=seated.order_by().values("pk"))
    invited = EventInvitation.objects.filter(event=OuterRef("pk"), person=feed.person, withdrawn_at=None)
    if feed.with_public:
        wanted |= IS_ANNOUNCED & Q(visibility__in=[Visibility.COALITION, Visibility.PUBLIC])
    events = events_for(feed.person).filter(wanted)
    if feed.only_mine:
        events = events.filter(Exists(invited))
    lasting = Q(lasts_until=None) | Q(lasts_until__gt=now() - PAST_RETENTION)
    return prefetch_event_details(_exclude_long_cancelled(events).filter(lasting)).order_by("starts_at", "id")


def _exclude_long_cancelled(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=now() - CANCELLED_RETENTION))


class FeedVersion(models.Model):
    """One row. Its number moves in the transaction of every change that a public feed may show: the ETag of
    every public feed is made of it."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()  # Last-Modified of every public feed

    def __str__(self) -> str:
        return f"feeds, version {self.number}"


def add_links(event: Event, facts: EventFacts, one: Occurrence | None) -> dict[str, str]:
    """Return the links for one event. Third-party forms lack opening hours and rules: those get the file."""
    path = f"{reverse('calendar_event', args=[event.uuid])}?{urlencode({'language': facts.language})}"
    links = {"file": path, "apple": webcal_url(path)}
    if one is None or facts.times.rule is not None or facts.times.also:
        return links
    location = ", ".join(filter(None, (facts.place, facts.address)))
    details = "\n\n".join(filter(None, (facts.text[:300], facts.online, facts.url)))
    moments = (one.local_start, one.local_end) if one.all_day else (one.starts_at, one.ends_at)
    short, long = ("%Y%m%d", "%Y-%m-%d") if one.all_day else ("%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ")
    google = {
        "action": "TEMPLATE",
        "text": facts.title,
        "dates": "/".join(moment.strftime(short) for moment in moments),
        "ctz": facts.times.zone,
        "details": details,
        "location": location,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": facts.title,
        "startdt": moments[0].strftime(long),
        "enddt": moments[1].strftime(long),
        "allday": "true" if one.all_day else "false",
        "body": details,
        "location": location,
    }
    return links | {
        "google": f"https://calendar.google.com/calendar/render?{urlencode(google)}",
        "outlook": f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook)}",
    }


def feed_path(language: str, *, kind: str = "", region: str = "", organisation: str = "") -> str:
    """Return the feed of everything public, of a kind or of a listed organisation; maybe of one region."""
    parameters = {"language": language, **({"region": region} if region else {})}
    if kind:
        path = reverse("calendar_kind", args=[kind])
    elif organisation:
        path = reverse("calendar_organisation", args=[organisation])
    else:
        path = reverse("calendar_feed")
    return f"{path}?{urlencode(parameters)}"


def absolute_feed_url(path: str) -> str:
    """Return the URL with the host, to copy."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def webcal_url(path: str) -> str:
    """Return the URL that calendar programs open by themselves."""
    return f"webcal://{urlsplit(settings.SITE_URL).netloc}{path}"
