"""News feeds: RSS, Atom and JSON Feed, one each per language and per topic."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import condition, require_safe

from coalition.accounts.models import Language
from coalition.accounts.queries import public_organisations
from coalition.consent.site import is_page_under_consent
from events.core.queries import public_events
from home.models import NewsPage, Topic
from home.page_paths import page_path
from home.queries import public_news, public_pages, site_languages, topics_of
from home.sections import public_facts

MAX_ITEMS = 50


def absolute_page_url(page: NewsPage) -> str:
    """Return the absolute URL of a page."""
    return f"{settings.SITE_URL.rstrip('/')}{page.get_url()}"


def news_path(language: str, topic: Topic | None = None) -> str:
    """Return the path prefix of the feeds of one language, or of one topic in it."""
    return f"/{language}/news/topics/{topic.slug}/" if topic else f"/{language}/news/"


def _feed_language() -> str:
    return get_language() or "kk"


def _get_topic(slug: str) -> Topic | None:
    """Return the topic of a slug, None for all news. Raises Http404 for a topic without news."""
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
        """Return the coalition: signatories are listed on the page only, where a name can be removed."""
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
    """Return an ETag that changes with every added, changed or removed article. A date alone
    would miss a withdrawal, and readers would still have the withdrawn text."""
    rows = public_news(_feed_language(), topic or None).values_list("pk", "last_published_at", "title")[
        :MAX_ITEMS
    ]
    digest = hashlib.sha256(repr([_feed_language(), topic, *rows]).encode()).hexdigest()
    return f'"{digest[:32]}"'


@require_safe
@condition(etag_func=_feed_etag)
def json_feed(request: HttpRequest, topic: str = "") -> HttpResponse:
    """Return JSON Feed 1.1 of the active language."""
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
    card = page.share_card if page.share_card and not is_page_under_consent(page) else None
    item = {
        "id": feed.item_guid(page),
        "url": absolute_page_url(page),
        "title": page.title,
        "summary": page.lead,
        "content_text": page.words or page.lead or page.title,
        "image": f"{settings.SITE_URL.rstrip('/')}{card.url}" if card else "",
        "date_published": page.published_on.isoformat(),
        "date_modified": feed.item_updateddate(page).isoformat(),
        "tags": feed.item_categories(page),
    }
    return {name: value for name, value in item.items() if value}


rss = require_safe(condition(etag_func=_feed_etag)(NewsFeed()))
atom = require_safe(condition(etag_func=_feed_etag)(AtomFeed()))
EVENT_PAGES = ("events/", "events/month/", "events/agenda/", "events/map/")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List all live pages, public organisations and events; each address with its translations by
    hreflang, and the first of the site's languages as x-default."""
    root = settings.SITE_URL.rstrip("/")
    groups: dict[Any, dict[str, Any]] = {}
    pages = public_pages().public().filter(depth__gt=1).select_related("locale").order_by("path")
    for page in pages:
        entry = {"url": f"{root}{page_path(page)}", "changed": page.last_published_at}
        groups.setdefault(page.translation_key, {})[page.locale.language_code] = entry
    # When each was changed, None for unknown.
    everywhere: dict[str, Any] = {f"partners/{one.slug}/": None for one in public_organisations()}
    everywhere |= dict.fromkeys((*EVENT_PAGES, "help/"))
    used = public_facts().filter(retired_at=None).order_by("pk")
    everywhere |= {f"facts/{uuid}/": None for uuid in used.values_list("uuid", flat=True)}
    for slug, changed in public_events().order_by("pk").values_list("slug", "changed_at"):
        everywhere[f"events/{slug}/"] = changed
    codes = site_languages()
    for name, changed in everywhere.items():
        groups[name] = {code: {"url": f"{root}/{code}/{name}", "changed": changed} for code in codes}
    entries = [
        {**entry, "others": [*others, ("x-default", others[0][1])]}
        for group in groups.values()
        for others in [sorted(group.items(), key=lambda item: Language.values.index(item[0]))]
        for _code, entry in others
    ]
    body = render_to_string("home/sitemap.xml", {"entries": entries})
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
