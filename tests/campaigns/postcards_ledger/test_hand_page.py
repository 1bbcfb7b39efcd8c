"""The phone page of packets: plain forms, and what a phone sends late. No names leave for the phone."""

import datetime
import json
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from coalition.accounts.models import Listing
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Batch, CardDesign, CardMove, CardPacket
from coalition.campaigns.postcards.ledger.actions.packets import LONGEST_LOAN
from coalition.campaigns.postcards.ledger.forms import HINTS_OF_A_PERSON, MOST_CAPITALS
from coalition.campaigns.postcards.ledger.presenters import month_names, packet_rows
from coalition.core.clock import now
from coalition.roles import SeatRole
from tests.campaigns.postcards_ledger.builders import Cards, cards, stocks
from tests.conftest import new_client
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HTTP_UNPROCESSABLE = 422


def hand_url(design: CardDesign, part: str = "") -> str:
    return reverse(f"campaigns:card_hand{part}", args=[design.uuid])


def send(client: Client, design: CardDesign, *entries: dict[str, object], clock: float = 1000.0) -> list[str]:
    """Send entries as a phone does; return why each was refused, "" for what was written."""
    body = json.dumps({"clock": clock, "entries": entries})
    answer = client.post(hand_url(design, "_entries"), body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return [one["why"] for one in answer.json()["answers"]]


def give(batch: Batch, quantity: object = 100, **given: object) -> dict[str, object]:
    due = (site_today() + 7 * DAY).isoformat()
    entry = {"id": str(uuid4()), "act": "give", "at": 1000, "batch": str(batch.uuid), "quantity": quantity}
    return {**entry, "due": due, "mark": "", **given}


def back(packet: object, left: object = 100, *, counts: object = None, **given: object) -> dict[str, object]:
    entry = {"id": str(uuid4()), "act": "take_back", "at": 1000, "packet": str(packet), "left": left}
    return {**entry, "counts": {} if counts is None else counts, **given}


def test_without_script_a_packet_is_given_out_and_taken_back():
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    page = client.get(hand_url(made.design))
    assert page.status_code == 200
    form = page.context["give"]
    given = {"act": "give", "batch": str(batch.uuid), "quantity": 100, "mark": "green"}
    given |= {"due_on": form["due_on"].value().isoformat(), "client_id": str(form["client_id"].value())}
    assert client.post(hand_url(made.design), given).status_code == 302
    assert client.post(hand_url(made.design), given).status_code == 302
    assert stocks(batch) == {"stock": 400, "out": 100}

    page = client.get(hand_url(made.design))
    assert "Packet 1-1 (green)" in page.content.decode()
    packet = CardPacket.objects.get()
    returned = {"act": "take_back", "packet": str(packet.uuid), "left": 100, "client_id": str(uuid4())}
    client.post(hand_url(made.design), {**returned, "collected": 63, "returned": 37})
    assert stocks(batch) == {"stock": 437, "collected": 63}
    again = {**returned, "collected": 63, "returned": 37, "client_id": str(uuid4())}
    answer = client.post(hand_url(made.design), again)
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "0 of it are not accounted for now" in answer.content.decode()


def test_what_was_typed_wrongly_stays_in_its_form():
    made = cards()
    batch = made.printed(10)
    packet = made.packet(batch, 10)
    client = new_client(made.made.coordinator)
    wrong = {"act": "give", "batch": str(batch.uuid), "quantity": 77, "mark": "Aigul Testova"}
    wrong |= {"due_on": site_today().isoformat(), "client_id": str(uuid4())}
    answer = client.post(hand_url(made.design), wrong)
    assert answer.status_code == HTTP_UNPROCESSABLE
    words = answer.content.decode()
    assert "volunteers stay unnamed" in words
    assert 'value="77"' in words
    answer = client.post(hand_url(made.design), {**wrong, "mark": "green"})
    assert "Not enough cards in stock: there are 0." in answer.content.decode()
    numbers = {"act": "take_back", "packet": str(packet.uuid), "left": 10, "client_id": str(uuid4())}
    answer = client.post(hand_url(made.design), {**numbers, "collected": 11})
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert 'value="11"' in answer.content.decode()
    assert client.post(hand_url(made.design), {**numbers, "packet": "x", "collected": 1}).status_code == 404


def test_a_day_that_cannot_be_is_refused_beside_its_field():
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    page = html.document_fromstring(client.get(hand_url(made.design)).content)
    [field] = page.xpath("//*[@id='give']//input[@name='due_on']")
    assert field.get("min") == site_today().isoformat()
    assert field.get("max") == (site_today() + LONGEST_LOAN).isoformat()
    wrong = {"act": "give", "batch": str(batch.uuid), "quantity": 5, "client_id": str(uuid4())}
    answer = client.post(hand_url(made.design), {**wrong, "due_on": "2020-01-01"})
    assert answer.status_code == HTTP_UNPROCESSABLE
    [error] = html.document_fromstring(answer.content).xpath("//*[@id='id_due_on_error']")
    assert "not before they are given out" in error.text_content()


@pytest.mark.parametrize(("language", "november"), [("kk", "қараша"), ("ru", "ноября"), ("en", "November")])
def test_the_page_brings_the_names_of_months(language, november):
    with override(language):
        assert month_names()[10] == november
        packet = {"id": "p", "label": "1-1", "mark": "", "left": 5}
        packets = [{**packet, "due": due} for due in ("2026-11-28", "2027-11-28")]
        rows = packet_rows({"today": "2026-05-01", "packets": packets})
    this_year, next_year = (row.due_words for row in rows)
    assert f"28 {november}" in this_year
    assert "2026" not in this_year
    assert "2027" in next_year


def test_a_packet_shows_what_opening_it_is_for():
    made = cards()
    made.packet(made.printed())
    page = html.document_fromstring(new_client(made.made.coordinator).get(hand_url(made.design)).content)
    assert page.xpath("//section[@id='out']//summary/*[text()='Take back']")
    assert len(json.loads(page.xpath("//script[@id='hand-months']/text()")[0])) == 12


@pytest.mark.parametrize(
    ("mark", "is_taken"),
    [
        ("green dot", True),
        ("Жасыл", True),
        ("Красная наклейка 2", True),
        ("Аружан Тестова", False),
        ("8 701 222", False),
        ("aru@mail", False),
        ("x" * 21, False),
        ("a\nb", False),
    ],
)
def test_marks_name_nobody(mark, is_taken):
    made = cards()
    batch = made.printed()
    (why,) = send(new_client(made.made.coordinator), made.design, give(batch, mark=mark))
    assert (why == "") is is_taken


def test_a_phone_sends_all_of_an_afternoon_at_once():
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    given = give(batch)
    returned = back(given["id"], counts={"collected": 63, "returned": 37})
    assert send(client, made.design, given, returned) == ["", ""]
    assert send(client, made.design, given, returned) == ["", ""]
    assert stocks(batch) == {"stock": 437, "collected": 63}
    assert CardPacket.objects.get().uuid == UUID(str(given["id"]))


def test_an_entry_sent_again_with_other_numbers_is_answered_so_that_the_phone_can_enter_it_anew():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    client = new_client(made.made.coordinator)
    entry = back(packet.uuid, counts={"collected": 60})
    assert send(client, made.design, entry) == [""]
    body = json.dumps({"clock": 1000.0, "entries": [{**entry, "counts": {"collected": 63}}]})
    answer = client.post(hand_url(made.design, "_entries"), body, content_type="application/json")
    (said,) = answer.json()["answers"]
    assert "with other values" in said["why"]
    assert said["is_written"]
    assert stocks(batch)["collected"] == 60


def test_without_script_other_numbers_stay_in_the_form():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    client = new_client(made.made.coordinator)
    given = {"act": "take_back", "packet": str(packet.uuid), "left": 100, "client_id": str(uuid4())}
    assert client.post(hand_url(made.design), {**given, "collected": 60}).status_code == 302
    answer = client.post(hand_url(made.design), {**given, "collected": 63})
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert 'value="63"' in answer.content.decode()
    assert given["client_id"] not in answer.content.decode()


def test_the_page_has_the_rule_for_marks_that_the_server_checks():
    made = cards()
    made.printed()
    page = new_client(made.made.coordinator).get(hand_url(made.design)).content.decode()
    assert f'data-person="{HINTS_OF_A_PERSON.pattern}"' in unescape(page)
    assert f'data-capitals="{MOST_CAPITALS}"' in page


def test_what_is_refused_stops_nothing_else_and_comes_back_with_the_reason():
    made = cards()
    batch = made.printed(100)
    client = new_client(made.made.coordinator)
    too_many, fits = give(batch, 101), give(batch, 60)
    orphan = back(too_many["id"], 101, counts={"collected": 1})
    refused = send(client, made.design, too_many, orphan, fits)
    assert refused == [
        "Not enough cards in stock: there are 100.",
        "This packet is not known: it was not given out.",
        "",
    ]
    assert send(client, made.design, {**too_many, "quantity": 40}) == [""]
    assert stocks(batch) == {"out": 100}


def test_one_packet_on_two_phones():
    made = cards()
    batch = made.printed()
    packet = made.packet(batch)
    other = new_client(made.seated(SeatRole.EDITOR))
    entry = {"counts": {"collected": 63, "returned": 37}}
    assert send(new_client(made.made.coordinator), made.design, back(packet.uuid, **entry)) == [""]
    (why,) = send(other, made.design, back(packet.uuid, **entry))
    assert "Somebody entered packet 1-1 meanwhile" in why
    assert stocks(batch) == {"stock": 437, "collected": 63}


def test_an_entry_is_undone_from_the_phone():
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    given = give(batch)
    undo = {"id": str(uuid4()), "act": "undo", "at": 1000, "entry": given["id"]}
    assert send(client, made.design, given, undo, undo) == ["", "", ""]
    assert stocks(batch) == {"stock": 500}


def test_the_day_is_that_on_which_it_was_entered_and_never_in_the_future():
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    two_days = 2 * 24 * 3600 * 1000
    send(client, made.design, give(batch, at=1000 - two_days), give(batch, at=1000 + two_days))
    days = CardMove.objects.filter(kind="handed_out").values_list("day", flat=True)
    assert list(days) == [site_today() - 2 * DAY, site_today()]
    (why,) = send(client, made.design, give(batch, at=1000 - 10 * two_days))
    assert why == "The batch was made later than on this day."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"clock": 1}',
        b'{"clock": "x", "entries": []}',
        b'{"clock": 1, "entries": [{"id": "7", "act": "give", "at": 1}]}',
        b'{"clock": 1e400, "entries": [{"id": "' + b"0" * 32 + b'", "act": "give", "at": 1}]}',
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused_in_words(body):
    made = cards()
    client = new_client(made.made.coordinator)
    answer = client.post(hand_url(made.design, "_entries"), body, content_type="application/json")
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "cannot be read" in answer.json()["why"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": "100"},
        {"quantity": True},
        {"quantity": 10**30},
        {"quantity": None},
        {"batch": "x"},
        {"due": "tomorrow"},
        {"act": "delete"},
        {"act": "take_back", "packet": "x"},
        {"act": "undo"},
    ],
)
def test_fields_that_cannot_be_are_refused_one_by_one(wrong):
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    first, second = send(client, made.design, {**give(batch), **wrong}, give(batch))
    assert "cannot be read" in first
    assert second == ""


def test_a_packet_of_another_design_is_not_known():
    made, other = cards(), cards("other-cards")
    packet = other.packet(other.printed())
    client = new_client(made.made.coordinator)
    assert "not known" in send(client, made.design, back(packet.uuid, counts={"collected": 1}))[0]
    assert "not known" in send(client, made.design, give(packet.batch))[0]


def _canaries() -> tuple[Cards, Batch]:
    made = cards()
    hidden = OrganisationFactory(
        listing=Listing.WITHHELD, name_en="Canary withheld", name_kk="Canary kk", name_ru="Canary ru"
    )
    batch = made.printed(organisation=hidden)
    return made, batch


def test_neither_page_nor_numbers_name_organisations_or_people():
    made, batch = _canaries()
    made.packet(batch, mark="green")
    client = new_client(made.made.coordinator)
    page = client.get(hand_url(made.design)).content.decode()
    numbers = client.get(hand_url(made.design, "_state")).content.decode()
    for text in (page, numbers):
        assert "Batch 1" in text or '"number": 1' in text
        for secret in ("Canary", batch.organisation.code, made.made.coordinator.name, made.access.user.email):
            assert secret not in text


def test_contributors_see_the_batches_of_their_organisation_alone():
    made = cards()
    batch = made.printed()
    person = made.seated()
    own = made.printed(number=2, organisation=person.memberships.get().organisation)
    made.packet(batch)
    client = new_client(person)
    numbers = client.get(hand_url(made.design, "_state")).json()
    assert [one["number"] for one in numbers["batches"]] == [2]
    assert numbers["packets"] == []
    assert send(client, made.design, give(own)) == [""]
    assert "Contributors enter cards of their own organisation" in send(client, made.design, give(batch))[0]


def test_nobody_else_comes_in():
    made = cards()
    made.printed()
    reviewer = new_client(made.seated(SeatRole.REVIEWER))
    stranger = new_client(cards("other-cards").made.coordinator)
    for part in ("", "_state"):
        assert reviewer.get(hand_url(made.design, part)).status_code == 403
        assert stranger.get(hand_url(made.design, part)).status_code == 404
        assert Client().get(hand_url(made.design, part)).status_code == 302
    worker = Client().get(hand_url(made.design, "_worker"))
    assert worker["Content-Type"] == "text/javascript"
    assert made.design.slug not in worker.content.decode()


def test_the_same_queries_for_one_packet_and_for_three():
    made = cards()
    batches = [made.printed(number=number) for number in (1, 2, 3)]
    client = new_client(made.made.coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(hand_url(made.design))
        return len(found)

    made.packet(batches[0])
    queries()
    one = queries()
    for batch in batches:
        made.packet(batch)
    assert queries() == one


def test_closed_batches_are_not_offered():
    made = cards()
    batch = made.printed()
    made.packet(batch)
    Batch.objects.filter(pk=batch.pk).update(closed_at=now())
    numbers = new_client(made.made.coordinator).get(hand_url(made.design, "_state")).json()
    assert (numbers["batches"], numbers["packets"]) == ([], [])
