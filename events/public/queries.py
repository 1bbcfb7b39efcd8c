"""What the public pages list. Everything here comes from `public_events`; names only of listed partners."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import Organisation
from coalition.accounts.queries import public_organisations
from coalition.accounts.regions import REGIONS
from coalition.prepared import Prepared
from events.core.enums import Consent, EventKind, EventState
from events.core.models.event import Event
from events.core.models.participants import CoHost
from events.core.queries.events import public_events, with_words

BEGUN = 100  # events that come again, run or are under way, among which a front page looks


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


def upcoming_of_draft(draft: int, now: datetime.datetime) -> list[int]:
    """Primary keys of the public events about a text that are not over and not cancelled. One query."""
    return _UPCOMING_OF_DRAFT(draft=draft, now=now)


_UPCOMING_OF_DRAFT: Prepared[int] = Prepared(
    lambda draft, now: (
        upcoming(Narrowing(), now)
        .exclude(state=EventState.CANCELLED)
        .filter(draft=draft)
        .values_list("pk", flat=True)
    )
)


def soonest(narrowing: Narrowing, now: datetime.datetime, most: int) -> QuerySet[Event]:
    """Those among which the next `most` are, with all their words: not all that is to come.

    What begins later than the first `most` cannot be among them; what comes again, is under way or runs
    may be, wherever it began.
    """
    rows = upcoming(narrowing, now).exclude(state=EventState.CANCELLED)
    later = rows.filter(starts_at__gte=now, frequency="").order_by("starts_at", "pk")
    begun = rows.filter(~Q(frequency="") | Q(starts_at__lt=now)).order_by("-starts_at", "pk")
    pks = [*later.values_list("pk", flat=True)[:most], *begun.values_list("pk", flat=True)[:BEGUN]]
    return with_words(public_events().filter(pk__in=pks))


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


def by_region(narrowing: Narrowing, now: datetime.datetime) -> Counter[str]:
    """How many events that take place and are not over are in each region; "" counts those without one.

    One query.
    """
    rows = upcoming(narrowing, now).exclude(state=EventState.CANCELLED).order_by().values_list("region")
    return Counter(dict(rows.annotate(number=Count("pk"))))


def _hosted_by(listed: QuerySet[Organisation]) -> QuerySet[CoHost]:
    return CoHost.objects.filter(event=OuterRef("pk"), organisation__in=listed, state=Consent.CONSENTED)
