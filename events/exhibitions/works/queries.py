"""Works of exhibitions: the only place where lists of them come from."""

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

KEPT_AMONG_FEW = frozenset({Handling.NAMED_PEOPLE, Handling.ORGANISATION})


def exhibition_of(event: Event) -> Exhibition | None:
    """What is true of all works of the event; the event stands in it as it was given."""
    found = Exhibition.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def works_of(event: Event) -> list[Work]:
    """The works that hang, in their order, with loans and condition reports: two queries."""
    rows = Work.objects.filter(exhibition__event=event, removed_at=None)
    rows = rows.select_related("exhibition", "picture", "loan", "loan__organisation")
    return list(rows.prefetch_related("conditions"))


def work_counts(event: Event, today: datetime.date) -> dict[str, int]:
    """How many works hang, and how many should have gone back before today: one query."""
    late = Q(loan__returned_on=None, loan__return_on__lt=today)
    rows = Work.objects.filter(exhibition__event=event, removed_at=None)
    return rows.aggregate(all=Count("pk"), late=Count("pk", filter=late))


def work_of(event: Event, uuid: UUID) -> Work | None:
    """A work that hangs there, with its loan, its reports and their photographs."""
    rows = Work.objects.filter(exhibition__event=event, removed_at=None, uuid=uuid)
    reports = ConditionReport.objects.prefetch_related("photos")
    rows = rows.select_related("exhibition", "picture", "loan", "loan__organisation")
    return rows.prefetch_related(Prefetch("conditions", queryset=reports)).first()


def public_exhibitions() -> QuerySet[Exhibition]:
    """Exhibitions whose works everyone reads: opened by those who prepare them, of a public event."""
    shown = public_events().filter(kind=EventKind.EXHIBITION).order_by().values("pk")
    rows = Exhibition.objects.filter(event__in=shown, opened_at__isnull=False)
    return rows.select_related("event", "event__organisation", "event__workspace")


def public_exhibition(slug: str) -> Exhibition | None:
    """That of one public event; None if there is none."""
    return public_exhibitions().filter(event__slug=slug).first()


def public_works(exhibition: Exhibition) -> list[Work]:
    """The works of a public exhibition that may be shown, in their order: one query."""
    rows = Work.objects.filter(exhibition=exhibition, removed_at=None, show_agreed=True)
    found = list(rows.select_related("picture"))
    for one in found:
        one.exhibition = exhibition
    return found


def is_open_picture(file: StoredFile | None) -> bool:
    """Whether a file's own readers and mark let it stand before everyone."""
    if file is None or file.deleted_at is not None or file.restricted:
        return False
    return file.handling not in KEPT_AMONG_FEW


def picture_is_public(work: Work, today: datetime.date, *, everywhere: bool = False) -> bool:
    """Whether the work's picture may stand in the catalogue today or, `everywhere`, beyond it."""
    reproduced = work.may_be_reproduced(today, everywhere=everywhere)
    return bool(work.drawn) and reproduced and is_open_picture(work.picture)


def screening_of(event: Event) -> Screening | None:
    """The film of a screening; None before anybody said which."""
    return Screening.objects.filter(event=event).first()


def returns_where(user: User, *, until: datetime.date) -> QuerySet[Loan]:
    """Works that go back until a day, or should have, where the person plans."""
    planned = active_seats(user).filter(role__in=PLANNING_ROLES).values("workspace")
    rows = Loan.objects.filter(return_on__lte=until, returned_on=None, work__removed_at=None)
    return rows.filter(work__exhibition__event__workspace__in=planned)


def returns_of(user: User, *, until: datetime.date) -> QuerySet[Loan]:
    """Works that go back until a day, or should have, in exhibitions that the person plans: two queries."""
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
