"""A letter action on a page of a campaign."""

import datetime

import pytest
from django.utils.timezone import localdate

from coalition.campaigns.letters.public_presenters import METHOD, letters_to_choose
from coalition.campaigns.models import LetterAction, LetterDay, Target
from coalition.campaigns.postcards.public_presenters import PAGE_SECONDS
from coalition.core.clock import freeze_clock_at, now
from coalition.http.responses import get_proxy_max_age
from documents.drafts.models import PublicationState
from documents.models import Publication
from home.models.section_blocks import CampaignSectionsBlock
from tests.campaigns.letters.builders import open_letters
from tests.home.test_sections import campaign, headings, read

pytestmark = pytest.mark.django_db
ADDRESS = "/en/week/"
EMPTY = {"heading": "", "text": "", "action": ""}


@pytest.fixture
def action(site):
    return open_letters()


def words(tree) -> str:
    return " ".join(tree.xpath("//main")[0].text_content().split())


def declare(action: LetterAction, number: int) -> None:
    target = Target.objects.filter(body__letter_actions=action).first()
    LetterDay.objects.create(
        action=action, target=target, way="copy", language="kk", day=localdate(now()), count=number
    )


def test_the_action_stands_on_the_page_with_its_number_and_a_button(action, client) -> None:
    declare(action, 1240)
    campaign(("letters", EMPTY | {"action": str(action.uuid), "text": "In your own words."}))
    tree = read(client, ADDRESS)
    assert headings(tree) == ["Tulipweek", "About the law"]
    assert "In your own words." in words(tree)
    assert [one.text for one in tree.xpath("//dl[@class='counters']//dt")] == ["Letters"]
    assert tree.xpath("//dd/b/text()")[0].strip() == "1\u00a0240"
    assert str(METHOD) in words(tree)
    [button] = tree.xpath(f"//main//a[@href='/en/write/{action.slug}/']")
    assert " ".join(button.text_content().split()) == "Write a letter: About the law"
    assert f"/en/write/{action.slug}/board/" in tree.xpath("//main//a/@href")
    assert (get_proxy_max_age(client.get(ADDRESS)) or 0) <= PAGE_SECONDS


def test_the_number_of_letters_is_not_added_up_with_others(action, client) -> None:
    other = open_letters(slug="others")
    declare(action, 3)
    declare(other, 5)
    sections = [("letters", EMPTY | {"action": str(one.uuid)}) for one in (action, other)]
    campaign(*sections)
    tree = read(client, ADDRESS)
    assert [one.strip() for one in tree.xpath("//dd/b/text()")] == ["3", "5"]


def test_a_heading_of_the_editor_leaves_the_title_of_the_letters(action, client) -> None:
    campaign(("letters", EMPTY | {"action": str(action.uuid), "heading": "Now you"}))
    tree = read(client, ADDRESS)
    assert headings(tree) == ["Tulipweek", "Now you"]
    assert "About the law" in words(tree)


@pytest.mark.parametrize(("language", "button"), [("kk", "Хат жазу"), ("ru", "Написать письмо")])
def test_the_section_speaks_the_language_of_its_page(action, client, language, button) -> None:
    campaign(("letters", EMPTY | {"action": str(action.uuid)}), language=language)
    [link] = read(client, f"/{language}/week/").xpath(f"//main//a[@href='/{language}/write/{action.slug}/']")
    assert link.text.strip() == button


def test_a_closed_action_says_so_without_a_button(action, client) -> None:
    campaign(("letters", EMPTY | {"action": str(action.uuid)}))
    last = localdate(now()) + datetime.timedelta(days=3)
    LetterAction.objects.update(closes_on=last)
    with freeze_clock_at(now() + datetime.timedelta(days=5)):
        tree = read(client, ADDRESS)
    assert "This letter action is closed." in words(tree)
    assert f"/en/write/{action.slug}/" not in tree.xpath("//main//a/@href")


def test_what_is_not_public_any_more_is_gone_from_the_page(action, client) -> None:
    campaign(("letters", EMPTY | {"action": str(action.uuid)}))
    assert headings(read(client, ADDRESS)) == ["Tulipweek", "About the law"]
    assert letters_to_choose("en") == [(str(action.uuid), "About the law")]
    Publication.objects.update(state=PublicationState.WITHDRAWN)
    assert headings(read(client, ADDRESS)) == ["Tulipweek"]
    assert letters_to_choose("en") == []
    Publication.objects.update(state=PublicationState.PUBLIC)
    LetterAction.objects.update(opened_at=None)
    assert headings(read(client, ADDRESS)) == ["Tulipweek"]


def test_an_empty_field_of_a_draft_shows_nothing(site, client) -> None:
    campaign(("letters", EMPTY))
    assert headings(read(client, ADDRESS)) == ["Tulipweek"]


def test_the_section_can_be_chosen() -> None:
    assert "letters" in CampaignSectionsBlock().child_blocks
