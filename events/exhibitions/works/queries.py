"""Querysets of exhibitions, works and screenings."""

import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from coalition.accounts.models import User
from coalition.workspaces.queries import own_seats
from events.core.enums import EventKind
from events.core.models import Event, EventText
from events.core.permissions import PLANNING_ROLES
from events.core.queries import public_events, seated_events_for
from events.exhibitions.works.consent import ExhibitionGate
from events.exhibitions.works.models import Exhibition, Loan, Work


def active_works(event: Event) -> QuerySet[Work]:
    """Return the works that are not archived, in order, with their loans."""
    rows = Work.objects.filter(exhibition__event=event, removed_at=None)
    return rows.select_related("exhibition__event", "picture", "loan__organisation")


def works_of(event: Event) -> list[Work]:
    """Return the active works with loans and condition reports: two queries."""
    return list(active_works(event).prefetch_related("conditions"))


def get_work_or_404(event: Event, uuid: UUID) -> Work:
    """Return an active work with its loan, reports and photographs."""
    return get_object_or_404(active_works(event).prefetch_related("conditions__photos"), uuid=uuid)


def work_counts(event: Event, today: datetime.date) -> dict[str, int]:
    """Count active works, and works whose return was due before today: one query."""
    late = Q(loan__returned_on=None, loan__return_on__lt=today)
    return active_works(event).aggregate(all=Count("pk"), late=Count("pk", filter=late))


def public_exhibitions() -> QuerySet[Exhibition]:
    """Return exhibitions with a published catalogue, of public events."""
    shown = public_events().filter(kind=EventKind.EXHIBITION).order_by().values("pk")
    rows = Exhibition.objects.filter(event__in=shown, opened_at__isnull=False)
    return rows.select_related("event", "event__organisation", "event__workspace")


def public_works(exhibition: Exhibition) -> list[Work]:
    """Return the works of a public exhibition that may be shown on the site in the active language, in order:
    three queries. A work whose person has not agreed to exhibition and site is not among them."""
    rows = exhibition.works.filter(removed_at=None, show_agreed=True).select_related("picture")
    return ExhibitionGate(on_site=True).admit(rows)


def printable_works(event: Event, language: str) -> list[Work]:
    """Return the works that may stand in the printed catalogue of this language: three queries."""
    rows = [one for one in works_of(event) if one.show_agreed]
    return ExhibitionGate(language).admit(rows)


def returns_where(user: User, *, until: datetime.date) -> QuerySet[Loan]:
    """Return loans due by a day, or overdue, in workspaces where the user is an organiser."""
    planned = own_seats(user).filter(role__in=PLANNING_ROLES).values("workspace")
    rows = Loan.objects.filter(return_on__lte=until, returned_on=None, work__removed_at=None)
    return rows.filter(work__exhibition__event__workspace__in=planned)


def returns_of(user: User, *, until: datetime.date) -> QuerySet[Loan]:
    """Return loans due by a day, or overdue, in exhibitions that the user organises: two queries."""
    texts = EventText.objects.defer("text", "component")
    return (
        returns_where(user, until=until)
        .filter(work__exhibition__event__in=seated_events_for(user).order_by().values("pk"))
        .select_related("work__exhibition__event")
        .prefetch_related(Prefetch("work__exhibition__event__texts", queryset=texts))
        .order_by("return_on", "pk")
    )
