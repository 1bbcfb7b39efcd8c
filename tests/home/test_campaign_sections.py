"""Help, an appeal and counters on the first page and on pages of campaigns."""

from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from wagtail.blocks import StreamBlockValidationError

from coalition.campaigns.counters.columns import Count
from coalition.http.responses import get_proxy_max_age
from home.mirror import write_mirror
from home.models import HomePage
from home.models.section_blocks import CampaignSectionsBlock
from home.search.find import SearchFilter, find_public
from tests.campaigns.counters.pretend_appeal import APPEAL, METHOD, MOMENT, pretend_appeal
from tests.campaigns.factories import HelplineEntryFactory
from tests.home.test_sections import CALL, POSTER, campaign, compose, headings, read
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

HELP = {"heading": ""}
SUPPORT = {"heading": "", "appeal": str(APPEAL), "text": "It takes a minute."}
NUMBERS = {"heading": "", "appeal": str(APPEAL)}
OPEN = "2026-03-03 06:00Z"  # 11:00 in Almaty: lines are open from 9 to 18
CLOSED = "2026-03-03 18:40Z"  # 23:40


@pytest.fixture
def appeal():
    with pretend_appeal() as made:
        yield made


@pytest.fixture
def line():
    with time_machine.travel(OPEN, tick=False):
        return HelplineEntryFactory(name={"kk": "Сенім желісі", "en": "Line of trust"})


@time_machine.travel(OPEN, tick=False)
def test_the_first_page_and_a_campaign_lead_to_help_and_the_appeal_in_one_press(
    site, client, appeal, line
) -> None:
    compose(("help", HELP), ("appeal", SUPPORT))
    campaign(("help", HELP), ("appeal", SUPPORT), ("counters", NUMBERS))
    for address in ("/en/", "/en/week/"):
        tree = read(client, address)
        assert tree.xpath("//main//a[@href='/en/help/']/@rel") == ["noreferrer"]
        assert "/en/support/word/" in tree.xpath("//main//a/@href")
    assert headings(tree)[1:] == ["Help now", "We need a law", "What there is so far"]


def test_lines_stand_there_with_hours_and_not_with_what_changes_by_the_minute(site, client, line) -> None:
    """A proxy may show this page for hours while the application is away; and nobody should dial before
    reading what is passed to the police."""
    campaign(("help", HELP))
    pages = []
    for moment in (OPEN, CLOSED):
        with time_machine.travel(moment, tick=False):
            tree = read(client, "/en/week/")
        shown = tree.xpath("//ul[@class='help-lines']")[0]
        pages.append(shown.text_content())
        assert shown.xpath(".//a/@href") == []
        assert not tree.xpath("//main//a[contains(@href, '/help/#')]")
    assert pages[0] == pages[1]
    assert "Line of trust" in pages[0]
    assert "Every day: 09:00–18:00" in squeezed(pages[0])


@time_machine.travel(OPEN, tick=False)
def test_a_name_is_told_in_a_language_that_it_has(site, client, line) -> None:
    campaign(("help", HELP), language="ru")
    named = read(client, "/ru/week/").xpath("//ul[@class='help-lines']//b")[0]
    assert (named.text, named.get("lang")) == ("Сенім желісі", "kk")


def test_without_lines_and_without_a_public_appeal_the_sections_are_left_out(site, client, appeal) -> None:
    campaign(("help", HELP), ("appeal", SUPPORT), ("counters", NUMBERS), ("appeal", SUPPORT | {"appeal": ""}))
    appeal.is_public = False
    assert headings(read(client, "/en/week/")) == ["Tulipweek"]


def test_the_appeal_shows_the_online_number_and_how_near_its_goal_is(site, client, appeal) -> None:
    campaign(("appeal", SUPPORT))
    tree = read(client, "/en/week/")
    assert tree.xpath("//*[@data-column]/@data-column") == ["online"]
    assert [one.strip() for one in tree.xpath("//*[@data-number]/text()")] == ["1\u00a0240"]
    assert tree.xpath("//progress/@value") == ["24"]
    assert "The goal: 5\u00a0000" in tree.text_content()
    assert tree.xpath("//*[@data-counters]/@data-counters") == ["/en/support/word/counters.json"]
    appeal.goal, appeal.is_open = None, False
    tree = read(client, "/en/week/")
    assert not tree.xpath("//progress")
    assert "Read the appeal and what followed" in tree.text_content()


def test_all_five_numbers_stand_with_their_methods_and_without_a_sum(site, client, appeal) -> None:
    campaign(("counters", NUMBERS))
    tree = read(client, "/en/week/")
    assert len(tree.xpath("//*[@data-column]")) == 5
    assert METHOD in tree.text_content()
    assert "9\u00a0555" not in tree.text_content()
    assert "are not added up" in tree.text_content()


def test_a_shared_campaign_shows_the_picture_of_its_appeal_as_of_the_day(site, client, appeal) -> None:
    with time_machine.travel(OPEN, tick=False):
        campaign(("counters", NUMBERS))
        shared = read(client, "/en/week/").xpath("//meta[@property='og:image']/@content")
    assert len(shared) == 1
    assert shared[0].endswith("/en/support/word/share.png?day=2026-03-03")


@pytest.mark.parametrize("address", ["/en/", "/en/week/"])
def test_a_page_with_growing_numbers_is_kept_for_seconds(site, client, appeal, address) -> None:
    compose(("appeal", SUPPORT))
    campaign(("counters", NUMBERS))
    assert get_proxy_max_age(client.get(address)) == 5
    appeal.is_public = False
    assert get_proxy_max_age(client.get(address)) is None


def test_two_sections_on_one_appeal_ask_for_its_numbers_once(site, client, appeal, monkeypatch) -> None:
    asked = []
    count = appeal.by_uuid
    monkeypatch.setattr(
        "coalition.campaigns.page_sections.subject_with",
        lambda uuid, language: asked.append(uuid) or count(uuid, language),
    )
    campaign(("appeal", SUPPORT), ("counters", NUMBERS), ("appeal", SUPPORT))
    asked.clear()
    read(client, "/en/week/")
    assert asked == [APPEAL]


@time_machine.travel(OPEN, tick=False)
def test_the_help_section_costs_the_same_with_one_line_and_with_three(site, client, line) -> None:
    campaign(("help", HELP))
    read(client, "/en/week/")

    def queries():
        with CaptureQueriesContext(connection) as counted:
            tree = read(client, "/en/week/")
        return len(counted), len(tree.xpath("//ul[@class='help-lines']/li"))

    one = queries()
    for _more in range(2):
        HelplineEntryFactory()
    assert (one, queries()) == ((one[0], 1), (one[0], 3))


def test_help_stands_once_on_a_page() -> None:
    block = CampaignSectionsBlock()
    with pytest.raises(StreamBlockValidationError):
        block.clean(block.to_python([{"type": "help", "value": HELP}] * 2))


def test_an_editor_chooses_among_public_appeals_and_sees_a_preview(site, newsroom, appeal) -> None:
    page = campaign(("appeal", SUPPORT), ("counters", NUMBERS))
    form = newsroom.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert str(APPEAL) in form
    block = CampaignSectionsBlock()
    with pytest.raises(StreamBlockValidationError):
        block.clean(
            block.to_python([{"type": "appeal", "value": SUPPORT | {"appeal": str(page.translation_key)}}])
        )
    appeal.online = Count(7, MOMENT)
    answer = page.make_preview_request()
    assert "data-number>7<" in squeezed(answer.render().content.decode())


def test_no_words_of_an_appeal_are_searched_in_a_page_that_shows_it(site, appeal) -> None:
    campaign(("appeal", SUPPORT), ("text", "<p>Tulipgarden</p>"))
    assert find_public("tulipgarden", "en", SearchFilter()).hits
    assert not find_public(str(APPEAL), "en", SearchFilter()).hits


@time_machine.travel(OPEN, tick=False)
def test_a_mirror_holds_dated_numbers_and_nothing_that_is_true_for_a_moment(
    site, client, appeal, line, tmp_path: Path
) -> None:
    campaign(("help", HELP), ("counters", NUMBERS), show_in_menus=True)
    write_mirror(tmp_path / "mirror")
    page = (tmp_path / "mirror/en/week/index.html").read_text(encoding="utf-8")
    tree = html.document_fromstring(page)
    assert "Line of trust" not in page
    assert "Open now" not in page
    assert tree.xpath("//main//a[contains(@href, '/en/help/')]/@href")[0].startswith("http")
    assert "As of Tuesday 3 March 2026, 11:00" in page
    assert not tree.xpath("//*[@data-counters]")
    assert not (tmp_path / "mirror/en/support").exists()


def test_calls_and_posters_stand_beside_them(site, client, appeal) -> None:
    campaign(("poster", POSTER), ("calls", {"heading": "Act", "calls": [CALL]}), ("appeal", SUPPORT))
    assert HomePage.objects.count() == 3
    assert headings(read(client, "/en/week/")) == ["Silence protects nobody", "Act", "We need a law"]
