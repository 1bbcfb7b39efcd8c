"""Guest books and what visitors wrote: the only place where they come from."""

from collections import Counter
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.core.tokens import hash_token
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats, seats_in
from events.core.models import Event
from events.core.permissions import PLANNING_ROLES
from events.core.queries import public_events, seated_events_for, told_in
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.models import GuestBook, GuestEntry

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

NEEDS_HELP = Q(entries__state=EntryState.HELP, entries__cared_at=None)
WAITS = Q(entries__state=EntryState.WAITING)


def guest_book_of(event: Event) -> GuestBook | None:
    """The event's; the event stands in it as it was given."""
    found = GuestBook.objects.filter(event=event).select_related("person").first()
    if found is not None:
        found.event = event
    return found


def public_guest_book(slug: str) -> GuestBook | None:
    """That of a public event, unless it is off; None if there is none."""
    rows = GuestBook.objects.filter(event__in=public_events().order_by().values("pk"), event__slug=slug)
    rows = rows.exclude(mode=BookMode.OFF)
    return rows.select_related("event__organisation", "event__workspace", "event__exhibition").first()


def public_entries(book: GuestBook) -> QuerySet[GuestEntry]:
    """What everyone reads: taken in, and with the visitor's consent. Newest first."""
    return GuestEntry.objects.filter(book=book, state=EntryState.TAKEN, may_show=True)


def entries_of(book: GuestBook, state: EntryState) -> QuerySet[GuestEntry]:
    """What stands there: the oldest first where somebody waits, else the newest."""
    rows = GuestEntry.objects.filter(book=book, state=state)
    return rows.order_by("written_at", "id") if state == EntryState.WAITING else rows


def entry_of(book: GuestBook, uuid: UUID) -> GuestEntry | None:
    found = GuestEntry.objects.filter(book=book, uuid=uuid).first()
    if found is not None:
        found.book = book
    return found


def entry_of_token(token: str) -> GuestEntry | None:
    """Whose link it is; None if nobody's."""
    rows = GuestEntry.objects.filter(token_hash=hash_token(token))
    return rows.select_related("book__event__exhibition", "book__event__workspace").first()


def entry_numbers(book: GuestBook) -> Counter[str]:
    """How many entries stand in which state. One query."""
    rows = GuestEntry.objects.filter(book=book).order_by().values_list("state")
    return Counter(dict(rows.annotate(number=Count("pk"))))


def book_numbers(event: Event) -> tuple[GuestBook | None, int, int, int]:
    """The book; how many wait, may need help and nobody looks after them yet, are taken in. One query."""
    found = GuestBook.objects.filter(event=event).annotate(
        waits=Count("entries", filter=WAITS),
        help=Count("entries", filter=NEEDS_HELP),
        taken=Count("entries", filter=Q(entries__state=EntryState.TAKEN)),
    )
    book = found.first()
    if book is None:
        return None, 0, 0, 0
    book.event = event
    return book, book.waits, book.help, book.taken


def entries_waiting_where(user: User) -> QuerySet[GuestEntry]:
    """What waits in books where the person plans, whoever looks after them."""
    planned = active_seats(user).filter(role__in=PLANNING_ROLES).values("workspace")
    waits = Q(state=EntryState.WAITING) | Q(state=EntryState.HELP, cared_at=None)
    return GuestEntry.objects.filter(waits, book__event__workspace__in=planned)


class Waits(TypedDict):
    """Of a book: how many entries wait, how many of visitors who may need help; the title of its event."""

    waits: int
    help: int
    title: str


type WaitingBook = WithAnnotations[GuestBook, Waits]


def books_waiting_for(user: User, language: str) -> QuerySet[WaitingBook]:
    """Books that the person looks after and in which something waits: those that name the person, and those
    whose person is none or plans there no more. One query."""
    planning = active_seats().filter(role__in=PLANNING_ROLES, workspace=OuterRef("event__workspace"))
    own = Exists(active_seats(user).filter(role__in=PLANNING_ROLES, workspace=OuterRef("event__workspace")))
    named = Exists(planning.filter(person=OuterRef("person")))
    rows = GuestBook.objects.filter(own, Q(person=user) | ~named)
    rows = rows.filter(event__in=seated_events_for(user).order_by().values("pk"))
    told = rows.annotate(
        waits=Count("entries", filter=WAITS),
        help=Count("entries", filter=NEEDS_HELP),
        title=told_in(language),
    )
    return told.filter(Q(waits__gt=0) | Q(help__gt=0)).select_related("event")


def planners_of(event: Event) -> QuerySet[Seat]:
    """Seats of who may look after visitors: people who plan in the workspace."""
    return seats_in(event.workspace).filter(role__in=PLANNING_ROLES).order_by("person__name", "id")
