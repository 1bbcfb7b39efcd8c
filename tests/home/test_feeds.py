"""Every feed of news against its own standard: RSS 2.0, Atom 1.0 (RFC 4287), JSON Feed 1.1.

No maintained package checks all three, so each MUST that concerns us stands here as a check.
"""

import datetime
import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
import pytest
from defusedxml import ElementTree
from wagtail.models import Locale

from home.models import NewsPage, Topic
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture(params=["news/", "news/topics/court/"])
def below(request, site, news):
    """Below which the feeds lie: all news, or a topic's. An approved text, own news, news without a lead."""
    topic = Topic.objects.create(
        name="Court & law", slug="court", locale=Locale.objects.get(language_code="en")
    )
    stage(2).publish("en")
    for page in [*NewsPage.objects.filter(locale__language_code="en"), news("Own & <bold>")]:
        page.topics = [topic]
        page.save_revision().publish()
    bare = news("Without a lead", topics=[topic])
    NewsPage.objects.filter(pk=bare.pk).update(lead="", last_published_at=None)
    return f"/en/{request.param}"


def xml(client, address, kind):
    answer = client.get(address)
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert len(read.entries) == 3
    return ElementTree.fromstring(answer.content, forbid_dtd=True)


def one_text(element, name):
    (found,) = element.findall(name)
    assert (found.text or "").strip(), name
    return found.text


def is_address(text):
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and parts.path.startswith("/")


def is_moment(text):
    return bool(RFC_3339.fullmatch(text)) and datetime.datetime.fromisoformat(text).tzinfo is not None


def test_rss(client, below):
    root = xml(client, f"{below}rss.xml", "application/rss+xml")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert is_address(one_text(channel, "link"))
    assert one_text(channel, "title")
    assert one_text(channel, "description")
    assert one_text(channel, "language") == "en"
    assert parsedate_to_datetime(one_text(channel, "lastBuildDate")).tzinfo
    (own,) = channel.findall(f"{ATOM}link")
    assert own.get("rel") == "self"
    assert own.get("href").endswith(f"{below}rss.xml")
    items = channel.findall("item")
    for item in items:
        assert one_text(item, "title")
        assert is_address(one_text(item, "link"))
        assert parsedate_to_datetime(one_text(item, "pubDate")).tzinfo
        assert item.find("guid").get("isPermaLink") == "false"
    assert len({one_text(item, "guid") for item in items}) == len(items)


def test_atom(client, below):
    root = xml(client, f"{below}atom.xml", "application/atom+xml")
    assert root.tag == f"{ATOM}feed"
    assert root.get(LANG) == "en"
    assert one_text(root.find(f"{ATOM}author"), f"{ATOM}name")  # 4.1.1: of the feed, or of each entry
    assert is_address(one_text(root, f"{ATOM}id"))
    assert one_text(root, f"{ATOM}title")
    assert is_moment(one_text(root, f"{ATOM}updated"))
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"].endswith(f"{below}atom.xml")
    assert all(is_address(link) for link in links.values())
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}:en|urn:uuid:[0-9a-f-]{36}", one_text(entry, f"{ATOM}id"))
        assert one_text(entry, f"{ATOM}title")
        assert is_moment(one_text(entry, f"{ATOM}updated"))
        assert is_moment(one_text(entry, f"{ATOM}published"))
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("rel") == "alternate"
        assert is_address(link.get("href"))
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))
    assert len({one_text(entry, f"{ATOM}id") for entry in entries}) == len(entries)


def test_json(client, below):
    answer = client.get(f"{below}feed.json")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["language"] == "en"
    assert is_address(feed["home_page_url"])
    assert feed["feed_url"].endswith(f"{below}feed.json")
    assert [author["name"] for author in feed["authors"]]
    items = feed["items"]
    assert len({item["id"] for item in items}) == len(items) == 3
    for item in items:
        assert isinstance(item["id"], str)
        assert is_address(item["url"])
        assert item["content_text"]
        assert is_moment(item["date_published"])
        assert is_moment(item["date_modified"])
        assert all(isinstance(tag, str) and tag for tag in item["tags"])
        assert all(isinstance(value, str | list) and value for value in item.values())


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_without_news_is_one_too(site, client, name):
    read = feedparser.parse(client.get(f"/kk/news/{name}").content)
    assert not read.bozo
    assert read.feed.title
    assert not read.entries
