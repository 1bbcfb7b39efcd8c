"""News out: RSS, Atom and JSON Feed, one each per language."""

import json
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from home.models import NewsPage
from home.queries import public_news

ITEMS = 50


def address(page: NewsPage) -> str:
    """The whole address of a page."""
    return f"{settings.SITE_URL.rstrip('/')}{page.get_url()}"


class NewsFeed(Feed):
    """RSS of the active language."""

    feed_type = Rss201rev2Feed

    def title(self) -> str:
        return _("%(site)s: news") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        return f"{settings.SITE_URL.rstrip('/')}/{get_language()}/news/"

    def description(self) -> str:
        return _("What the coalition says, in the words its organisations approved.")

    def feed_url(self) -> str:
        return f"{self.link()}rss.xml"

    def items(self) -> list[NewsPage]:
        return list(public_news(get_language() or "kk")[:ITEMS])

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.lead

    def item_link(self, item: NewsPage) -> str:
        return address(item)

    def item_guid(self, item: NewsPage) -> str:
        return f"urn:uuid:{item.translation_key}:{item.locale.language_code}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: NewsPage) -> Any:
        return item.published_on

    def item_updateddate(self, item: NewsPage) -> Any:
        return item.last_published_at

    def item_categories(self, item: NewsPage) -> list[str]:
        return [topic.name for topic in item.topics.all()]


class AtomFeed(NewsFeed):
    """Atom of the active language."""

    feed_type = Atom1Feed  # type: ignore[assignment]  # the stubs take the base's default for its type

    def subtitle(self) -> str:
        return self.description()

    def feed_url(self) -> str:
        return f"{self.link()}atom.xml"


def _last_change(request: HttpRequest) -> Any:
    return public_news(get_language() or "kk").order_by().aggregate(last=Max("last_published_at"))["last"]


@require_safe
@condition(last_modified_func=_last_change)
def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 of the active language."""
    feed = NewsFeed()
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title(),
        "home_page_url": feed.link(),
        "feed_url": f"{feed.link()}feed.json",
        "description": feed.description(),
        "language": get_language(),
        "items": [
            {
                "id": feed.item_guid(page),
                "url": address(page),
                "title": page.title,
                "summary": page.lead,
                "content_text": page.words or page.lead,
                "date_published": page.published_on.isoformat(),
                "date_modified": (page.last_published_at or page.published_on).isoformat(),
                "tags": feed.item_categories(page),
            }
            for page in feed.items()
        ],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type="application/feed+json; charset=utf-8"
    )


rss = require_safe(condition(last_modified_func=_last_change)(NewsFeed()))
atom = require_safe(condition(last_modified_func=_last_change)(AtomFeed()))
