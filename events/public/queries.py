"""Querysets of the public pages, based on `public_events`; names only of listed partners."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import REGIONS, Organisation
from coalition.accounts.queries import public_organisations
from coalition.prepared import Prepared
from events.core.enums import Consent, EventKind, EventState
from events.core.models import CoHost, Event
from events.core.queries import prefetch_event_details, public_events

BEGUN = 100  # maximum of recurring, running or current events considered for a front page


@dataclass(frozen=True)
class EventFilter:
    """A visitor's filter: kind, region (ISO 3166-2), listed organisation (slug)."""

    kind: str = ""
    region: str = ""
    organisation: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.kind or self.region or self.organisation)


def upcoming_events(narrowing: EventFilter, now: datetime.datetime) -> QuerySet[Event]:
    """Return public events that are not over, with their times prefetched."""
    rows = public_events().filter(Q(lasts_until=None) | Q(lasts_until__gte=now))
    return with_times(filter_public_events(rows, narrowing))


def upcoming_of_draft(draft: int, now: datetime.datetime) -> list[int]:
    """Return primary keys of the public events about a text, not over and not cancelled. One query."""
    return _UPCOMING_OF_DRAFT(draft=draft, now=now)


_UPCOMING_OF_DRAFT: Prepared[int] = Prepared(
    lambda draft, now: (
        upcoming_events(EventFilter(), now)
        .exclude(state=EventState.CANCELLED)
        .filter(draft=draft)
        .values_list("pk", flat=True)
    )
)


def soonest_events(narrowing: EventFilter, now: datetime.datetime, most: int) -> QuerySet[Event]:
    """Return a superset of the next `most` events, with all their texts, without loading all.

    One that begins after the first `most` cannot be among them; one that recurs, or has begun, may be.
    """
    rows = upcoming_events(narrowing, now).exclude(state=EventState.CANCELLED)
    later = rows.filter(starts_at__gte=now, frequency="").order_by("starts_at", "pk")
    begun = rows.filter(~Q(frequency="") | Q(starts_at__lt=now)).order_by("-starts_at", "pk")
    pks = [*later.values_list("pk", flat=True)[:most], *begun.values_list("pk", flat=True)[:BEGUN]]
    return prefetch_event_details(public_events().filter(pk__in=pks))


def past_events(narrowing: EventFilter, now: datetime.datetime) -> QuerySet[Event]:
    """Return public events that are over, the last one first."""
    rows = public_events().filter(lasts_until__lt=now)
    return filter_public_events(rows, narrowing).order_by("-lasts_until", "-pk")


def with_times(events: QuerySet[Event]) -> QuerySet[Event]:
    """Prefetch hours, special days and exceptions: enough to compute when events happen."""
    return events.prefetch_related("hours", "special_days", "exceptions")


def filter_public_events(events: QuerySet[Event], narrowing: EventFilter) -> QuerySet[Event]:
    """Apply the visitor's filter. An organisation whose name is withheld yields nothing."""
    if narrowing.kind:
        events = events.filter(kind=narrowing.kind)
    if narrowing.region:
        events = events.filter(region=narrowing.region)
    if narrowing.organisation:
        listed = public_organisations().filter(slug=narrowing.organisation)
        hosted = CoHost.objects.filter(event=OuterRef("pk"), organisation__in=listed, state=Consent.CONSENTED)
        events = events.filter(Q(organisation__in=listed) | Exists(hosted))
    return events


def kinds_used() -> list[EventKind]:
    """Return the kinds of public events, in their order. One query."""
    used = set(public_events().order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in EventKind if kind in used]


def regions_used() -> list[str]:
    """Return the regions of public events, in their order. One query."""
    used = set(public_events().order_by().values_list("region", flat=True).distinct())
    return [code for code in REGIONS if code in used]


def organisations_used() -> QuerySet[Organisation]:
    """Return listed organisations that plan or host a public event. One query."""
    shown = public_events().order_by().values("pk")
    hosts = CoHost.objects.filter(state=Consent.CONSENTED, event__in=shown).values("organisation")
    plans = public_events().order_by().values("organisation")
    return public_organisations().filter(Q(pk__in=plans) | Q(pk__in=hosts))


def count_upcoming_by_region(narrowing: EventFilter, now: datetime.datetime) -> Counter[str]:
    """Count events by region, neither cancelled nor over; "": without a region. One query."""
    rows = (
        upcoming_events(narrowing, now).exclude(state=EventState.CANCELLED).order_by().values_list("region")
    )
    return Counter(dict(rows.annotate(number=Count("pk"))))
