"""Guest book presenters: for moderators, for the public page, for printed codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import Area, PublicAction
from events.core.permissions import may_change
from events.core.printed_codes import CodeDestination
from events.core.queries import public_events
from events.core.summary import OMISSION_MARK
from events.exhibitions.guest_book.actions import guest_book_closed_reason, may_look_after
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.queries import (
    book_numbers,
    books_waiting_for,
    entries_waiting_where,
    public_guest_book,
)
from events.exhibitions.works.presenters import exhibition_support

SHAPES = {  # shapes of components/state.html
    EntryState.WAITING: "unopened",
    EntryState.TAKEN: "approved",
    EntryState.NOT_TAKEN: "abstains",
    EntryState.HELP: "objects",
}


@dataclass(frozen=True)
class EntryRow:
    """Entry for a moderator. `words`: "" if only the person who looks after its author may read
    it."""

    entry: GuestEntry
    words: str
    shown: str
    name: str
    language: str
    shape: str
    word: str
    can: frozenset[str]


@dataclass(frozen=True)
class PublicEntry:
    """Entry on the public page. `name`: "" unless the author agreed to be named."""

    words: str
    language: str
    name: str


def entry_rows(book: GuestBook, entries: Page[GuestEntry], reader: object) -> list[EntryRow]:
    """Return the rows for this reader. Entries of authors who may need help are readable only for
    the book's `person`, as long as that person is an organiser there."""
    reads_all = book.person == reader or not may_look_after(book.person, book.event)
    return [_entry_row(one, reads=reads_all or one.state != EntryState.HELP) for one in entries]


def _entry_row(entry: GuestEntry, *, reads: bool) -> EntryRow:
    state = EntryState(entry.state)
    return EntryRow(
        entry=entry,
        words=entry.text if reads else "",
        shown=entry.public_words if reads else "",
        name=", ".join(filter(None, [entry.name, entry.town])) if reads else "",
        language=str(entry.get_language_display()),
        shape=SHAPES[state],
        word=str(state.label),
        can=frozenset(one.value for one in state.next_states),
    )


def state_tabs(address: str, numbers: dict[str, int], current: EntryState) -> list[dict[str, object]]:
    labels = {
        EntryState.WAITING: pgettext("guest book entries", "Wait"),
        EntryState.TAKEN: pgettext("guest book entries", "Taken in"),
        EntryState.NOT_TAKEN: pgettext("guest book entries", "Not taken in"),
        EntryState.HELP: pgettext("guest book entries", "May need help"),
    }
    return [
        {
            "url": f"{address}?state={state.value}",
            "label": label,
            "count": numbers.get(state.value, 0),
            "current": state == current,
        }
        for state, label in labels.items()
    ]


def public_entry_rows(entries: Page[GuestEntry]) -> list[PublicEntry]:
    return [PublicEntry(one.public_words, one.language, one.public_name) for one in entries]


def guest_book_support(event: Event, language: str) -> dict[str, object]:
    """Return the quiet corner and the way to get help, displayed beside the form."""
    exhibition = getattr(event, "exhibition", None)
    return exhibition_support(exhibition, language) if exhibition is not None else {}


def guest_book_closed_message(why: str) -> str:
    """Return a sentence on why the book is closed; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled."),
        "over": _("The exhibition is over. Thank you to everybody who wrote."),
        "closed": _("Nobody can write into this guest book now."),
    }[why]


def guest_book_destination(target: UUID, language: str) -> CodeDestination:
    """Return the target of the printed code: the form while the book is open, then the accepted
    entries."""
    event = public_events().filter(uuid=target).select_related("guest_book").first()
    if event is None:
        return CodeDestination()
    with override(language):
        book = getattr(event, "guest_book", None)
        if book is None or book.mode == BookMode.OFF:
            return CodeDestination(way_on=reverse("public_event", args=[event.slug]))
        book.event = event
        return CodeDestination(
            address=reverse(
                "guest_book" if guest_book_closed_reason(book) else "guest_book_write", args=[event.slug]
            )
        )


def guest_book_area(event: Event, access: Access) -> Area | None:
    """Return the line on an exhibition's page, for people who may change it."""
    if event.kind != EventKind.EXHIBITION or not may_change(access, event):
        return None
    book, waits, needs_help, taken = book_numbers(event)
    address = reverse("events:guest_book", args=[event.uuid])
    if book is None:
        return Area(_("Guest book"), _("not open yet"), address, "quote")
    words = ngettext("%(count)d taken in", "%(count)d taken in", taken) % {"count": taken}
    if waits:
        words = ngettext("%(count)d entry waits", "%(count)d entries wait", waits) % {"count": waits}
    if needs_help:
        words = _("somebody may need help")
    return Area(_("Guest book"), words, address, "quote", warns=bool(needs_help))


def cut_hint() -> str:
    words = _("Where another person is named, put %(cut)s in the place of the passage. Change no other word.")
    return words % {"cut": OMISSION_MARK}


@only_if(entries_waiting_where)
def guests_waiting(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Visitors who may need help, and what waits in guest books: one query."""
    for book in books_waiting_for(user, get_language() or ""):
        address = reverse("events:guest_book", args=[book.event.uuid])
        if book.help:
            title, state = _("A visitor may need help"), f"?state={EntryState.HELP.value}"
            yield WaitingItem("quote", title, book.title, f"{address}{state}", _("Read"), urgent=True)
        if waits := book.waits:
            words = ngettext("%(count)d guest book entry waits", "%(count)d guest book entries wait", waits)
            yield WaitingItem("quote", words % {"count": waits}, book.title, address, _("Read"))


def guest_book_action(event: Event) -> PublicAction | None:
    """The way to what visitors wrote, and to writing."""
    if event.kind != EventKind.EXHIBITION or public_guest_book(event.slug or "") is None:
        return None
    return PublicAction(_("Guest book"), reverse("guest_book", args=[event.slug]), "quote")
