"""What visitors wrote reaches everyone only as far as they agreed and moderators took it in."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import Language
from coalition.workspaces.permissions import NotAllowed
from events.exhibitions.guest_book.actions import decide_guest_entry, look_after, set_guest_book
from events.exhibitions.guest_book.models import BookMode, EntryState
from events.models import GuestEntry
from tests.events.exhibitions.guest_book.builders import decided, opened, taken, written
from tests.events.planning.builders import exhibition, stage
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HELP, TAKEN, NOT_TAKEN, WAITING = (
    EntryState.HELP,
    EntryState.TAKEN,
    EntryState.NOT_TAKEN,
    EntryState.WAITING,
)


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return exhibition(here.access("coordinator"))


@pytest.fixture
def book(here, event):
    return opened(here, event)


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def public(event, name: str = "guest_book", language: str = "en") -> str:
    with override(language):
        return reverse(name, args=[event.slug])


SECRETS = {
    "Canarywaits": {},
    "Canarynottaken": {},
    "Canaryhelp": {},
    "Canaryinside": {"may_show": False},
    "Wordsshown": {"name": "Canaryname", "town": "Canarytown", "may_name": False},
    "Wordsnamed": {"name": "Canaryunder", "may_show": False, "may_name": True},
}


@pytest.mark.parametrize("who", ["anonymous", "outsider", "observer", "reviewer", "contributor"])
def test_what_is_not_for_them_reaches_nobody(client, client_of, here, event, book, who) -> None:
    entries = {text: written(book, text, **more) for text, more in SECRETS.items()}
    decided(here, entries["Canarynottaken"], NOT_TAKEN)
    decided(here, entries["Canaryhelp"], HELP)
    for text in ("Canaryinside", "Wordsshown", "Wordsnamed"):
        taken(here, entries[text])
    if who == "outsider":
        client = client_of(MembershipFactory().person)
    elif who != "anonymous":
        client = client_of(here.user(who))
    entry = entries["Canarywaits"]
    desk = [
        at(name, event) for name in ("guest_book", "guest_book_terms", "guest_book_pdf", "guest_book_code")
    ]
    desk += [f"{at('guest_book', event)}?state={state}" for state in ("taken", "not_taken", "help")]
    desk += [at(name, event, entry.uuid) for name in ("guest_entry", "guest_entry_cared")]
    desk.append(at("guest_entry_undo", event, entry.uuid, "waiting"))
    names = ("guest_book", "guest_book_write", "public_event")
    site = [public(event, name, code) for name in names for code in Language.values]
    site += [event.get_absolute_url(), "/en/events/", "/sitemap.xml"]
    site += ["/calendar.ics", f"/calendar/events/{event.uuid}.ics"]
    for path in [*desk, *site]:
        for answer in (client.get(path), client.post(path, {"state": "taken", "seen": "waiting"})):
            told = b"".join(answer) if answer.streaming else answer.content
            assert "canary" not in told.decode(errors="replace").lower(), path
    assert "Wordsshown" in Client().get(public(event)).content.decode()
    assert GuestEntry.objects.get(pk=entry.pk).state == WAITING
    if who in {"observer", "reviewer", "contributor"}:
        access = here.access(who)
        with pytest.raises(NotAllowed):
            decide_guest_entry(access=access, entry=entry, state=TAKEN, seen=WAITING)
        with pytest.raises(NotAllowed):
            look_after(access=access, entry=entries["Canaryhelp"])
        with pytest.raises(NotAllowed):
            set_guest_book(access=access, event=event, mode=BookMode.OFF, person=here.user())
