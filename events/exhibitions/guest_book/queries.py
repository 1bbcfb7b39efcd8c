"""Querysets of guest books and their entries."""

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
from events.core.queries import public_events, seated_events_for, translated_text_expression
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.models import GuestBook, GuestEntry

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


NEEDS_HELP = Q(entries__state=EntryState.HELP, entries__cared_at=None)
WAITS = Q(entries__state=EntryState.WAITING)


def guest_book_of(event: Event) -> GuestBook | None:
    """Return the event's guest book, with `event` set to the instance passed in."""
    found = GuestBook.objects.filter(event=event).select_related("person").first()
    if found is not None:
        found.event = event
    return found


def public_guest_book(slug: str) -> GuestBook | None:
    """Return the guest book of a public event; None if there is none or it is off."""
    rows = GuestBook.objects.filter(event__in=public_events().order_by().values("pk"), event__slug=slug)
    rows = rows.exclude(mode=BookMode.OFF)
    return rows.select_related("event__organisation", "event__workspace", "event__exhibition").first()


def public_entries(book: GuestBook) -> QuerySet[GuestEntry]:
    """Return the public entries: accepted and with the visitor's consent, newest first."""
    return GuestEntry.objects.filter(book=book, state=EntryState.TAKEN, may_show=True)


def entries_of(book: GuestBook, state: EntryState) -> QuerySet[GuestEntry]:
    """Return the entries in this state: oldest first if they are pending, otherwise newest
    first."""
    rows = GuestEntry.objects.filter(book=book, state=state)
    return rows.order_by("written_at", "id") if state == EntryState.WAITING else rows


def entry_of(book: GuestBook, uuid: UUID) -> GuestEntry | None:
    found = GuestEntry.objects.filter(book=book, uuid=uuid).first()
    if found is not None:
        found.book = book
    return found


def entry_of_token(token: str) -> GuestEntry | None:
    """Return the entry of this token, or None."""
    rows = GuestEntry.objects.filter(token_hash=hash_token(token))
    return rows.select_related("book__event__exhibition", "book__event__workspace").first()


def entry_numbers(book: GuestBook) -> Counter[str]:
    """Count entries by state in one query."""
    rows = GuestEntry.objects.filter(book=book).order_by().values_list("state")
    return Counter(dict(rows.annotate(number=Count("pk"))))


def book_numbers(event: Event) -> tuple[GuestBook | None, int, int, int]:
    """Return the book and counts of entries: pending, flagged for help and not looked after yet,
    accepted. One query."""
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
    """Return the pending entries in workspaces where the user is an organiser."""
    planned = active_seats(user).filter(role__in=PLANNING_ROLES).values("workspace")
    waits = Q(state=EntryState.WAITING) | Q(state=EntryState.HELP, cared_at=None)
    return GuestEntry.objects.filter(waits, book__event__workspace__in=planned)


class WaitingCounts(TypedDict):
    """Annotations of a book: counts of entries pending and flagged for help; the title of its
    event."""

    waits: int
    help: int
    title: str


type WaitingBook = WithAnnotations[GuestBook, WaitingCounts]


def books_waiting_for(user: User, language: str) -> QuerySet[WaitingBook]:
    """Return books with pending entries that the user looks after: those that name the user, and
    those whose `person` is empty or no longer an organiser there. One query."""
    planning = active_seats().filter(role__in=PLANNING_ROLES, workspace=OuterRef("event__workspace"))
    own = Exists(active_seats(user).filter(role__in=PLANNING_ROLES, workspace=OuterRef("event__workspace")))
    named = Exists(planning.filter(person=OuterRef("person")))
    rows = GuestBook.objects.filter(own, Q(person=user) | ~named)
    rows = rows.filter(event__in=seated_events_for(user).order_by().values("pk"))
    told = rows.annotate(
        waits=Count("entries", filter=WAITS),
        help=Count("entries", filter=NEEDS_HELP),
        title=translated_text_expression(language),
    )
    return told.filter(Q(waits__gt=0) | Q(help__gt=0)).select_related("event")


def planners_of(event: Event) -> QuerySet[Seat]:
    """Return the seats of people who may look after visitors: the workspace's organisers."""
    return seats_in(event.workspace).filter(role__in=PLANNING_ROLES).order_by("person__name", "id")
