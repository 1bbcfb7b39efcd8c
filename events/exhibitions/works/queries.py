"""Querysets of exhibitions, works and screenings."""

import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from coalition.accounts.models import User
from coalition.workspaces.queries import active_seats
from documents.drafts.enums import Handling
from documents.models import StoredFile
from events.core.enums import EventKind
from events.core.models import Event, EventText
from events.core.permissions import PLANNING_ROLES
from events.core.queries import public_events, seated_events_for
from events.exhibitions.works.loans.models import ConditionReport, Loan
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.screenings.models import Screening

RESTRICTED_MARKS = frozenset({Handling.NAMED_PEOPLE, Handling.ORGANISATION})


def exhibition_of(event: Event) -> Exhibition | None:
    """Return the event's exhibition, with `event` set to the instance passed in."""
    found = Exhibition.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def works_of(event: Event) -> list[Work]:
    """Return the active works in order, with loans and condition reports: two queries."""
    rows = Work.objects.filter(exhibition__event=event, removed_at=None)
    rows = rows.select_related("exhibition", "picture", "loan", "loan__organisation")
    return list(rows.prefetch_related("conditions"))


def work_counts(event: Event, today: datetime.date) -> dict[str, int]:
    """Count active works, and works whose return was due before today: one query."""
    late = Q(loan__returned_on=None, loan__return_on__lt=today)
    rows = Work.objects.filter(exhibition__event=event, removed_at=None)
    return rows.aggregate(all=Count("pk"), late=Count("pk", filter=late))


def work_of(event: Event, uuid: UUID) -> Work | None:
    """Return an active work with its loan, reports and photographs, or None."""
    rows = Work.objects.filter(exhibition__event=event, removed_at=None, uuid=uuid)
    reports = ConditionReport.objects.prefetch_related("photos")
    rows = rows.select_related("exhibition", "picture", "loan", "loan__organisation")
    return rows.prefetch_related(Prefetch("conditions", queryset=reports)).first()


def public_exhibitions() -> QuerySet[Exhibition]:
    """Return exhibitions with a published catalogue, of public events."""
    shown = public_events().filter(kind=EventKind.EXHIBITION).order_by().values("pk")
    rows = Exhibition.objects.filter(event__in=shown, opened_at__isnull=False)
    return rows.select_related("event", "event__organisation", "event__workspace")


def public_exhibition(slug: str) -> Exhibition | None:
    """Return the exhibition of a public event, or None."""
    return public_exhibitions().filter(event__slug=slug).first()


def public_works(exhibition: Exhibition) -> list[Work]:
    """Return the works of a public exhibition that may be shown, in order: one query."""
    rows = Work.objects.filter(exhibition=exhibition, removed_at=None, show_agreed=True)
    found = list(rows.select_related("picture"))
    for one in found:
        one.exhibition = exhibition
    return found


def is_open_picture(file: StoredFile | None) -> bool:
    """Whether a file's readers and handling mark permit publication."""
    if file is None or file.deleted_at is not None or file.restricted:
        return False
    return file.handling not in RESTRICTED_MARKS


def picture_is_public(work: Work, today: datetime.date, *, everywhere: bool = False) -> bool:
    """Whether the work's picture may be public today in the catalogue or, with `everywhere`, beyond
    it."""
    reproduced = work.may_be_reproduced(today, everywhere=everywhere)
    return bool(work.drawn) and reproduced and is_open_picture(work.picture)


def screening_of(event: Event) -> Screening | None:
    """Return the film of a screening; None if it is not set."""
    return Screening.objects.filter(event=event).first()


def returns_where(user: User, *, until: datetime.date) -> QuerySet[Loan]:
    """Return loans due by a day, or overdue, in workspaces where the user is an organiser."""
    planned = active_seats(user).filter(role__in=PLANNING_ROLES).values("workspace")
    rows = Loan.objects.filter(return_on__lte=until, returned_on=None, work__removed_at=None)
    return rows.filter(work__exhibition__event__workspace__in=planned)


def returns_of(user: User, *, until: datetime.date) -> QuerySet[Loan]:
    """Return loans due by a day, or overdue, in exhibitions that the user organises: two
    queries."""
    seats = active_seats(user).filter(role__in=PLANNING_ROLES)
    planned = seats.filter(workspace=OuterRef("work__exhibition__event__workspace"))
    words = EventText.objects.defer("text", "component")
    return (
        Loan.objects.filter(Exists(planned), return_on__lte=until, returned_on=None, work__removed_at=None)
        .filter(work__exhibition__event__in=seated_events_for(user).order_by().values("pk"))
        .select_related("work__exhibition__event")
        .prefetch_related(Prefetch("work__exhibition__event__texts", queryset=words))
        .order_by("return_on", "pk")
    )
