"""What everybody reads of postcards: numbers, receipts and the method, and no name that is withheld."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.counters.columns import counts_of
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.postcards.actions import publish_design, unpublish_design
from coalition.campaigns.postcards.ledger.queries import DesignTotals, PublicDelivery
from coalition.campaigns.postcards.public_presenters import postcards_to_choose, public_line
from documents.models import StoredFile
from documents.publication.actions import withdraw_publication
from tests.campaigns.postcards.builders import Cards, design_of, picture_of, publish_words, withheld
from tests.campaigns.postcards.ledger_entries import TOTALS, ledger_says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]

DAY = datetime.date(2026, 3, 12)


@pytest.fixture
def public(here: Cards) -> Cards:
    here.batches(10, 500)
    publish_design(access=here.access, design=here.design)
    return here


def page_of(here: Cards, client, language: str = "en", *, status: int = 200) -> str:
    answer = client.get(f"/{language}/postcards/{here.design.slug}/")
    assert answer.status_code == status
    return answer.content.decode().replace("\u00a0", " ")


def test_the_page_is_there_once_it_was_published(here, client):
    here.batches()
    page_of(here, client, status=404)
    publish_design(access=here.access, design=here.design)
    assert "The cards are being printed" in page_of(here, client)
    unpublish_design(access=here.access, design=here.design)
    page_of(here, client, status=404)


def test_numbers_stand_in_one_line_with_receipt_and_method(public, client):
    receipt = picture_of(public.access)
    delivery = PublicDelivery(DAY, "The Kurultai", "12-34/56", receipt, 1240)
    with ledger_says(TOTALS, delivery):
        page = " ".join(page_of(public, client).split())
        assert (
            "5 000 printed, 3 118 handed out, 12 lost, 1 240 counted by two, 1 240 delivered</strong>, "
            "incoming no. 12-34/56" in page
        )
        assert "1 240 to The Kurultai" in page
        assert "two people who do not see each other’s number" in page
        address = f"/en/postcards/{public.design.slug}/receipts/{receipt.uuid}/"
        assert address in page
        answer = client.get(address)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "front" not in answer.headers["Content-Disposition"]  # the name that a member gave the file
    assert f"/en/support/{public.appeal.slug}/" in page


def test_other_files_of_the_workspace_are_no_receipts(public, client):
    receipt, other = picture_of(public.access), picture_of(public.access)
    delivery = PublicDelivery(DAY, "The Kurultai", "1", receipt, 10)
    with ledger_says(TOTALS, delivery):
        assert client.get(f"/en/postcards/{public.design.slug}/receipts/{other.uuid}/").status_code == 404
        unpublish_design(access=public.access, design=public.design)
        assert client.get(f"/en/postcards/{public.design.slug}/receipts/{receipt.uuid}/").status_code == 404


def test_a_deleted_receipt_is_not_offered(public, client):
    receipt = picture_of(public.access)
    StoredFile.objects.filter(pk=receipt.pk).update(deleted_at=datetime.datetime.now(datetime.UTC))
    receipt.refresh_from_db()
    with ledger_says(TOTALS, PublicDelivery(DAY, "The Kurultai", "", receipt, 10)):
        assert "/receipts/" not in page_of(public, client)


@pytest.mark.parametrize("given", [{"restricted": True}, {"handling": "red"}])
def test_a_receipt_that_only_a_few_may_read_since_is_not_public_any_more(public, client, given):
    receipt = picture_of(public.access)
    delivery = PublicDelivery(DAY, "The Kurultai", "1", receipt, 10)
    address = f"/en/postcards/{public.design.slug}/receipts/{receipt.uuid}/"
    with ledger_says(TOTALS, delivery):
        assert client.get(address).status_code == 200
        for name, value in given.items():
            setattr(receipt, name, value)
        assert client.get(address).status_code == 404
        assert address not in page_of(public, client)


def test_steps_that_nothing_has_reached_are_left_out():
    assert public_line(DesignTotals()) == ""
    assert public_line(DesignTotals(printed=5)) == "5 printed"


def test_no_withheld_name_and_no_batch_is_on_the_page(here, client):
    hidden = withheld(here, "Canary")
    [batch] = here.batches(1, 500, hidden)
    publish_design(access=here.access, design=here.design)
    with ledger_says():
        for language in ("kk", "ru", "en"):
            page = page_of(here, client, language)
            assert "Canary" not in page
            assert batch.referral.code not in page


def test_the_title_of_a_withdrawn_text_is_not_shown(public, client):
    assert "A card for a law" in page_of(public, client)
    withdraw_publication(access=public.access, publication=public.design.publication, note="A mistake")
    with ledger_says():
        page = page_of(public, client)
    assert "A card for a law" not in page
    assert "5 000 printed" in page
    assert postcards_to_choose("en") == []


def test_the_page_costs_the_same_for_one_and_for_thirty_batches(public, client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page_of(public, client)
        return len(found)

    queries()
    before = queries()
    public.batches(20, 500)
    assert queries() == before


def column(here: Cards) -> int | None:
    found = {one.column: one.count.value for one in counts_of(here.appeal.uuid)}
    return found[Column.POSTCARDS]


def test_the_column_counts_cards_of_published_designs_that_lead_to_the_appeal(here):
    with ledger_says():
        assert column(here) is None
        here.batches()
        publish_design(access=here.access, design=here.design)
        assert column(here) == 1240
        words = publish_words(here.made, {"kk": "Short"})
        other = design_of(here.made, here.appeal, words, slug="other", languages=["kk"])
        assert column(here) == 1240
        here.design = other
        here.batches()
        publish_design(access=here.access, design=other)
        assert column(here) == 2480


def test_editors_choose_among_published_designs(public):
    assert postcards_to_choose("en") == [(str(public.design.uuid), "A card for a law (en)")]
    unpublish_design(access=public.access, design=public.design)
    assert postcards_to_choose("en") == []


def test_cards_that_came_back_blank_are_not_handed_out_twice(public, client):
    with ledger_says(DesignTotals(printed=100, handed_out=163, returned=100, counted=63)):
        assert "100 printed, 63 handed out, 63 counted by two" in page_of(public, client)
