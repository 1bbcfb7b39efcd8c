"""Content of feeds. Public ones are cached VEVENTs, one query; private ones are computed for
their person."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.core.clock import now
from coalition.core.tokens import hash_token
from events.core.enums import Consent, Visibility
from events.core.models import CoHost, Event, EventInvitation, PrivateFeed
from events.core.queries import (
    IS_ANNOUNCED,
    events_for,
    prefetch_event_details,
    public_events,
    seated_events_for,
)
from events.feeds.models import FeedVersion
from events.ical.calendar import StoredComponent

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
    kept = events.filter(texts__language=language, texts__component__gt="").order_by("starts_at", "id")
    written_at = Coalesce("texts__component_at", "changed_at")
    rows = kept.values_list("texts__component", "zone", "starts_on", written_at)
    return [StoredComponent(component, zone, starts_on.year, at) for component, zone, starts_on, at in rows]


def feed_version() -> FeedVersion | None:
    """Return the state of all public feeds; None before the first public event."""
    return FeedVersion.objects.filter(pk=1).first()


def feed_by_token(token: str) -> PrivateFeed | None:
    """Return the private feed of a token; None if it never existed, was revoked, or its person has
    left."""
    found = (
        PrivateFeed.objects.filter(token_hash=hash_token(token), revoked_at=None)
        .select_related("person")
        .first()
    )
    if found is None or not found.person.is_active or not active_memberships(found.person).exists():
        return None
    return found


def feeds_of(person: User) -> QuerySet[PrivateFeed]:
    """Return the person's active feeds."""
    return PrivateFeed.objects.filter(person=person, revoked_at=None).prefetch_related("workspaces")


def events_of_feed(feed: PrivateFeed) -> QuerySet[Event]:
    """Return what the person may see now, narrowed to their choice for this feed, prefetched for
    `facts_for`."""
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


def audiences_of(feed: PrivateFeed) -> dict[int, str]:
    """Return the person's audience by the event's primary key."""
    rows = EventInvitation.objects.filter(person=feed.person, withdrawn_at=None).exclude(audience="")
    return dict(rows.values_list("event_id", "audience"))


def _exclude_long_cancelled(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=now() - CANCELLED_RETENTION))
