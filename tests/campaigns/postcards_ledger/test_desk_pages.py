"""Pages of the ledger: what each role sees and does, blind counts, receipts, the table, the dashboard."""

import datetime
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from coalition.accounts.models import Listing
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Batch, CardDelivery, CardMove, CardPacket, ReferralDay
from coalition.campaigns.postcards.ledger import dashboard
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.deliveries import deliver_cards
from coalition.campaigns.postcards.ledger.queries import public_deliveries
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from documents.drafts.models import Handling
from documents.files.models import StoredFile
from tests.campaigns.postcards_ledger.builders import Cards, cards, stocks
from tests.campaigns.postcards_ledger.test_deliveries import delivery, text_file
from tests.campaigns.postcards_ledger.test_hand_page import HTTP_UNPROCESSABLE
from tests.conftest import new_client
from tests.desk import on_desk
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def address(name: str, *things: object) -> str:
    return reverse(f"campaigns:card_{name}", args=[getattr(one, "uuid", one) for one in things])


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def query_count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_a_batch_is_printed_lost_and_put_right_at_the_desk():
    made = cards()
    batch = made.batch()
    client = new_client(made.made.coordinator)
    url = address("batch", batch)
    printed = {"act": "printed", "printed-quantity": 500, "printed-day": site_today().isoformat()}
    printed |= {"printed-client_id": str(uuid4()), "printed-note": "Press of the canary"}
    assert client.post(url, printed).status_code == 302
    lost = {"act": "lost", "lost-quantity": 9, "lost-day": site_today().isoformat(), "lost-source": "stock"}
    lost |= {"lost-client_id": str(uuid4())}
    assert client.post(url, lost).status_code == 302
    move = CardMove.objects.get(kind="lost")
    client.post(address("move_undo", batch, move))
    assert stocks(batch) == {"stock": 500}
    page = text_of(client, url)
    assert "Press of the canary" in page
    assert "Undone: Lost: In stock" in page
    too_many = {**lost, "lost-quantity": 501, "lost-client_id": str(uuid4())}
    answer = client.post(url, too_many)
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "Not enough cards in stock: there are 500." in answer.content.decode()
    assert client.post(address("batch_close", batch)).status_code == 302
    assert "Up to a tenth more" not in text_of(client, url)


def test_a_form_sent_again_with_other_numbers_stays_filled_in_and_can_be_sent_as_a_new_entry():
    made = cards()
    batch = made.batch()
    client = new_client(made.made.coordinator)
    url = address("batch", batch)
    printed = {"act": "printed", "printed-quantity": 300, "printed-day": site_today().isoformat()}
    printed |= {"printed-client_id": str(uuid4()), "printed-note": ""}
    for _twice in range(2):
        assert client.post(url, printed).status_code == 302
    answer = client.post(url, {**printed, "printed-quantity": 200})
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "with other values" in answer.content.decode()
    assert stocks(batch) == {"stock": 300}
    form = answer.context["printed"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, {"act": "printed", **{f"printed-{name}": v for name, v in again.items()}})
    assert stocks(batch) == {"stock": 500}


def test_the_second_person_does_not_see_the_first_number():
    made = cards()
    batch = made.collected(59, 41)
    count_cards(access=made.access, batch=batch, number=1, count=57)
    second = new_client(made.seated())
    pages = [address("count", batch), address("batch", batch), address("ledger", made.design)]
    for url in pages:
        assert "57" not in re.sub(r"<[^>]+>", " ", text_of(second, url)), url
    assert "not shown yet" in text_of(second, pages[0])
    assert "You counted 57" in text_of(new_client(made.made.coordinator), pages[0])


def test_two_count_at_the_desk_and_a_third_cannot_change_it():
    made = cards()
    batch = made.collected()
    people = [new_client(made.made.coordinator), new_client(made.seated()), new_client(made.seated())]
    url = address("count", batch)
    given = {"number": 1, "count": 63, "method": "at_hand"}
    for client in people[:2]:
        assert client.post(url, given).status_code == 302
    answer = people[2].post(url, {**given, "count": 64})
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "It cannot be changed." in answer.content.decode()
    assert stocks(batch)["counted"] == 63
    assert "63 cards" in text_of(people[2], url)


def test_a_third_person_gets_no_form_and_no_number_of_two_who_differ():
    made = cards()
    batch = made.collected(59, 41)
    first, second = made.other(), made.other()
    for access, count in ((first, 57), (second, 58)):
        count_cards(access=access, batch=batch, number=1, count=count)
    for person in (made.seated(), made.made.coordinator):
        page = text_of(new_client(person), address("count", batch))
        assert "Two people are counting this already. They settle the difference." in page
        assert 'name="count"' not in page
        assert not re.search(r"\b5[78]\b", re.sub(r"<[^>]+>", " ", page))
    both = f"Take both counts back: {first.organisation.name_en}, {second.organisation.name_en}"
    assert both in " ".join(page.split())


def test_what_is_not_counted_yet_is_said_and_without_it_there_is_no_form():
    made = cards()
    batch = made.collected()
    people = made.access, made.other()
    client = new_client(made.made.coordinator)
    assert "not counted yet" not in text_of(client, address("count", batch))
    for access in people:
        count_cards(access=access, batch=batch, number=1, count=60)
    page = text_of(client, address("count", batch))
    assert "3 cards are not counted yet." in page
    assert 'name="count"' in page
    for access in people:
        count_cards(access=access, batch=batch, number=2, count=3)
    assert 'name="count"' not in text_of(client, address("count", batch))


def test_cards_counted_by_telephone_are_marked_in_the_panel_and_in_the_ledger():
    made = cards()
    at_hand, read_out = made.counted(), made.read_back(number=2)
    client = new_client(made.made.coordinator)
    for name in ("count", "batch"):
        assert "read back by telephone" not in text_of(client, address(name, at_hand))
        assert "read back by telephone" in text_of(client, address(name, read_out))


def test_a_difference_is_shown_once_both_have_counted():
    made = cards()
    batch = made.collected()
    second = made.seated()
    count_cards(access=made.access, batch=batch, number=1, count=63)
    client = new_client(second)
    given = {"number": 1, "count": 61, "method": "at_hand"}
    page = client.post(address("count", batch), given, follow=True).content.decode()
    assert "Count again, each for yourself." in page
    assert "A second person counts now" not in page
    assert "The two counts differ. Nothing is counted" in page
    assert "<b>63</b>" in page
    client.post(address("count_undo", batch))
    assert "<b>63</b>" not in text_of(client, address("count", batch))


def test_the_stamp_closes_the_batch_at_the_desk():
    made = cards()
    batch = made.counted()
    client = new_client(made.made.coordinator)
    url = address("delivery_new", made.design)
    given = {"recipient": str(made.body.uuid), "day": site_today().isoformat(), "incoming_number": ""}
    given |= {"client_id": str(uuid4()), "batch-1": 63, "closes": "on"}
    answer = client.post(url, given)
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "Give the incoming number" in answer.content.decode()
    assert client.post(url, {**given, "incoming_number": "ЗТ-2184"}).status_code == 302
    assert stocks(batch) == {"stock": 437, "delivered": 63}
    batch.refresh_from_db()
    assert batch.closed_at is not None
    assert "ЗТ-2184" in text_of(client, address("ledger", made.design))
    client.post(address("delivery_undo", CardDelivery.objects.get()))
    assert stocks(batch)["delivered"] == 63, "its batch is closed"


def filled_in(made: Cards, **quantities: object) -> dict[str, object]:
    """What the form of a delivery sends."""
    given = {"recipient": str(made.body.uuid), "day": site_today().isoformat(), "incoming_number": "ЗТ-2184"}
    return {**given, "client_id": str(uuid4()), **quantities}


def test_the_form_of_a_delivery_sent_twice_enters_one_delivery():
    made = cards()
    batch = made.counted()
    client = new_client(made.made.coordinator)
    sent = filled_in(made, **{"batch-1": 63, "closes": "on"})
    for _twice in range(2):
        answer = client.post(address("delivery_new", made.design), sent, follow=True)
        assert answer.redirect_chain
        assert "The delivery is entered." in answer.content.decode()
    assert CardDelivery.objects.count() == 1
    answer = client.post(address("delivery_new", made.design), {**sent, "batch-1": 62})
    assert answer.status_code == HTTP_UNPROCESSABLE
    assert "with other values" in answer.content.decode()
    assert stocks(batch)["delivered"] == 63


def test_a_delivery_of_a_batch_that_was_delivered_meanwhile_is_refused_and_stays_filled_in():
    made = cards()
    first, second = made.counted(), made.counted(number=2)
    deliver_cards(**delivery(made, {first.pk: 63}))
    client = new_client(made.made.coordinator)
    sent = filled_in(made, **{"batch-1": 63, "batch-2": 60, "note": "By hand"})
    answer = client.post(address("delivery_new", made.design), sent)
    assert answer.status_code == HTTP_UNPROCESSABLE
    form = answer.context["form"]
    assert "there are 0." in "".join(form.errors["batch-1"])
    shown = {name: form[name].value() for name in ("batch-1", "batch-2", "note", "incoming_number")}
    assert shown == {"batch-1": "63", "batch-2": "60", "note": "By hand", "incoming_number": "ЗТ-2184"}
    assert stocks(second)["counted"] == 63
    assert client.post(address("delivery_new", made.design), {**sent, "batch-1": ""}).status_code == 302
    assert stocks(second) == {"stock": 437, "counted": 3, "delivered": 60}


def test_without_counted_cards_there_is_no_form_until_one_was_sent():
    made = cards()
    made.printed()
    client = new_client(made.made.coordinator)
    url = address("delivery_new", made.design)
    assert "No counted cards wait for a delivery" in text_of(client, url)
    answer = client.post(url, filled_in(made, **{"batch-1": 5, "note": "By hand"}))
    assert "No counted cards wait" not in answer.content.decode()
    assert answer.context["form"]["note"].value() == "By hand"


def test_roles_see_the_ledger_and_act_by_their_right():
    made = cards()
    batch = made.counted()
    move = CardMove.objects.first()
    reviewer, contributor = new_client(made.seated(SeatRole.REVIEWER)), new_client(made.seated())
    observer = new_client(made.seated(SeatRole.OBSERVER))
    for name, thing in (("ledger", made.design), ("batch", batch), ("ledger_table", made.design)):
        assert reviewer.get(address(name, thing)).status_code == 200
        assert observer.get(address(name, thing)).status_code == 403
        assert Client().get(address(name, thing)).status_code == 302
    assert reviewer.get(address("count", batch)).status_code == 403
    assert contributor.get(address("delivery_new", made.design)).status_code == 403
    assert contributor.post(address("batch_close", batch)).status_code == 403
    assert contributor.post(address("move_undo", batch, move)).status_code == 403
    stranger = new_client(cards("other-cards").made.coordinator)
    assert stranger.get(address("batch", batch)).status_code == 404
    assert stranger.post(address("batch_close", batch)).status_code == 404
    batch.refresh_from_db()
    assert batch.closed_at is None


def _with_withheld() -> tuple[Cards, Batch]:
    made = cards()
    hidden = OrganisationFactory(
        listing=Listing.WITHHELD, name_en="Canary withheld", name_kk="Canary kk", name_ru="Canary ru"
    )
    person = made.seated(organisation=hidden)
    person.name = "Canary Testova"
    person.save()
    batch = made.printed(organisation=hidden)
    access = made.access_of(person)
    made.take_back_packet(made.packet(batch), filled=63)
    count_cards(access=access, batch=batch, number=1, count=63)
    CardMove.objects.update(by=person, organisation=hidden)
    hidden.participations.update(ended_at=now())  # those who work with it know its name
    return made, batch


def test_a_withheld_name_is_on_no_page():
    made, batch = _with_withheld()
    outsider = new_client(made.seated(SeatRole.EDITOR))
    urls = [address("ledger", made.design), address("ledger_table", made.design)]
    urls += [address("batch", batch), address("count", batch)]
    for url in urls:
        page = text_of(outsider, url)
        assert "Canary" not in page, url
        assert "63" in page or "count/" in url
    assert "name withheld" in text_of(outsider, urls[0])


def test_scans_are_for_the_own_organisation_and_coordinators():
    made = cards()
    batch = made.printed()
    ReferralDay.objects.create(code=batch.referral, day=site_today(), opened=8123)
    design = reverse("campaigns:postcard", args=[made.design.uuid])
    for url in (design, address("ledger", made.design)):
        assert "8123" in text_of(new_client(made.made.coordinator), url)
    contributor = made.seated()
    urls = [
        design,
        address("ledger", made.design),
        address("ledger_table", made.design),
        address("batch", batch),
    ]
    for url in urls:
        assert "8123" not in text_of(new_client(contributor), url)
    Batch.objects.update(organisation=contributor.memberships.get().organisation)
    for url in urls:
        assert "8123" in text_of(new_client(contributor), url)


def test_the_same_queries_for_one_batch_and_for_three():
    made = cards()
    made.counted()
    client = new_client(made.made.coordinator)
    urls = [address("ledger", made.design), address("ledger_table", made.design)]
    one = [query_count(client, url) for url in urls]
    for number in (2, 3):
        made.counted(number=number)
    assert [query_count(client, url) for url in urls] == one


def test_the_same_queries_for_few_moves_and_for_many():
    made = cards()
    batch = made.printed()
    client = new_client(made.made.coordinator)
    made.packet(batch, 5)
    one = query_count(client, address("batch", batch))
    for _number in range(4):
        made.take_back_packet(made.packet(batch, 5), lost=2, filled=3)
    assert query_count(client, address("batch", batch)) == one


def test_the_table_has_every_stock():
    made = cards()
    batch = made.counted()
    made.take_back_packet(made.packet(batch), lost=4)
    table = text_of(new_client(made.made.coordinator), address("ledger_table", made.design))
    heads, row = table.lstrip("\ufeff").splitlines()
    assert '"In stock","With volunteers","Collected","Posted","Lost","Counted by two","Delivered"' in heads
    assert '"500","337","96","0","0","4","63","0"' in row


def test_a_receipt_alone_is_enough_and_is_public_until_it_is_deleted():
    made = cards()
    batch = made.counted()
    file = text_file(made)
    deliver_cards(**delivery(made, {batch.pk: 63}, incoming_number="", receipt=file))
    made.design.published_at = now()
    assert [one.receipt for one in public_deliveries(made.design)] == [file]
    assert "receipt.csv" in text_of(new_client(made.made.coordinator), address("ledger", made.design))
    file.deleted_at = now()
    file.save()
    assert [one.receipt for one in public_deliveries(made.design)] == [None]


def test_a_file_that_only_a_few_may_read_is_no_receipt_and_its_name_is_hidden():
    made = cards()
    batch = made.counted()
    file = text_file(made, handling=Handling.ORGANISATION)
    lines = {batch.pk: 63}
    with pytest.raises(Refused, match="Only some people"):
        deliver_cards(**delivery(made, lines, incoming_number="", receipt=file))
    StoredFile.objects.filter(pk=file.pk).update(handling=Handling.WORKSPACE)
    file.refresh_from_db()
    deliver_cards(**delivery(made, lines, incoming_number="", receipt=file))
    StoredFile.objects.filter(pk=file.pk).update(handling=Handling.ORGANISATION)
    page = address("ledger", made.design)
    assert "receipt.csv" in text_of(new_client(made.made.coordinator), page)
    other = text_of(new_client(made.seated(SeatRole.REVIEWER)), page)
    assert "Receipt as a file" in other
    assert "receipt.csv" not in other


def waiting(source, person) -> list[str]:
    return [f"{one.title} {one.detail}" for one in on_desk(source, person)]


def test_the_dashboard_asks_a_second_person_of_another_organisation():
    made = cards()
    batch = made.collected()
    second, colleague = made.seated(), made.seated(organisation=made.organisation)
    reviewer = made.seated(SeatRole.REVIEWER)
    count_cards(access=made.access, batch=batch, number=1, count=63)
    (found,) = on_desk(dashboard.counts_waiting, second)
    assert found.due is not None
    for person in (made.made.coordinator, colleague, reviewer):
        assert waiting(dashboard.counts_waiting, person) == []
    count_cards(access=made.access_of(second), batch=batch, number=1, count=61)
    third = made.seated()
    for person in (second, made.made.coordinator):
        (found,) = on_desk(dashboard.counts_waiting, person)
        assert (found.action, found.urgent) == ("Settle it", True)
    assert waiting(dashboard.counts_waiting, third) == []
    count_cards(access=made.access_of(second), batch=batch, number=1, count=63)
    assert waiting(dashboard.counts_waiting, second) == []


def test_the_dashboard_tells_of_overdue_packets_those_who_take_them_back():
    made = cards()
    batch = made.printed()
    made.packet(batch)
    made.packet(batch)
    other, owner = made.seated(), made.seated(organisation=made.organisation)
    assert waiting(dashboard.packets_overdue, owner) == []
    CardPacket.objects.update(due_on=site_today() - DAY)
    for person in (owner, made.made.coordinator):
        (found,) = waiting(dashboard.packets_overdue, person)
        assert found.startswith("2 packets of cards are overdue")
    (line,) = on_desk(dashboard.packets_overdue, owner)
    assert line.url.endswith("/hand/#out")
    assert waiting(dashboard.packets_overdue, other) == []
    Batch.objects.update(closed_at=now())
    assert waiting(dashboard.packets_overdue, owner) == []


def test_the_dashboard_asks_a_colleague_where_no_other_organisation_is_in_the_region():
    made = cards()
    batch = made.collected(region="KZ-62")
    colleague = made.seated(organisation=made.organisation)
    count_cards(access=made.access, batch=batch, number=1, count=63)
    assert len(waiting(dashboard.counts_waiting, colleague)) == 1
    assert waiting(dashboard.counts_waiting, made.made.coordinator) == []


def test_a_coordinator_takes_back_the_count_of_another_one_at_the_desk():
    made = cards()
    batch = made.collected()
    first = made.other()
    count_cards(access=first, batch=batch, number=1, count=63)
    client = new_client(made.made.coordinator)
    page = html.document_fromstring(text_of(client, address("count", batch)))
    [button] = page.xpath("//section[@aria-labelledby='who']//button")
    words = " ".join(button.text_content().split())
    assert words == f"Take the count back: {first.organisation.name_en}"
    assert "Take the count back" not in text_of(new_client(made.seated()), address("count", batch))
    answer = client.post(address("count_undo", batch), follow=True)
    assert "It can be counted again." in answer.content.decode()
    assert "Who has counted" not in text_of(client, address("count", batch))


def test_the_table_has_the_day_of_the_site_on_which_a_batch_was_closed():
    made = cards()
    made.batch()
    late = datetime.datetime(2026, 3, 10, 21, tzinfo=datetime.UTC)  # after midnight in Almaty
    Batch.objects.update(closed_at=late)
    client = new_client(made.made.coordinator)
    assert "2026-03-11" in client.get(address("ledger_table", made.design)).content.decode()
