"""The pages of postcards at the desk: who gets in, what is typed wrongly, and what they cost."""

import io
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from pypdf import PdfReader

from coalition.campaigns.models import Batch, CardDesign
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.models import Participation
from documents.publication.actions import withdraw_publication
from tests.campaigns.postcards.builders import Cards, design_of, picture_of, publish_words, withheld
from tests.conftest import new_client, sign_in
from tests.consent.builders import consent_asked, shown_under_consent
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def at(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def browser(here, client) -> Client:
    """Signed in as the coordinator."""
    return sign_in(client, here.made.coordinator)


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def sent(here: Cards, **given: object) -> dict[str, object]:
    return {
        "publication": here.design.publication.uuid,
        "language_1": "kk",
        "language_2": "ru",
        "language_3": "en",
        "destination": f"appeal:{here.appeal.uuid}",
        "recipient": "",
        "front_picture": "",
        "slug": "other",
        **given,
    }


def pages(here: Cards) -> list[str]:
    design = here.design.uuid
    return [
        at("postcards", here.made.workspace.uuid),
        at("postcard", design),
        at("postcard_front", design),
        at("postcard_back", design),
    ]


def test_every_page_opens_for_who_sees_drafts_and_for_nobody_else(here):
    here.batches()
    reviewer = new_client(here.seated(SeatRole.REVIEWER).user)
    assert [reviewer.get(one).status_code for one in pages(here)] == [200] * 4
    leading = [at("postcard_new", here.made.workspace.uuid), at("postcard_edit", here.design.uuid)]
    assert [reviewer.get(one).status_code for one in [*leading, at("postcard_cards", here.design.uuid)]] == [
        403
    ] * 3
    outsider = new_client(stage().coordinator)
    observer = new_client(here.seated(SeatRole.OBSERVER).user)
    for address in [*pages(here), *leading]:
        assert outsider.get(address).status_code == 404
        assert observer.get(address).status_code in {403, 404}
    for name, args in (
        ("postcard_batches", ()),
        ("postcard_batch_close", (1,)),
        ("postcard_batch_reopen", (1,)),
        ("postcard_publish", ()),
    ):
        assert reviewer.post(at(name, here.design.uuid, *args)).status_code == 403
        assert outsider.post(at(name, here.design.uuid, *args)).status_code == 404


def test_a_design_is_made_by_choosing_a_text_and_an_address(here, browser):
    new = at("postcard_new", here.made.workspace.uuid)
    tree = html.document_fromstring(browser.get(new).content)
    form = tree.xpath("//form[.//select[@name='publication']]")[0]
    chosen = dict(form.form_values())
    assert [chosen[f"language_{place}"] for place in (1, 2, 3)] == ["kk", "ru", "en"]
    assert chosen["destination"] == f"appeal:{here.appeal.uuid}"
    answer = browser.post(new, sent(here), follow=True)
    made = CardDesign.objects.get(slug="other")
    assert answer.redirect_chain[-1][0] == at("postcard", made.uuid)
    assert "Look at both sides" in answer.content.decode()


def test_what_was_typed_wrongly_stays_with_the_error_beside_it(here, browser):
    new = at("postcard_new", here.made.workspace.uuid)
    answer = browser.post(new, sent(here, slug="bad address!", language_2="kk"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="bad address!"' in page
    assert 'id="id_slug_error"' in page
    assert 'id="id_language_2_error"' in page


def test_how_much_too_long_a_text_is_stands_beside_it(here, browser):
    long = publish_words(here.made, {"kk": "Біз заңды сұраймыз. " * 90})
    only_kazakh = {"publication": long.uuid, "language_2": "", "language_3": ""}
    answer = browser.post(at("postcard_new", here.made.workspace.uuid), sent(here, **only_kazakh))
    assert answer.status_code == 422
    tree = html.document_fromstring(answer.content)
    error = " ".join(tree.xpath("//*[@id='id_publication_error']//text()"))
    assert "characters too many" in error
    assert "Қазақша: about" in error


def test_a_text_withdrawn_between_form_and_save_is_said_in_words(here, browser):
    publication = here.design.publication
    withdraw_publication(access=here.access, publication=publication, note="A mistake")
    answer = browser.post(at("postcard_new", here.made.workspace.uuid), sent(here))
    assert answer.status_code == 422
    assert 'id="id_publication_error"' in answer.content.decode() or "No text can be printed yet" in (
        answer.content.decode()
    )
    page = browser.get(at("postcard", here.design.uuid)).content.decode()
    assert "Its text was withdrawn" in page
    assert 'id="make"' not in page


def test_a_picture_that_cannot_be_printed_is_refused_in_words(here, browser):
    picture = picture_of(here.access)
    shown_under_consent(consent_asked(), "file", str(picture.uuid))
    new = at("postcard_new", here.made.workspace.uuid)
    answer = browser.post(new, sent(here, front_picture=picture.uuid))
    assert answer.status_code == 422
    assert "This picture cannot be printed on cards. Choose another one." in answer.content.decode()


def test_batches_are_made_with_the_numbers_that_stand_there_once_an_organisation_is_ticked(here, browser):
    page = at("postcard", here.design.uuid)
    tree = html.document_fromstring(browser.get(page).content)
    form = tree.xpath("//form[.//input[@name='quantity']]")[0]
    values = [(name, value) for name, value in form.form_values() if name != "csrfmiddlewaretoken"]
    assert values == [("count", "10"), ("quantity", "500"), ("region", "")]
    address = at("postcard_batches", here.design.uuid)
    answer = browser.post(address, dict(values))
    assert answer.status_code == 422
    assert "Choose at least one organisation." in answer.content.decode()
    ticked = {**dict(values), "organisations": [str(here.organisation.uuid)]}
    answer = browser.post(address, ticked, follow=True)
    assert f"10 batches are made. {here.organisation.name_en}: № 1–10." in unescape(answer.content.decode())
    assert Batch.objects.count() == 10


def test_the_message_names_who_got_which_batches(here, browser):
    other = here.partner()
    owners = [str(here.organisation.uuid), str(other.uuid)]
    given = {"count": "3", "quantity": "30", "organisations": owners}
    answer = browser.post(at("postcard_batches", here.design.uuid), given, follow=True)
    words = f"{here.organisation.name_en}: № 1, 3; {other.name_en}: № 2."
    assert words in unescape(answer.content.decode())


def test_more_organisations_than_batches_are_refused_beside_them(here, browser):
    owners = [str(here.organisation.uuid), str(here.partner().uuid)]
    given = {"count": "1", "quantity": "30", "organisations": owners}
    answer = browser.post(at("postcard_batches", here.design.uuid), given)
    page = html.document_fromstring(answer.content)
    assert answer.status_code == 422
    [error] = page.xpath("//*[@id='id_organisations_error']")
    assert "more organisations (2) than there are batches to make (1)" in error.text_content()
    assert page.xpath("//input[@name='organisations'][@checked]/@value") == owners
    assert not Batch.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "100001", "many"])
def test_a_wrong_number_of_cards_stays_with_its_error(here, browser, quantity):
    given = {"count": "2", "quantity": quantity, "organisations": [str(here.organisation.uuid)]}
    answer = browser.post(at("postcard_batches", here.design.uuid), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{quantity}"' in page
    assert 'id="id_quantity_error"' in page
    assert not Batch.objects.exists()


def test_an_organisation_that_left_meanwhile_is_said_in_words(here, browser):
    gone = here.partner()
    Participation.objects.filter(organisation=gone).update(ended_at=now())
    given = {"count": "2", "quantity": "5", "organisations": [str(gone.uuid)]}
    answer = browser.post(at("postcard_batches", here.design.uuid), given)
    assert answer.status_code == 422
    assert "does not take part any more" in answer.content.decode()


def test_cards_are_taken_out_by_coordinators_and_by_those_of_the_batch(here, browser):
    other = here.seated(SeatRole.CONTRIBUTOR)
    here.batches(2, 4, here.organisation, other.organisation)
    address = at("postcard_cards", here.design.uuid)
    every = browser.get(address, {"layout": "sheet", "copies": "every"})
    assert every.headers["Content-Type"] == "application/pdf"
    assert every.headers["Cache-Control"] == "private, no-store"
    assert len(PdfReader(io.BytesIO(every.content)).pages) == 4
    own = new_client(other.user)
    [_front, back] = PdfReader(
        io.BytesIO(own.get(address, {"layout": "sheet", "copies": "every"}).content)
    ).pages
    assert "№ 2" in back.extract_text()
    foreign = own.get(address, {"layout": "sheet", "copies": "every", "batch": "1"}, follow=True)
    assert "not yours to print" in foreign.content.decode()
    assert browser.get(address, {"layout": "poster"}).status_code == 302


def test_a_closed_batch_and_a_stopped_design_are_not_printed(here, browser):
    first, _second = here.batches(2, 4)
    close_batch(access=here.access, batch=first)
    address = at("postcard_cards", here.design.uuid)
    given = {"layout": "sheet", "copies": "every"}
    assert len(PdfReader(io.BytesIO(browser.get(address, given).content)).pages) == 2
    assert (
        "This batch is closed" in browser.get(address, {**given, "batch": "1"}, follow=True).content.decode()
    )
    withdraw_publication(access=here.access, publication=here.design.publication, note="A mistake")
    answer = browser.get(address, given, follow=True)
    assert "no more cards are made of it" in answer.content.decode()


def test_a_batch_is_closed_and_opened_again_by_a_press(here, browser):
    here.batches()
    assert "Open it again" not in browser.get(at("postcard", here.design.uuid)).content.decode()
    closed = browser.post(at("postcard_batch_close", here.design.uuid, 1), follow=True).content.decode()
    assert "credits nobody any more" in closed
    assert "Open it again" in closed
    browser.post(at("postcard_batch_reopen", here.design.uuid, 1))
    assert Batch.objects.get().closed_at is None
    assert browser.post(at("postcard_batch_close", here.design.uuid, 7)).status_code == 404


def test_publishing_asks_who_one_is(here, client):
    here.batches()
    address = at("postcard_publish", here.design.uuid)
    sign_in(client, here.made.coordinator, ago=10_000)
    assert "reauthenticate" in client.post(address).url
    sign_in(client, here.made.coordinator)
    assert "Everybody sees the numbers now." in client.post(address, follow=True).content.decode()
    here.design.refresh_from_db()
    assert here.design.published_at is not None


def test_a_withheld_name_is_read_by_those_who_may(here, browser):
    hidden = withheld(here, "Canary")
    here.batches(1, 5, hidden)
    assert "Canary" in browser.get(at("postcard", here.design.uuid)).content.decode()
    assert "Canary" not in browser.get(at("postcards", here.made.workspace.uuid)).content.decode()


def test_the_campaign_page_says_where_postcards_stand(here, browser):
    page = at("campaign", here.made.workspace.uuid)
    assert "1 design." in browser.get(page).content.decode()
    here.batches(10, 500)
    assert "1 design, 10 batches, 5\u00a0000 cards." in browser.get(page).content.decode()


def test_pages_cost_the_same_for_one_and_for_three(here, browser):
    every, one = at("postcards", here.made.workspace.uuid), at("postcard", here.design.uuid)
    here.batches(1, 5)
    before = queries_of(browser, every), queries_of(browser, one)
    for number in range(2):
        words = publish_words(here.made, {"kk": f"Short {number}"})
        design_of(here.made, here.appeal, words, slug=f"other-{number}", languages=["kk"])
        here.batches(1, 5, here.partner())
    assert (queries_of(browser, every), queries_of(browser, one)) == before
