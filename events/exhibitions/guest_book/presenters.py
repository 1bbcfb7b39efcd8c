"""Guest books: at the desk, in public, behind a printed code."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from coalition.workspaces.permissions import Access
from events.core.area import Area
from events.core.enums import EventKind
from events.core.excerpts import CUT
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import Leads
from events.core.queries import public_events
from events.exhibitions.guest_book.actions import may_look_after, why_closed
from events.exhibitions.guest_book.enums import BookMode, EntryState
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.guest_book.queries import book_numbers
from events.exhibitions.works.presenters import beside

SHAPES = {  # of components/state.html
    EntryState.WAITING: "unopened",
    EntryState.TAKEN: "approved",
    EntryState.NOT_TAKEN: "abstains",
    EntryState.HELP: "objects",
}


@dataclass(frozen=True)
class EntryRow:
    """One entry for a moderator. `words`: "" where only who looks after its writer reads it."""

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
    """One entry for everyone. `name`: "" unless the writer wanted it."""

    words: str
    language: str
    name: str


def entry_rows(book: GuestBook, entries: Page[GuestEntry], reader: object) -> list[EntryRow]:
    """The rows for this reader. Who may need help is read by the person of the book alone, as long as there
    is one that plans there."""
    reads_all = book.person == reader or not may_look_after(book.person, book.event)
    return [_row(one, reads=reads_all or one.state != EntryState.HELP) for one in entries]


def _row(entry: GuestEntry, *, reads: bool) -> EntryRow:
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


def public_rows(entries: Page[GuestEntry]) -> list[PublicEntry]:
    return [PublicEntry(one.public_words, one.language, one.public_name) for one in entries]


def beside_book(event: Event, language: str) -> dict[str, object]:
    """The quiet corner and the way to help, beside the form."""
    exhibition = getattr(event, "exhibition", None)
    return beside(exhibition, language) if exhibition is not None else {}


def closed_words(why: str) -> str:
    """Why nobody can write now, as a sentence; "" while one can."""
    return {
        "": "",
        "cancelled": _("The event is cancelled."),
        "over": _("The exhibition is over. Thank you to everybody who wrote."),
        "closed": _("Nobody can write into this guest book now."),
    }[why]


def leads_to(target: UUID, language: str) -> Leads:
    """Where the printed code leads: to the form while one can write, then to what was taken in."""
    event = public_events().filter(uuid=target).select_related("guest_book").first()
    if event is None:
        return Leads()
    with override(language):
        book = getattr(event, "guest_book", None)
        if book is None or book.mode == BookMode.OFF:
            return Leads(way_on=reverse("public_event", args=[event.slug]))
        book.event = event
        return Leads(
            address=reverse("guest_book" if why_closed(book) else "guest_book_write", args=[event.slug])
        )


def guest_book_area(event: Event, access: Access) -> Area | None:
    """The line of an exhibition for who may change it."""
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
    return words % {"cut": CUT}
