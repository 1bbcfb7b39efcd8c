"""The first page and the pages of campaigns, as an editor composes them."""

from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page

from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing
from documents.facts.actions import check_fact, set_fact_public
from home.mirror import write_mirror
from home.models import CampaignPage, FactOnPage, HomePage, Placement, Topic
from home.models.section_blocks import SectionsBlock
from home.search.find import SearchFilter, find_public
from home.setup_site import first_sections
from home.translations import LanguageState, create_translation, family
from tests.documents.conftest import Room
from tests.documents.facts.writing import fact_content, soon, write_down
from tests.events.planning.builders import announced, representative_of
from tests.factories import OrganisationFactory, UserFactory, WorkspaceFactory

pytestmark = pytest.mark.django_db

POSTER = {"first": "Silence", "second": "protects nobody", "lead": "We say so."}
NEWS = {"heading": "", "most": 4, "topics": []}
EVENTS = {"heading": "", "most": 3, "kind": "", "region": "", "organisation": ""}
EVERYBODY = {"heading": "", "organisations": []}
CALL = {"text": "Why", "words": "Do it", "page": None, "address": "https://example.org/"}


def compose(*sections, language="en"):
    home = HomePage.objects.get(locale__language_code=language)
    home.sections = list(sections)
    home.save_revision().publish()
    return home


def campaign(*sections, language="en", **given):
    home = HomePage.objects.get(locale__language_code=language)
    page = CampaignPage(
        title="Tulipweek",
        slug="week",
        locale=home.locale,
        lead="All of it.",
        sections=list(sections),
        **given,
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    return CampaignPage.objects.get(pk=page.pk)


def read(client, address="/en/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content)


def headings(tree):
    return [" ".join(one.text_content().split()) for one in tree.xpath("//main//*[self::h1 or self::h2]")]


def test_sections_stand_in_the_order_that_the_editor_chose(site, news, client):
    news("First")
    OrganisationFactory()
    box = {"heading": "Where to get help", "text": "<p>Call us</p>"}
    compose(("organisations", EVERYBODY), ("box", box), ("poster", POSTER), ("news", NEWS))
    tree = read(client)
    page = HomePage.objects.get(locale__language_code="en")
    assert headings(tree) == [
        *(page.title, "Organisations", "Where to get help"),
        *("Silence protects nobody", "News"),
    ]
    assert len(tree.xpath("//h1")) == 1  # the page's own name, since the poster does not come first
    assert tree.xpath("//section[contains(@class, 'poster')]//a/@href") == ["#news", "#organisations"]
    assert page.lead == "We say so."


def test_what_has_nothing_to_show_is_left_out_heading_and_all(site, client):
    fact = {"heading": "Gone", "figures": [("fact", "0190c0de-0000-7000-8000-000000000000")]}
    away = {"heading": "Act", "calls": [CALL | {"address": ""}]}
    compose(
        *(("numbers", fact), ("news", NEWS), ("events", EVENTS)),
        *(("organisations", EVERYBODY), ("calls", away)),
    )
    tree = read(client)
    assert headings(tree) == [HomePage.objects.get(locale__language_code="en").title]
    assert not tree.xpath("//main//section")


def test_there_is_one_poster_at_most():
    block = SectionsBlock()
    with pytest.raises(StreamBlockValidationError):
        block.clean(block.to_python([{"type": "poster", "value": POSTER}] * 2))


def test_news_stands_as_it_was_placed_and_by_topic(site, news, client):
    locale = HomePage.objects.get(locale__language_code="en").locale
    topic = Topic.objects.create(name="Law", slug="law", locale=locale)
    for title, placement in (("Top", "LEAD"), ("Newest", "HOME"), ("Only listed", "INDEX")):
        page = news(title, placement=Placement[placement])
        if title != "Newest":
            page.topics.set([topic])
            page.save()
    on_topic = NEWS | {"topics": [str(topic.translation_key)]}
    compose(("news", NEWS), ("news", on_topic | {"heading": "On law"}))
    every, some = read(client).xpath("//main//section")
    assert every.xpath(".//h3//text()") == ["Top", "Newest"]
    assert some.xpath(".//h3//text()") == ["Top"]
    campaign(("news", on_topic))
    assert set(read(client, "/en/week/").xpath("//section//h3//text()")) == {"Top", "Only listed"}


def test_organisations_that_are_not_named_any_more_are_gone(site, client):
    chosen, other = OrganisationFactory(name_en="Chosen"), OrganisationFactory(name_en="Other")
    compose(("organisations", {"heading": "With us", "organisations": [str(chosen.uuid)]}))
    text = client.get("/en/").content.decode()
    assert "Chosen" in text
    assert "Other" not in text
    assert other.listing == Listing.PUBLIC
    change_listing(by=representative_of(chosen), organisation=chosen, listing=Listing.WITHHELD)
    assert "With us" not in client.get("/en/").content.decode()


@pytest.fixture
def facts(site):
    room = Room(WorkspaceFactory())
    room.take("editor")
    room.take("coordinator")

    def make(numeral):
        fact = write_down(room.user("editor"), **fact_content(numeral))
        fact = check_fact(person=room.user("coordinator"), fact=fact, seen=1, next_check=soon())
        return set_fact_public(person=room.user("editor"), fact=fact, opened=True)

    return make


@time_machine.travel("2026-03-01 09:00Z", tick=False)
def test_a_page_of_a_campaign_ties_together_what_there_is_for_the_same_number_of_queries(
    site, news, client, facts
):
    def whole(pages, figures):
        return (
            ("poster", POSTER | {"lead": ""}),
            ("numbers", {"heading": "", "figures": [("fact", str(one.uuid)) for one in figures]}),
            ("news", NEWS),
            ("events", EVENTS),
            ("calls", {"heading": "Act", "calls": [CALL | {"page": one, "address": ""} for one in pages]}),
            ("materials", {"heading": "", "pages": pages}),
            ("organisations", EVERYBODY),
            ("how", {"heading": "", "text": "We counted."}),
        )

    counts = []
    page = campaign()
    for number in (1, 3):
        made = [news(f"News {number} {one}").page_ptr for one in range(number)]
        for one in range(number):
            announced(title=f"Event {number} {one}")
        figures = [facts(str(number * 10 + one)) for one in range(number)]
        page.sections = list(whole(made, figures))
        page.save_revision().publish()
        client.get("/en/week/")
        with CaptureQueriesContext(connection) as queries:
            tree = read(client, "/en/week/")
        counts.append(len(queries))
        assert len(tree.xpath("//div[@class='fact']")) == number
        assert len(tree.xpath("//ul[@class='materials']/li")) == number
        assert len(tree.xpath("//ol[@class='calls']/li")) == number
        assert len(tree.xpath("//ol[@class='date-rows']/li")) == (1 if number == 1 else 3)
        assert len(tree.xpath("//dl[@class='how']/div")) == number
    assert counts[0] == counts[1]
    assert FactOnPage.objects.filter(page=page).count() == 3
    assert "All of it." in client.get("/en/week/").content.decode()
    assert headings(read(client, "/en/week/"))[0] == "Silence protects nobody"


def test_a_campaign_is_searched_translated_listed_and_mirrored(site, client, tmp_path: Path, facts):
    fact = facts("4711")
    page = campaign(
        ("text", "<p>About the tulipgarden</p>"),
        ("organisations", EVERYBODY | {"organisations": [str(OrganisationFactory(name_en="Canary").uuid)]}),
        show_in_menus=True,
    )
    hits = find_public("tulipgarden", "en", SearchFilter())
    assert [(hit.kind, hit.key) for hit in hits.hits] == [("campaign", page.pk)]
    assert [hit.kind for hit in find_public("canary", "en", SearchFilter()).hits] == ["partner"]
    found = client.get("/en/search/?q=4711").content.decode()
    assert f'href="/en/facts/{fact.uuid}/"' in found
    assert "/en/week/" in client.get("/sitemap.xml").content.decode()
    assert read(client, "/en/").xpath("//nav//a[@href='/en/week/']")
    copy = create_translation(page, language="ru", by=UserFactory(is_superuser=True))
    assert family(page.translation_key).languages["ru"].state == LanguageState.DRAFT
    assert copy.specific.sections[0].block_type == "text"
    write_mirror(tmp_path / "mirror")
    assert (tmp_path / "mirror/en/week/index.html").is_file()
    page.unpublish()
    assert not find_public("tulipgarden", "en", SearchFilter()).hits


def test_two_languages_of_a_campaign_stand_side_by_side(site, newsroom):
    page = campaign(("poster", POSTER), ("calls", {"heading": "Act now", "calls": [CALL]}))
    answer = newsroom.get(reverse("newsroom_side_by_side", args=[page.translation_key]), {"left": "en"})
    text = answer.content.decode()
    for words in ("protects nobody", "Act now", "Do it"):
        assert words in text


def test_what_is_chosen_in_one_language_leads_to_the_same_page_in_the_readers(site, news, client):
    source = news("Юрта", "kk")
    copy = create_translation(source, language="en", by=UserFactory(is_superuser=True)).specific
    copy.title, copy.slug = "A yurt", "a-yurt"
    copy.save_revision().publish()
    untold = news("Тек қазақша", "kk")
    gone = news("Gone", "kk")
    gone.unpublish()
    pages = [Page.objects.get(pk=one.pk) for one in (source, untold, gone)]
    campaign(("materials", {"heading": "", "pages": pages}))
    links = read(client, "/en/week/").xpath("//ul[@class='materials']//a")
    assert [(one.text.strip(), one.get("lang")) for one in links] == [("A yurt", "en"), ("Тек қазақша", "kk")]


def test_a_light_page_brings_no_letters_and_no_pictures_of_its_own(site, news, client):
    page = news("Heavy")
    assert ".woff2" in client.get(page.get_url()).content.decode()
    page.light = True
    page.save_revision().publish()
    text = client.get(page.get_url()).content.decode()
    assert "light.css" in text
    assert ".woff2" not in text
    assert "public.css" not in text


def test_a_new_site_has_sections_from_the_start(site, client):
    home = HomePage.objects.get(locale__language_code="kk")
    assert [block.block_type for block in home.sections] == [kind for kind, _value in first_sections()]
    assert len(read(client, "/kk/").xpath("//h1")) == 1


def test_what_is_chosen_costs_the_same_for_one_as_for_three(site, news, client):
    """Wagtail would look every chosen key up among all choices, each time with a query of its own."""
    organisations = [str(OrganisationFactory().uuid) for _one in range(3)]
    locale = HomePage.objects.get(locale__language_code="en").locale
    topics = [Topic.objects.create(name=name, slug=name, locale=locale) for name in "abc"]
    news("On a").topics.set(topics)
    article = news("With names")
    counts = []
    for number in (1, 3):
        names = {"heading": "Names", "organisations": organisations[:number]}
        keys = [str(topic.translation_key) for topic in topics[:number]]
        compose(("organisations", names), ("news", NEWS | {"topics": keys}))
        article.body = [("organisations", names)]
        article.save_revision().publish()
        for address in ("/en/", article.get_url()):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).content.decode().count("/en/partners/o-") == number
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
