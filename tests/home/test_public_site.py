"""What an anonymous visitor finds."""

import json
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Listing
from home.models import NewsPage
from tests.documents.approval.builders import stage
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


def queries(client, address):
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    ("accepted", "language"), [("ru", "ru"), ("en-GB,en", "en"), ("kk", "kk"), ("fr", "kk"), ("", "kk")]
)
def test_the_root_leads_to_the_visitors_language(site, client, accepted, language):
    answer = client.get("/", headers={"accept-language": accepted})
    assert (answer.status_code, answer.url) == (302, f"/{language}/")


def test_every_first_page_answers_in_three_languages(site, client):
    for language in LANGUAGES:
        for path in ("", "news/", "partners/", "about/"):
            answer = client.get(f"/{language}/{path}")
            assert answer.status_code == 200
            assert f'<html lang="{language}">' in answer.content.decode()


def test_the_switch_stays_on_the_page_and_says_where_a_language_is_missing(site, client):
    publication = stage(2).publish("kk", "ru")
    pages = {page.locale.language_code: page for page in NewsPage.objects.filter(publication=publication)}
    words = client.get(pages["kk"].get_url()).content.decode()
    assert f'href="{pages["ru"].get_url()}"' in words
    back = pages["kk"].get_url()
    assert f'href="/en/?untranslated={back}"' in words
    assert "data-missing" in words
    assert 'hreflang="en" href="http' not in words
    assert "is not there in this language yet" in client.get("/en/?untranslated").content.decode()
    said = client.get(f"/en/?untranslated={back}").content.decode()
    assert "is not there in this language yet" in said
    assert f'<a href="{back}">Back to what you were reading' in said


@pytest.mark.parametrize(
    "given",
    ["", "//evil.example/", "https://evil.example/", "/cms/", "/kk/?next=x", '/kk/"><b>/', "/kk//evil/"],
)
def test_the_way_back_leads_to_a_page_of_the_site_alone(site, client, given):
    said = client.get("/en/", {"untranslated": given}).content.decode()
    assert "is not there in this language yet" in said
    assert "Back to what you were reading" not in said


def test_a_withheld_organisation_has_no_page_and_no_place(site, client):
    OrganisationFactory(name_en="Named", slug="named")
    OrganisationFactory(listing=Listing.WITHHELD, name_en="Canary", name_kk="Canary", name_ru="Canary")
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL, slug="canary", name_en="Canary")
    assert client.get("/en/partners/named/").status_code == 200
    assert client.get(f"/en/partners/{hidden.slug}/").status_code == 404
    for path in ("/en/", "/kk/", "/en/partners/", "/sitemap.xml", "/en/news/rss.xml", "/en/partners/named/"):
        assert "canary" not in client.get(path).content.decode().lower()


@pytest.mark.parametrize("path", ["/en/", "/en/news/"])
def test_lists_cost_the_same_whatever_their_length(site, client, news, path):
    news("First")
    stage(2).publish("en")
    client.get(path)
    before = queries(client, path)
    news("Second")
    news("Third")
    stage(3).publish("en")
    assert queries(client, path) == before


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_feeds_are_read_by_a_feed_reader(site, client, news, name):
    news("In the feed & <out>")
    feed = feedparser.parse(client.get(f"/en/news/{name}").content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "In the feed & <out>"
    assert entry.link.endswith("/en/news/in-the-feed-out/")
    assert not feedparser.parse(client.get(f"/kk/news/{name}").content).entries


def test_the_json_feed_follows_its_standard(site, client, news):
    news("In the feed")
    answer = client.get("/en/news/feed.json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in feed["items"]] == ["In the feed"]
    again = client.get("/en/news/feed.json", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_the_sitemap_names_the_languages_of_each_page(site, client):
    page = NewsPage.objects.filter(publication=stage(2).publish("kk", "ru")).first()
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    entry = next(url for url in tree.findall("s:url", space) if page.slug in url.findtext("s:loc", "", space))
    assert [link.get("hreflang") for link in entry.findall("x:link", space)] == ["kk", "ru", "x-default"]


def test_an_article_tells_machines_what_it_is(site, client, news):
    page = news("A title with </script><script>alert(1)</script>")
    words = client.get(page.get_url()).content.decode()
    assert "<script>alert" not in words
    data = json.loads(words.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert (data["@type"], data["headline"]) == ("NewsArticle", page.title)


def test_policies_stand_on_public_pages_and_only_cms_runs_inline_scripts(site, client, newsroom):
    public = client.get("/en/")["Content-Security-Policy"]
    assert "unsafe-inline" not in public
    assert "frame-ancestors 'none'" in public
    assert "unsafe-inline" in newsroom.get("/cms/")["Content-Security-Policy"]


def test_unknown_pages_are_404_in_words(site, client):
    assert client.get("/en/news/nothing/").status_code == 404
    assert client.get("/en/nothing/").status_code == 404
