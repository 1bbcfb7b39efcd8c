"""The guest book: written in public, decided on by moderators, taken back, forgotten; and who reads what."""

from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import Language
from coalition.core import throttling
from coalition.core.errors import Refused
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event
from events.core.printed_codes import code_for
from events.exhibitions.guest_book.actions import (
    CODE_KIND,
    decide_guest_entry,
    forget_guests,
    guest_entry_token,
    set_guest_book,
)
from events.exhibitions.guest_book.models import BookMode, EntryState
from events.exhibitions.guest_book.presenters import guests_waiting
from events.exhibitions.guest_book.views import GuestEntryFormView
from events.exhibitions.works.actions import set_quiet_corner
from events.models import GuestEntry
from tests.desk import on_desk
from tests.events.exhibitions.guest_book.builders import decided, opened, taken, written
from tests.events.planning.builders import announced, exhibition, stage
from tests.poppler import pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"
HELP, TAKEN, NOT_TAKEN, WAITING = (
    EntryState.HELP,
    EntryState.TAKEN,
    EntryState.NOT_TAKEN,
    EntryState.WAITING,
)


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel("2026-03-12 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        return exhibition(here.access("coordinator"))


@pytest.fixture
def book(here, event):
    return opened(here, event)


@pytest.fixture
def client():
    """A visitor's phone, in English."""
    return Client(headers={"accept-language": "en"})


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def public(event, name: str = "guest_book", language: str = "en") -> str:
    with override(language):
        return reverse(name, args=[event.slug])


def sent(**more: object) -> dict[str, object]:
    said = {"mark": str(uuid4()), "text": "Көп рақмет\r\n\r\n\r\n\r\nБәріңізге", "language": "kk"}
    return {**said, "name": "Әсел", "town": "Шымкент", "may_show": "on", "may_name": "on", **more}


def own(entry: GuestEntry) -> str:
    return reverse("own_guest_entry", args=[guest_entry_token(entry)])


def test_a_visitor_writes_a_moderator_takes_it_in_everyone_reads_it(
    client, client_of, here, event, book
) -> None:
    page = client.get(public(event, "guest_book_write"))
    assert "A psychologist is here" in page.content.decode()
    assert "checked" not in page.content.decode()  # nothing is agreed to unless the visitor does
    said = sent()
    for _twice in range(2):
        answer = client.post(public(event, "guest_book_write"), said)
        assert answer.status_code == 302
    entry = GuestEntry.objects.get()
    assert (entry.text, entry.state) == ("Көп рақмет\n\nБәріңізге", WAITING)
    shown = client.get(answer["Location"])
    assert shown["X-Robots-Tag"] == "noindex"
    assert own(entry) in shown.content.decode()
    assert own(entry) not in client.get(own(entry)).content.decode()  # the address is told once
    assert "Көп рақмет" not in client.get(public(event)).content.decode()
    editor = client_of(here.user())
    assert "Көп рақмет" in editor.get(at("guest_book", event)).content.decode()
    editor.post(at("guest_entry", event, entry.uuid), {"state": "taken", "seen": "waiting"})
    page = client.get(public(event, language="ru")).content.decode()
    assert '<blockquote lang="kk"><p>Көп рақмет</p>' in page
    assert "Әсел, Шымкент" in page
    assert public(event) in client.get(public(event, "public_event")).content.decode()
    assert public(event, language="kk") in client.get(own(entry)).content.decode()
    editor.post(at("guest_entry_undo", event, entry.uuid, "taken"))  # undo
    assert "Көп рақмет" not in client.get(public(event)).content.decode()


def test_a_visitor_takes_the_words_back_wherever_they_stand(client, here, event, book) -> None:
    entry = taken(here, written(book, "Canaryback"))
    assert "Canaryback" in client.get(public(event)).content.decode()
    client.get(own(entry))
    assert GuestEntry.objects.exists()  # the GET shows, the POST acts
    assert "deleted" in client.post(own(entry), {"act": "withdraw"}).content.decode()
    assert "Canaryback" not in client.get(public(event)).content.decode()
    assert not GuestEntry.objects.exists()
    assert client.get(own(entry), follow=True).status_code == 404
    with pytest.raises(Refused, match="not there any more"):
        decide_guest_entry(access=here.access(), entry=entry, state=NOT_TAKEN, seen=TAKEN)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", " \u200b\u202e\n "),
        ("text", "я" * 601),
        ("name", "A\r\nBcc: all@other.example"),
        ("name", "A\u202eB"),
        ("town", "see https://spam.example"),
        ("town", "x\x07"),
        ("name", "x" * 81),
        ("language", "de"),
        ("mark", "no-id"),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(client, event, book, field, value) -> None:
    typed = {"text": "Kept words", "name": "Kept name", "town": "Kept town"}
    answer = client.post(public(event, "guest_book_write"), sent(**typed) | {field: value})
    assert answer.status_code == 422
    for other in typed.keys() - {field}:
        assert typed[other] in answer.content.decode()
    assert not GuestEntry.objects.exists()


def test_signs_that_turn_the_writing_are_taken_out_and_600_fit(client, event, book) -> None:
    client.post(public(event, "guest_book_write"), sent(text="a\u202eb\x00".replace("\x00", "") + "я" * 598))
    assert GuestEntry.objects.get().text == "ab" + "я" * 598


def test_strangers_have_limits(client, event, book, monkeypatch) -> None:
    monkeypatch.setattr(GuestEntryFormView, "most_from_one_place", 2)
    answers = [client.post(public(event, "guest_book_write"), sent(text=f"Word {one}")) for one in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "Word 2" in answers[2].content.decode()
    cache.clear()
    monkeypatch.setattr(throttling, "MOST_AN_HOUR", 2)
    answer = client.post(public(event, "guest_book_write"), sent(text="Word 3"))
    assert answer.status_code == 429
    assert "Word 3" in answer.content.decode()


@pytest.mark.parametrize("how", ["read", "cancelled", "over"])
def test_after_the_end_nobody_writes_nothing_is_lost_and_what_was_taken_in_stays(
    client, here, event, book, how
) -> None:
    taken(here, written(book, "Stays to be read"))
    moment = "2026-05-15 06:00Z" if how == "over" else "2026-03-13 06:00Z"
    if how == "read":
        set_guest_book(access=here.access(), event=event, mode=BookMode.READ, person=here.user())
    elif how == "cancelled":
        cancel_event(access=here.access(), event=event)
    with time_machine.travel(moment):
        assert 'name="text"' not in client.get(public(event, "guest_book_write")).content.decode()
        answer = client.post(public(event, "guest_book_write"), sent(text="Too late"))
        assert answer.status_code == 409
        assert "Too late" in answer.content.decode()
        page = client.get(public(event)).content.decode()
        assert "Stays to be read" in page
        assert "/write/" not in page


def test_a_book_that_is_off_or_of_an_event_that_is_not_public_is_not_there(client, here, event, book) -> None:
    entry = taken(here, written(book, "Canaryoff"))
    code = f"/q/{code_for(CODE_KIND, event.uuid)}"
    assert client.get(code)["Location"] == public(event, "guest_book_write")
    set_guest_book(access=here.access(), event=event, mode=BookMode.READ, person=here.user())
    assert client.get(code)["Location"] == public(event)
    set_guest_book(access=here.access(), event=event, mode=BookMode.OFF, person=here.user())
    assert client.get(code).status_code == 410
    for name in ("guest_book", "guest_book_write"):
        assert client.get(public(event, name)).status_code == 404
    assert "/guest-book/" not in client.get(public(event, "public_event")).content.decode()
    assert "/guest-book/" not in client.get(own(entry)).content.decode()
    set_guest_book(access=here.access(), event=event, mode=BookMode.OPEN, person=here.user())
    event.handling = Handling.WORKSPACE
    event.save()
    assert client.get(public(event)).status_code == 404
    assert client.get(code).status_code == 410
    assert "Exhibition" not in client.get(own(entry)).content.decode()  # nor its title


def test_a_third_person_can_only_be_cut_out(client, client_of, here, event, book) -> None:
    entry = written(book, "My boss Ivan did it")
    editor, path = client_of(here.user()), at("guest_entry", event, entry.uuid)
    editor.post(path, {"state": "taken", "seen": "waiting", "shown": "My boss did it"})
    assert GuestEntry.objects.get().state == WAITING
    editor.post(path, {"state": "taken", "seen": "waiting", "shown": "My boss […] did it"})
    page = client.get(public(event)).content.decode()
    assert "My boss […] did it" in page
    assert "Ivan" not in page
    assert "Ivan" in editor.get(f"{at('guest_book', event)}?state=taken").content.decode()


def test_who_may_need_help_is_for_the_person_named_and_never_public(
    client, client_of, here, event, book
) -> None:
    entry = decided(here, written(book, "Canaryhelp", name="Canaryname"), HELP)
    wait = on_desk(guests_waiting, here.user())
    assert [(one.urgent, str(one.title)) for one in wait] == [(True, "A visitor may need help")]
    assert on_desk(guests_waiting, here.user("coordinator")) == []
    path = f"{at('guest_book', event)}?state=help"
    assert "Canaryhelp" in client_of(here.user()).get(path).content.decode()
    theirs = client_of(here.user("coordinator")).get(path).content.decode()
    assert "canary" not in theirs.lower()
    with pytest.raises(Refused, match="decided meanwhile"):
        decide_guest_entry(access=here.access(), entry=entry, state=TAKEN, seen=HELP)
    with pytest.raises(Refused, match="decided meanwhile"):  # a page that was open before the mark
        decide_guest_entry(access=here.access(), entry=entry, state=TAKEN, seen=WAITING)
    assert "Canaryhelp" not in client.get(public(event)).content.decode()
    client_of(here.user()).post(at("guest_entry_cared", event, entry.uuid))
    assert on_desk(guests_waiting, here.user()) == []


def test_where_the_person_named_plans_no_more_the_others_read_it(client_of, here, event, book) -> None:
    decided(here, written(book, "Canaryhelp"), HELP)
    seat = here.seats["editor"]
    seat.role = "observer"
    seat.save()
    other = here.user("coordinator")
    assert [one.urgent for one in on_desk(guests_waiting, other)] == [True]
    assert "Canaryhelp" in client_of(other).get(f"{at('guest_book', event)}?state=help").content.decode()
    observer = here.user()
    assert on_desk(guests_waiting, observer) == []


def test_a_book_needs_a_way_to_help_and_a_person_who_plans(client_of, here, event) -> None:
    client, said = client_of(here.user()), {"mode": "open", "person": str(here.user().uuid)}
    assert client.get(at("guest_book", event))["Location"] == at("guest_book_terms", event)
    answer = client.post(at("guest_book_terms", event), said)
    assert answer.status_code == 422
    assert "how visitors get help" in answer.content.decode()
    set_quiet_corner(access=here.access(), event=event, quiet_corner={}, help_words={"kk": "Психолог"})
    observer = str(here.user("observer").uuid)
    assert client.post(at("guest_book_terms", event), said | {"person": observer}).status_code == 422
    with pytest.raises(Refused, match="another one"):
        set_guest_book(access=here.access(), event=event, mode=BookMode.OPEN, person=here.user("observer"))
    assert client.post(at("guest_book_terms", event), said).status_code == 302
    other = announced(here.access("coordinator"))
    assert client.get(at("guest_book_terms", other)).status_code == 404
    with pytest.raises(Refused, match="Exhibitions"):
        set_guest_book(access=here.access(), event=other, mode=BookMode.OPEN, person=here.user())


def test_an_entry_of_another_event_is_not_there(client_of, here, event, book) -> None:
    other = opened(here, exhibition(here.access("coordinator"), title="Other"))
    entry = written(other)
    client = client_of(here.user())
    for name, more in (("guest_entry", ()), ("guest_entry_undo", ("taken",)), ("guest_entry_cared", ())):
        assert client.post(at(name, event, entry.uuid, *more), {"state": "taken"}).status_code == 404
    assert GuestEntry.objects.get().state == WAITING


def test_public_pages_hold_twenty_the_newest_first(client, here, event, book) -> None:
    for number in range(21):
        with time_machine.travel(f"2026-03-12 07:{number:02}Z", tick=False):
            taken(here, written(book, f"Number-{number:02}"))
    page = client.get(public(event)).content.decode()
    assert page.index("Number-20") < page.index("Number-19")
    assert "Number-00" not in page
    assert "Number-00" in client.get(f"{public(event)}?page=2").content.decode()


def test_pages_cost_the_same_for_one_as_for_three(client, client_of, here, event, book) -> None:
    editor, counts = client_of(here.user()), []
    for number in (1, 2):
        for one in range(number):
            taken(here, written(book, f"Taken {number}{one}"))
            written(book, f"Waits {number}{one}")
            decided(here, written(book, f"Help {number}{one}"), HELP)
        found = []
        for asks, path in [
            (client, public(event)),
            *((editor, f"{at('guest_book', event)}?state={state}") for state in ("waiting", "taken", "help")),
            (editor, "/workspaces/"),
        ]:
            asks.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert asks.get(path).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_words_are_sealed_and_forgotten_unless_their_writer_wanted_them_shown(here, event, book) -> None:
    taken(here, written(book, "Sealedshown", name="Sealedkept", town=""))
    taken(here, written(book, "Sealedquiet", name="Sealedname", may_name=False))
    taken(here, written(book, "Sealedinside", name="Sealedname", may_show=False))
    decided(here, written(book, "Sealednot"), NOT_TAKEN)
    decided(here, written(book, "Sealedhelp"), HELP)
    written(book, "Sealedwaits")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_guestentry")
        assert "Sealed" not in repr(cursor.fetchall())
    with time_machine.travel("2026-07-20 06:00Z"):
        forget_guests()
        assert GuestEntry.objects.count() == 6
    with time_machine.travel("2026-07-31 06:00Z"):  # open until 30 April
        forget_guests()
    kept = {(one.text, one.name) for one in GuestEntry.objects.all()}
    assert kept == {("Sealedshown", "Sealedkept"), ("Sealedquiet", ""), ("Sealedinside", "")}


@reads_pdf
def test_papers_have_every_kazakh_letter_and_only_what_was_taken_in(
    client_of, here, event, book, tmp_path
) -> None:
    taken(here, written(book, LETTERS, language=Language.KK, name="Insidename", may_name=False))
    taken(here, written(book, "Only inside", may_show=False))
    written(book, "Canarywaits")
    decided(here, written(book, "Canaryhelp"), HELP)
    client, told = client_of(here.user()), {}
    for name in ("guest_book_pdf", "guest_book_code"):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(client.get(at(name, event)).content)
        told[name] = pdf_text(path, "-layout")
    for letter in LETTERS.replace(" ", ""):
        assert letter in told["guest_book_pdf"]
    assert "Only inside" in told["guest_book_pdf"]
    assert "not for the public" in told["guest_book_pdf"]
    assert "Canary" not in told["guest_book_pdf"]
    assert "Insidename" not in told["guest_book_pdf"]
    assert f"/q/{code_for(CODE_KIND, event.uuid)}" in told["guest_book_code"]
