"""Guest book entries for pages and paper."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext, override, pgettext

from coalition.accounts.models import Language, User
from coalition.accounts.naming import Viewer
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pdf.typeset import address_of_code, code_svg, typeset
from events.core.permissions import may_change
from events.core.printed_codes import CodeDestination
from events.core.public_pages import Area, PublicAction
from events.core.queries import public_events, text_in
from events.exhibitions.guest_book.actions import guest_book_closed_reason, may_look_after
from events.exhibitions.guest_book.models import BookMode, EntryState, GuestBook, GuestEntry
from events.exhibitions.guest_book.queries import (
    books_waiting_for,
    counted_book_of,
    entries_waiting_where,
    public_guest_books,
)


def entry_rows(book: GuestBook, entries: Page[GuestEntry], reader: object) -> list[tuple[GuestEntry, bool]]:
    """Return each entry and whether this reader may read it. Entries of authors who may need help are
    readable only for the book's `person`, as long as that person is an organiser there."""
    reads_all = book.person == reader or not may_look_after(book.person, book.event)
    return [(entry, reads_all or entry.state != EntryState.HELP) for entry in entries]


def state_tabs(address: str, numbers: Counter[str], current: EntryState) -> list[dict[str, object]]:
    labels = {
        EntryState.WAITING: pgettext("guest book entries", "Wait"),
        EntryState.TAKEN: pgettext("guest book entries", "Taken in"),
        EntryState.NOT_TAKEN: pgettext("guest book entries", "Not taken in"),
        EntryState.HELP: pgettext("guest book entries", "May need help"),
    }
    return [
        {
            "url": f"{address}?state={state}",
            "label": label,
            "count": numbers[state],
            "current": state == current,
        }
        for state, label in labels.items()
    ]


def guest_book_closed_message(why: str) -> str:
    """Return a sentence on why the book is closed; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled."),
        "over": _("The exhibition is over. Thank you to everybody who wrote."),
        "closed": _("Nobody can write into this guest book now."),
    }[why]


def guest_book_destination(target: UUID, language: str) -> CodeDestination:
    """Return the target of the printed code: the form while the book is open, then the accepted entries."""
    event = public_events().filter(uuid=target).select_related("guest_book").first()
    if event is None:
        return CodeDestination()
    with override(language):
        book = getattr(event, "guest_book", None)
        if book is None or book.mode == BookMode.OFF:
            return CodeDestination(way_on=reverse("public_event", args=[event.slug]))
        name = "guest_book" if guest_book_closed_reason(book) else "guest_book_write"
        return CodeDestination(address=reverse(name, args=[event.slug]))


def guest_book_area(event: Event, access: Access) -> Area | None:
    """Return the line on an exhibition's page, for people who may change it."""
    if event.kind != EventKind.EXHIBITION or not may_change(access, event):
        return None
    book = counted_book_of(event)
    address = reverse("events:guest_book", args=[event.uuid])
    if book is None:
        return Area(_("Guest book"), _("not open yet"), address, "quote")
    words = ngettext("%(count)d taken in", "%(count)d taken in", book.taken) % {"count": book.taken}
    if waits := book.waits:
        words = ngettext("%(count)d entry waits", "%(count)d entries wait", waits) % {"count": waits}
    if book.help:
        words = _("somebody may need help")
    return Area(_("Guest book"), words, address, "quote", warns=bool(book.help))


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
    if event.kind != EventKind.EXHIBITION or not public_guest_books().filter(event=event).exists():
        return None
    return PublicAction(_("Guest book"), reverse("guest_book", args=[event.slug]), "quote")


def guest_book_pdf(*, event: Event, entries: list[GuestEntry], language: str) -> bytes:
    """Render A4 pages, each entry in its own language; names only with the author's consent."""
    return typeset(
        "guest_book.typ",
        {
            "language": language,
            "title": text_in(event, language).title,
            "heading": _("Guest book"),
            "empty": _("Nothing was taken in."),
            "rows": [
                {
                    "language": one.language,
                    "words": one.public_words,
                    "name": one.public_name,
                    "day": day_in_words(one.written_at.astimezone(event.zone_info).date()),
                    "kept": "" if one.may_show else _("not for the public"),
                }
                for one in entries
            ],
            "foot": _("For the archive of the organisers: not every entry may be published."),
        },
        event=event,
    )


def guest_code_pdf(*, event: Event, code: str) -> bytes:
    """Render one A4 sheet in three languages with the code that leads to the form."""
    texts = []
    for one in Language.values:
        with override(one):
            texts.append(
                {
                    "language": one,
                    "title": _("Write into our guest book"),
                    "words": _("Point the camera of your phone at the square. No name is needed."),
                    "event": text_in(event, one).title,
                }
            )
    address = address_of_code(code).removeprefix("https://").removeprefix("http://")
    data = {"languages": texts, "code": code, "address": address}
    return typeset("guest_code.typ", data, {f"{code}.svg": code_svg(code)}, event=event)
