"""A guest book to test with: opened, written into, decided on, by the domain's own functions."""

from uuid import uuid4

from coalition.accounts.models import Language
from events.exhibitions.guest_book.actions import decide_guest_entry, set_guest_book, write_entry
from events.exhibitions.guest_book.models import BookMode, EntryState
from events.models import Event, GuestBook, GuestEntry
from tests.events.exhibitions.works.builders import with_help
from tests.events.planning.builders import Stage
from tests.recording import recorded


@recorded
def opened(here: Stage, event: Event, person: str = "editor") -> GuestBook:
    """A book that is open, with a way to help beside it."""
    with_help(here, event)
    access = here.access("coordinator")
    return set_guest_book(access=access, event=event, mode=BookMode.OPEN, person=here.user(person))


@recorded
def written(book: GuestBook, text: str = "We were here", **more: object) -> GuestEntry:
    """An entry that waits; it may be shown with its name."""
    said = {"language": Language.EN, "name": "Aru", "town": "Almaty", "may_show": True, "may_name": True}
    return write_entry(book=book, **{"mark": uuid4(), "text": text, **said, **more})


@recorded
def taken(here: Stage, entry: GuestEntry, shown: str = "") -> GuestEntry:
    return decided(here, entry, EntryState.TAKEN, shown=shown)


@recorded
def decided(here: Stage, entry: GuestEntry, state: EntryState, *, shown: str = "") -> GuestEntry:
    seen = EntryState(GuestEntry.objects.get(pk=entry.pk).state)
    return decide_guest_entry(
        access=here.access("coordinator"), entry=entry, state=state, seen=seen, shown=shown
    )
