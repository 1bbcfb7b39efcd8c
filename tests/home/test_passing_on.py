"""What leaves for messengers, newspapers and feed readers."""

import json
from io import BytesIO

import feedparser
import pytest
from django.core.files.storage import storages
from PIL import Image

from coalition.jobs import scheduler
from documents.publication.actions import withdraw_publication
from home.models import NewsPage, Topic
from home.share.card import draw_card
from home.share.texts import SHORT_TEXT_LENGTH, short_message
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db


def test_the_approved_words_leave_whole_with_their_source(site, client):
    publication = stage(2).publish("kk", "en")
    page = NewsPage.objects.get(publication=publication, locale__language_code="en")
    words = client.get(f"{page.get_url()}pass-on/").content.decode()
    document = publication.texts.get(language="en").document
    assert words.count(document["title"]) >= 3
    assert "Source: Қорғау123, http" in words
    assert f"{page.get_url()}" in words
    other = NewsPage.objects.get(publication=publication, locale__language_code="kk")
    assert f'href="{other.get_url()}pass-on/"' in words


def test_who_leaves_a_page_in_a_hurry_may_leave_this_one_too(site, client, news):
    marked = news("Own", safe_exit=True, light=True)
    words = client.get(f"{marked.get_url()}pass-on/").content.decode()
    assert "data-safe-exit" in words
    assert "/light.css" in words
    plain = client.get(f"{news('Plain').get_url()}pass-on/").content.decode()
    assert "data-safe-exit" not in plain
    assert "/light.css" not in plain


def test_withdrawn_and_unpublished_words_leave_no_more(site, client, news):
    page = news("Own")
    address = f"{page.get_url()}pass-on/"
    assert client.get(address).status_code == 200
    page.unpublish()
    assert client.get(address).status_code == 404
    held = stage(2)
    publication = held.publish("en")
    public = NewsPage.objects.get(publication=publication)
    withdraw_publication(access=held.access, publication=publication, note="A number was wrong.")
    assert client.get(f"{public.get_url()}pass-on/").status_code == 404


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Title", "One sentence. " * 40),
        ("Title", "word " * 200),
        ("Т" * 250, "Сөз. " * 100),
        ("Title", ""),
        ("Title", "Short."),
    ],
)
def test_a_message_is_short_and_ends_with_a_whole_word(title, lead):
    said = short_message(title, lead)
    assert len(said) <= SHORT_TEXT_LENGTH
    assert said.startswith(title)
    rest = said.removeprefix(title).strip().rstrip("….")
    assert not rest or lead.startswith(rest)
    assert not rest or lead[len(rest) : len(rest) + 1] in {"", " ", "."}


def test_a_topic_has_feeds_of_its_own(site, client, news):
    locale = (NewsPage.objects.model.objects.none() and None) or news("Other").locale
    topic = Topic.objects.create(name="Court", slug="court", locale=locale)
    news("In court", topics=[topic])
    for name in ("rss.xml", "atom.xml"):
        found = feedparser.parse(client.get(f"/en/news/topics/court/{name}").content)
        assert not found.bozo
        assert [one.title for one in found.entries] == ["In court"]
        assert "Court" in found.feed.title
    body = json.loads(client.get("/en/news/topics/court/feed.json").content)
    assert [one["title"] for one in body["items"]] == ["In court"]
    assert client.get("/en/news/topics/nothing/rss.xml").status_code == 404
    assert client.get("/kk/news/topics/court/rss.xml").status_code == 404
    assert "/en/news/topics/court/rss.xml" in client.get("/en/news/?topic=court").content.decode()


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_a_reader_that_asks_again_hears_of_what_was_taken_back(site, client, news, name):
    news("Older")
    page = news("Newer")
    address = f"/en/news/{name}"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    page.unpublish()
    answer = client.get(address, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert b"Newer" not in answer.content


def card_of(page: NewsPage) -> str:
    scheduler.run_due(worker="test")
    return NewsPage.objects.get(pk=page.pk).share_card.name


def test_the_shared_picture_is_drawn_when_news_is_public_and_goes_with_it(
    site, client, news, django_capture_on_commit_callbacks
):
    page = news("Жұмыстағы қысым", language="kk")
    public = storages["public"]
    assert "og:image" not in client.get(page.get_url()).content.decode()
    name = card_of(page)
    with public.open(name) as file, Image.open(BytesIO(file.read())) as drawn:
        assert drawn.size == (1200, 630)
    words = client.get(page.get_url()).content.decode()
    assert f"{name}" in words
    with django_capture_on_commit_callbacks(execute=True):
        NewsPage.objects.get(pk=page.pk).unpublish()
    assert not public.exists(name)
    assert not NewsPage.objects.get(pk=page.pk).share_card
    assert card_of(page) == ""


def test_a_changed_title_draws_another_picture(site, news, django_capture_on_commit_callbacks):
    page = news("First title")
    before = card_of(page)
    page = NewsPage.objects.get(pk=page.pk)
    page.title = "Second title"
    page.save_revision().publish()
    assert NewsPage.objects.get(pk=page.pk).share_card.name == before
    with django_capture_on_commit_callbacks(execute=True):
        after = card_of(page)
    assert after != before
    assert not storages["public"].exists(before)
    assert storages["public"].exists(after)


def test_every_kazakh_letter_is_in_the_typeface():
    """A letter that is missing is drawn as the same empty box as any other missing one."""
    missing = draw_card(title="\ue000", kind="", language="kk")
    for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІі№«»":
        assert draw_card(title=letter, kind="", language="kk") != missing


def test_words_are_never_commands():
    plain = draw_card(title="x", kind="", language="en")
    hostile = draw_card(title='#read("/etc/passwd") $x^2$ \\ *b* `c`', kind="#panic()", language="en")
    assert hostile != plain
