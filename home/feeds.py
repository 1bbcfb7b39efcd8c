"""News out: RSS, Atom and JSON Feed, one each per language and per topic."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from home.models import NewsPage, Topic
from home.queries import public_news, topics_of

MAX_ITEMS = 50


def absolute_page_url(page: NewsPage) -> str:
    """The whole address of a page."""
    return f"{settings.SITE_URL.rstrip('/')}{page.get_url()}"


def news_path(language: str, topic: Topic | None = None) -> str:
    """Below which the feeds of one language, or of one topic in it, lie."""
    return f"/{language}/news/topics/{topic.slug}/" if topic else f"/{language}/news/"


def _feed_language() -> str:
    return get_language() or "kk"


def _get_topic(slug: str) -> Topic | None:
    """The topic of an address, None for all news. Raises Http404 for a topic without news."""
    if not slug:
        return None
    found = topics_of(_feed_language()).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


class NewsFeed(Feed):
    """RSS of the active language."""

    feed_type = Rss201rev2Feed
    file_name = "rss.xml"

    def get_object(self, _request: HttpRequest, topic: str = "") -> Topic | None:
        return _get_topic(topic)

    def title(self, topic: Topic | None) -> str:
        if topic is None:
            return _("%(site)s: news") % {"site": settings.SITE_NAME}
        return _("%(site)s: news on “%(topic)s”") % {"site": settings.SITE_NAME, "topic": topic.name}

    def link(self, topic: Topic | None) -> str:
        query = f"?topic={topic.slug}" if topic else ""
        return f"{settings.SITE_URL.rstrip('/')}{news_path(_feed_language())}{query}"

    def description(self, _topic: Topic | None) -> str:
        return _("What the coalition says, in the words its organisations approved.")

    def author_name(self, _topic: Topic | None) -> str:
        """The coalition: who stands under a text is told on its page, where a name can be taken off."""
        return settings.SITE_NAME

    def feed_url(self, topic: Topic | None) -> str:
        return f"{settings.SITE_URL.rstrip('/')}{news_path(_feed_language(), topic)}{self.file_name}"

    def items(self, topic: Topic | None) -> list[NewsPage]:
        return list(public_news(_feed_language(), topic.slug if topic else None)[:MAX_ITEMS])

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.lead

    def item_link(self, item: NewsPage) -> str:
        return absolute_page_url(item)

    def item_guid(self, item: NewsPage) -> str:
        return f"urn:uuid:{item.translation_key}:{item.locale.language_code}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: NewsPage) -> Any:
        return item.published_on

    def item_updateddate(self, item: NewsPage) -> Any:
        return item.last_published_at or item.published_on

    def item_categories(self, item: NewsPage) -> list[str]:
        return [topic.name for topic in item.topics.all()]


class AtomFeed(NewsFeed):
    """Atom of the active language."""

    feed_type = Atom1Feed  # type: ignore[assignment]  # the stubs take the base's default for its type
    file_name = "atom.xml"

    def subtitle(self, topic: Topic | None) -> str:
        return self.description(topic)


def _feed_etag(_request: HttpRequest, topic: str = "") -> str:
    """Changes with every piece of news that comes, changes or goes; a date alone would not tell of a
    withdrawal, and readers would keep what was taken back."""
    rows = public_news(_feed_language(), topic or None).values_list("pk", "last_published_at", "title")[
        :MAX_ITEMS
    ]
    digest = hashlib.sha256(repr([_feed_language(), topic, *rows]).encode()).hexdigest()
    return f'"{digest[:32]}"'


@require_safe
@condition(etag_func=_feed_etag)
def json_feed(request: HttpRequest, topic: str = "") -> HttpResponse:
    """JSON Feed 1.1 of the active language."""
    feed, about = NewsFeed(), _get_topic(topic)
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title(about),
        "home_page_url": feed.link(about),
        "feed_url": f"{settings.SITE_URL.rstrip('/')}{news_path(_feed_language(), about)}feed.json",
        "description": feed.description(about),
        "language": _feed_language(),
        "authors": [{"name": feed.author_name(about), "url": settings.SITE_URL}],
        "items": [_json_item(feed, page) for page in feed.items(about)],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type="application/feed+json; charset=utf-8"
    )


def _json_item(feed: NewsFeed, page: NewsPage) -> dict[str, Any]:
    item = {
        "id": feed.item_guid(page),
        "url": absolute_page_url(page),
        "title": page.title,
        "summary": page.lead,
        "content_text": page.words or page.lead or page.title,
        "image": f"{settings.SITE_URL.rstrip('/')}{page.share_card.url}" if page.share_card else "",
        "date_published": page.published_on.isoformat(),
        "date_modified": feed.item_updateddate(page).isoformat(),
        "tags": feed.item_categories(page),
    }
    return {name: value for name, value in item.items() if value}


rss = require_safe(condition(etag_func=_feed_etag)(NewsFeed()))
atom = require_safe(condition(etag_func=_feed_etag)(AtomFeed()))
