"""What the public pages list. Everything here comes from `public_events`; names only of listed partners."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.partners.models import Organisation
from coalition.partners.queries import public_organisations
from coalition.partners.regions import REGIONS
from events.enums import Consent, EventKind
from events.models import CoHost, Event
from events.queries.events import public_events


@dataclass(frozen=True)
class Narrowing:
    """What a visitor asked to see only: a kind, a region (ISO 3166-2), a listed organisation (slug)."""

    kind: str = ""
    region: str = ""
    organisation: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.kind or self.region or self.organisation)


def upcoming(narrowing: Narrowing, now: datetime.datetime) -> QuerySet[Event]:
    """Public events that are not over, with what their times are made of."""
    rows = public_events().filter(Q(lasts_until=None) | Q(lasts_until__gte=now))
    return with_times(narrowed(rows, narrowing))


def past(narrowing: Narrowing, now: datetime.datetime) -> QuerySet[Event]:
    """Public events that are over, the last one first."""
    rows = public_events().filter(lasts_until__lt=now)
    return narrowed(rows, narrowing).order_by("-lasts_until", "-pk")


def with_times(events: QuerySet[Event]) -> QuerySet[Event]:
    """The same events with hours, special days and exceptions: enough to say when they happen."""
    return events.prefetch_related("hours", "special_days", "exceptions")


def narrowed(events: QuerySet[Event], narrowing: Narrowing) -> QuerySet[Event]:
    """Those that the visitor asked for. An organisation whose name is withheld narrows to nothing."""
    if narrowing.kind:
        events = events.filter(kind=narrowing.kind)
    if narrowing.region:
        events = events.filter(region=narrowing.region)
    if narrowing.organisation:
        listed = public_organisations().filter(slug=narrowing.organisation)
        events = events.filter(Q(organisation__in=listed) | Exists(_hosted_by(listed)))
    return events


def events_of(organisation: Organisation, now: datetime.datetime) -> QuerySet[Event]:
    """Public events that a listed organisation plans or hosts and that are not over."""
    return upcoming(Narrowing(organisation=organisation.slug or "-"), now)


def kinds_used() -> list[EventKind]:
    """Kinds of which there is a public event, in their order. One query."""
    used = set(public_events().order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in EventKind if kind in used]


def regions_used() -> list[str]:
    """Regions in which there is a public event, in their order. One query."""
    used = set(public_events().order_by().values_list("region", flat=True).distinct())
    return [code for code in REGIONS if code in used]


def organisations_used() -> QuerySet[Organisation]:
    """Listed organisations that plan or host a public event. One query."""
    shown = public_events().order_by().values("pk")
    hosts = CoHost.objects.filter(state=Consent.CONSENTED, event__in=shown).values("organisation")
    plans = public_events().order_by().values("organisation")
    return public_organisations().filter(Q(pk__in=plans) | Q(pk__in=hosts))


def by_region(events: Iterable[Event]) -> Counter[str]:
    """How many of the events are in each region; "" counts those without one."""
    return Counter(event.region for event in events)


def _hosted_by(listed: QuerySet[Organisation]) -> QuerySet[CoHost]:
    return CoHost.objects.filter(event=OuterRef("pk"), organisation__in=listed, state=Consent.CONSENTED)
