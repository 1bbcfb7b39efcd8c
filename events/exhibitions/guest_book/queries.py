"""Querysets of guest books and their entries."""

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats, own_seats, seats_in
from events.core.models import Event
from events.core.permissions import PLANNING_ROLES
from events.core.queries import public_events, seated_events_for, translated_text_expression
from events.exhibitions.guest_book.models import BookMode, EntryState, GuestBook, GuestEntry

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


WAITS = Count("entries", filter=Q(entries__state=EntryState.WAITING))
NEEDS_HELP = Count("entries", filter=Q(entries__state=EntryState.HELP, entries__cared_at=None))


def public_guest_books() -> QuerySet[GuestBook]:
    """Return the guest books of public events that are not off."""
    rows = GuestBook.objects.filter(event__in=public_events().order_by().values("pk"))
    rows = rows.exclude(mode=BookMode.OFF)
    return rows.select_related("event__organisation", "event__workspace", "event__exhibition")


def public_entries(book: GuestBook) -> QuerySet[GuestEntry]:
    """Return the public entries: accepted and with the visitor's consent, newest first."""
    return GuestEntry.objects.filter(book=book, state=EntryState.TAKEN, may_show=True)


def entries_of(book: GuestBook, state: EntryState) -> QuerySet[GuestEntry]:
    """Return the entries in this state: oldest first if they are pending, otherwise newest first."""
    rows = GuestEntry.objects.filter(book=book, state=state)
    return rows.order_by("written_at", "id") if state == EntryState.WAITING else rows


def entry_numbers(book: GuestBook) -> Counter[str]:
    """Count entries by state in one query."""
    rows = GuestEntry.objects.filter(book=book).order_by().values_list("state")
    return Counter(dict(rows.annotate(number=Count("pk"))))


class CountedBook(TypedDict):
    """Numbers of entries: pending, flagged for help and not looked after yet, accepted."""

    waits: int
    help: int
    taken: int


class WaitingBook(TypedDict):
    """As in `CountedBook`; `title` of the event."""

    waits: int
    help: int
    title: str


def counted_book_of(event: Event) -> "WithAnnotations[GuestBook, CountedBook] | None":
    """Return the event's book with the numbers of entries that wait (`waits`), whose author may need `help`,
    and that were accepted (`taken`). One query."""
    taken = Count("entries", filter=Q(entries__state=EntryState.TAKEN))
    return GuestBook.objects.filter(event=event).annotate(waits=WAITS, help=NEEDS_HELP, taken=taken).first()


def entries_waiting_where(user: User) -> QuerySet[GuestEntry]:
    """Return the pending entries in workspaces where the user is an organiser."""
    planned = own_seats(user).filter(role__in=PLANNING_ROLES).values("workspace")
    waits = Q(state=EntryState.WAITING) | Q(state=EntryState.HELP, cared_at=None)
    return GuestEntry.objects.filter(waits, book__event__workspace__in=planned)


def books_waiting_for(user: User, language: str) -> "QuerySet[WithAnnotations[GuestBook, WaitingBook]]":
    """Return books with pending entries that the user looks after: those that name the user, and those whose
    `person` is empty or no longer an organiser there. With `waits`, `help`, event's `title`. One query."""
    planning = active_seats().filter(role__in=PLANNING_ROLES, workspace=OuterRef("event__workspace"))
    own = Exists(own_seats(user).filter(role__in=PLANNING_ROLES, workspace=OuterRef("event__workspace")))
    named = Exists(planning.filter(person=OuterRef("person")))
    rows = GuestBook.objects.filter(own, Q(person=user) | ~named)
    rows = rows.filter(event__in=seated_events_for(user).order_by().values("pk"))
    counted = rows.annotate(waits=WAITS, help=NEEDS_HELP, title=translated_text_expression(language))
    return counted.filter(Q(waits__gt=0) | Q(help__gt=0)).select_related("event")


def planners_of(event: Event) -> QuerySet[Seat]:
    """Return the seats of people who may look after visitors: the workspace's organisers."""
    return seats_in(event.workspace).filter(role__in=PLANNING_ROLES).order_by("person__name", "id")
