"""Finding news by topic, region, organisation and year; what else there is; and safe exit."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from coalition.accounts.models import Listing
from documents.models import PublicationName
from home.models import NewsPage, Topic
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db
INDEX_QUERIES, ARTICLE_QUERIES, HOME_QUERIES = 12, 9, 12


def listed(client, query: str = "") -> str:
    answer = client.get(f"/en/news/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def queries(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(path).status_code == 200
    return len(counted)


@pytest.fixture
def topic(site):
    return Topic.objects.create(name="Court", slug="court", locale=Locale.objects.get(language_code="en"))


def test_by_region(client, news):
    news("In two cities", regions=["KZ-75", "KZ-79"])
    news("In one region", regions=["KZ-7"])
    news("Everywhere")
    words = listed(client, "?region=KZ-75")
    assert "In two cities" in words
    assert "Everywhere" not in words
    assert "In one region" not in listed(client, "?region=KZ-75")
    assert "Shymkent" in listed(client)


def test_by_year(client, news):
    news("Old", published_on=datetime.datetime(2018, 5, 1, tzinfo=datetime.UTC))
    news("New", published_on=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))
    words = listed(client, "?year=2018")
    assert ">Old<" in words
    assert ">New<" not in words
    assert '<option value="2018" selected>' in words


def test_by_organisation_that_stands_under_it_by_name(site, client, news):
    made = stage(2)
    publication = made.publish("en")
    news("Own")
    first, second = (name.organisation for name in publication.names.order_by("pk"))
    words = listed(client, f"?organisation={first.slug}")
    assert publication.texts.get().document["title"] in words
    assert ">Own<" not in words
    PublicationName.objects.filter(organisation=second).update(listing=Listing.WITHHELD)
    second.__class__.objects.filter(pk=second.pk).update(listing=Listing.WITHHELD)
    assert "There is no news on this yet" in listed(client, f"?organisation={second.slug}")
    assert f'value="{second.slug}"' not in listed(client)


@pytest.mark.parametrize(
    "query",
    ["?year=20180", "?year=²⁰¹⁸", "?year=-1", "?region=KZ-00", "?region=%22", "?page=zzz", "?topic=%00x"],
)
def test_what_no_news_can_have_shows_what_there_is(client, news, query):
    news("There")
    assert client.get(f"/en/news/{query}").status_code == 200


def test_further_pages_keep_what_was_asked_for(client, news, topic):
    for number in range(21):
        news(f"News {number}", topics=[topic], regions=["KZ-75"])
    words = listed(client, "?topic=court&region=KZ-75")
    assert "?topic=court&amp;region=KZ-75&amp;page=2" in words


def test_an_article_leads_to_others_on_its_topic_and_not_to_itself(client, news, topic):
    page = news("This", topics=[topic])
    news("That", topics=[topic])
    news("Something else")
    words = client.get(page.get_url()).content.decode()
    assert "On the same topic" in words
    assert words.count(">That<") == 1
    assert "Something else" not in words


def test_few_queries_whatever_the_number(site, client, news, topic):
    held = stage(12).publish("kk", "en")
    page = NewsPage.objects.get(publication=held, locale__language_code="en")
    page.topics = [topic]
    page.save()
    news("One", topics=[topic], regions=["KZ-75"])
    paths = {page.get_url(): ARTICLE_QUERIES, "/en/news/": INDEX_QUERIES, "/en/": HOME_QUERIES}
    before = {path: queries(client, path) for path in paths}
    assert {path: count for path, count in before.items() if count > paths[path]} == {}
    for number in range(3):
        news(f"More {number}", topics=[topic], regions=["KZ-79"])
    stage(3).publish("en")
    assert {path: queries(client, path) for path in paths} == before


def test_safe_exit_stands_where_an_editor_marked_the_page(client, news, settings):
    page = news("For those in danger", safe_exit=True)
    other = news("Other")
    settings.SAFE_EXIT_URL = "https://weather.example/"
    words = client.get(page.get_url()).content.decode()
    links = re.findall(r"<a [^>]*data-safe-exit>", words)
    assert len(links) == 2  # near the top for who goes by keyboard or by ear, and in sight
    for link in links:
        assert 'href="https://weather.example/" rel="nofollow noreferrer"' in link
    assert words.index(links[0]) < words.index("<nav") < words.index("</footer>") < words.index(links[1])
    assert "data-safe-exit" not in client.get(other.get_url()).content.decode()


def test_the_newsroom_says_where_news_matters_and_marks_pages(newsroom, news):
    page = news("To be dressed")
    words = newsroom.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert 'name="regions"' in words
    assert 'name="safe_exit"' in words
    assert "Shymkent" in words
