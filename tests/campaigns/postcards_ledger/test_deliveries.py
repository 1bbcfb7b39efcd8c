"""Counted cards are delivered with a number or a receipt; the stamp closes the batch; sums for others."""

import datetime
from io import BytesIO
from uuid import uuid4

import pytest

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.regional_actions import regional_actions
from coalition.campaigns.models import CardDelivery, Target
from coalition.campaigns.postcards.ledger.actions.deliveries import deliver_cards, take_back_delivery
from coalition.campaigns.postcards.ledger.queries import (
    counted_by_region,
    delivered_by_recipient,
    deliveries_of,
    public_deliveries,
)
from coalition.campaigns.recipients.outreach import outreach_kinds
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from documents.files.actions import upload_file
from documents.files.models import StoredFile
from events.spreadsheets.columns import csv_bytes
from tests.campaigns.postcards_ledger.builders import Cards, cards, numbers, stocks
from tests.campaigns.postcards_ledger.test_moves import refused

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def delivery(made: Cards, lines: dict[int, int], **given: object) -> dict[str, object]:
    return {
        "access": made.access,
        "design": made.design,
        "recipient": made.body,
        "day": site_today(),
        "lines": lines,
        "incoming_number": "ЗТ-2184",
        **given,
    }


def text_file(made: Cards, **given: object) -> StoredFile:
    """A table as a file of the workspace."""
    content = BytesIO(csv_bytes(["No."], [["12"]]))
    size = content.getbuffer().nbytes
    return upload_file(access=made.access, content=content, size=size, name="receipt.csv", **given)


def test_the_stamp_delivers_what_was_counted_and_closes_the_batch():
    made = cards()
    batch = made.counted()
    deliver_cards(**delivery(made, {batch.pk: 63}, closes=True))
    assert stocks(batch) == {"stock": 437, "delivered": 63}
    totals = numbers(batch).totals
    assert (totals.counted, totals.delivered) == (63, 63)
    batch.refresh_from_db()
    assert batch.closed_at is not None
    assert "is closed" in refused(deliver_cards, **delivery(made, {batch.pk: 1}))


def test_more_than_was_counted_and_nothing_at_all():
    made = cards()
    batch, empty = made.counted(), made.printed(number=2)
    too_many = refused(deliver_cards, **delivery(made, {batch.pk: 64}))
    assert too_many == "Batch 1: Not so many cards are counted and not delivered yet: there are 63."
    refused(deliver_cards, **delivery(made, {batch.pk: 10, empty.pk: 1}))
    assert "how many cards" in refused(deliver_cards, **delivery(made, {batch.pk: 0}))
    assert stocks(batch)["counted"] == 63
    assert not CardDelivery.objects.exists()


def test_a_number_or_a_receipt_is_needed_and_a_day_that_can_be():
    made = cards()
    batch = made.counted()
    assert "incoming number" in refused(deliver_cards, **delivery(made, {batch.pk: 1}, incoming_number=" "))
    assert "not come yet" in refused(deliver_cards, **delivery(made, {batch.pk: 1}, day=site_today() + DAY))
    early = delivery(made, {batch.pk: 1}, day=site_today() - 9 * DAY)
    assert "made later" in refused(deliver_cards, **early)


def test_a_batch_of_another_design_is_refused():
    made, other = cards(), cards(slug="other-cards")
    foreign = other.counted()
    assert "not of this design" in refused(deliver_cards, **delivery(made, {foreign.pk: 1}))


def test_only_coordinators_deliver():
    made = cards()
    batch = made.counted()
    with pytest.raises(NotAllowed):
        deliver_cards(**delivery(made, {batch.pk: 1}, access=made.other(SeatRole.EDITOR)))


def test_sent_twice_is_one_delivery():
    made = cards()
    batch = made.counted()
    mark = uuid4()
    for _twice in range(2):
        deliver_cards(**delivery(made, {batch.pk: 30}, client_id=mark))
    assert stocks(batch)["delivered"] == 30


def test_a_delivery_sent_again_with_other_values_is_refused():
    made = cards()
    batch = made.counted()
    target = Target.objects.create(body=made.body, name={"en": "Member"}, as_of=site_today())
    given = delivery(made, {batch.pk: 30}, client_id=uuid4(), note="by hand")
    deliver_cards(**given)
    for other in (
        {"lines": {batch.pk: 31}},
        {"incoming_number": "ЗТ-1"},
        {"recipient": target},
        {"day": site_today() - DAY},
        {"note": ""},
    ):
        assert "with other values" in refused(deliver_cards, **{**given, **other})
    assert stocks(batch)["delivered"] == 30
    deliver_cards(**given)
    assert CardDelivery.objects.count() == 1


def test_a_delivery_sent_again_is_the_same_one_though_its_batch_is_closed_and_its_receipt_limited():
    made = cards()
    batch = made.counted()
    receipt = text_file(made)
    lines = {batch.pk: 63}
    given = delivery(made, lines, incoming_number="", receipt=receipt, client_id=uuid4(), closes=True)
    first = deliver_cards(**given)
    StoredFile.objects.update(restricted=True)
    receipt.refresh_from_db()
    assert deliver_cards(**given) == first
    assert CardDelivery.objects.count() == 1


def test_a_delivery_is_taken_back_as_a_whole():
    made = cards()
    batch = made.counted()
    found = deliver_cards(**delivery(made, {batch.pk: 63}))
    for _twice in range(2):
        take_back_delivery(access=made.access, delivery=found)
    assert stocks(batch) == {"stock": 437, "counted": 63}
    assert delivered_by_recipient(made.made.workspace) == {}
    made.design.published_at = now()
    assert public_deliveries(made.design) == []
    assert [one.quantity for one in deliveries_of(made.design)] == [63]


def test_the_public_reads_deliveries_of_published_designs_alone():
    made = cards()
    batch = made.counted()
    deliver_cards(**delivery(made, {batch.pk: 63}))
    assert public_deliveries(made.design) == []
    made.design.published_at = now()
    (found,) = public_deliveries(made.design)
    assert (found.day, found.recipient, found.quantity) == (site_today(), "Chancellery", 63)
    assert (found.incoming_number, found.receipt) == ("ЗТ-2184", None)


def test_deliveries_need_the_same_queries_for_one_and_three(django_assert_num_queries):
    made = cards()
    batch = made.counted()
    made.design.published_at = now()
    for round_ in range(3):
        deliver_cards(**delivery(made, {batch.pk: 5}))
        if round_ in (0, 2):
            with django_assert_num_queries(2):
                public_deliveries(made.design)


def test_counted_cards_are_credited_by_organisation_and_region(django_assert_num_queries):
    made = cards()
    first = made.counted()
    other = made.other().organisation
    made.counted(40, blank=60, number=2, organisation=other, region="")
    made.printed(number=3)
    with django_assert_num_queries(1):
        found = counted_by_region(made.made.workspace)
    assert found == {(first.organisation_id, "KZ-75"): 63, (other.pk, ""): 40}


def test_delivered_cards_are_credited_by_recipient(django_assert_num_queries):
    made = cards()
    batch = made.counted()
    person = Target.objects.create(
        body=made.body, external_id="7", name={"kk": "Депутат"}, as_of=site_today()
    )
    deliver_cards(**delivery(made, {batch.pk: 40}))
    deliver_cards(**delivery(made, {batch.pk: 23}, recipient=person))
    with django_assert_num_queries(1):
        found = delivered_by_recipient(made.made.workspace)
    owner = batch.organisation_id
    assert found == {(made.body.uuid, owner): 40, (person.uuid, owner): 23}


def test_postcards_are_a_regional_action_and_a_kind_of_outreach():
    assert "postcards" in [one.name for one in regional_actions()]
    assert "postcards" in [one.name for one in outreach_kinds()]
