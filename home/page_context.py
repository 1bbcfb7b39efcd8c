"""Structured data of an article for search engines: schema.org's NewsArticle as JSON-LD."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from wagtail.models import Page

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, display_mark_for
from coalition.accounts.queries import count_unnamed_organisations, public_organisations
from coalition.accounts.regions import REGIONS, region_names
from coalition.core.clock import now
from events.public.presenters import rows_of_draft
from home.feeds import news_path
from home.models import CampaignPage, HomePage, NewsIndexPage, NewsPage, PartnersPage, PublicImage
from home.news_filter import NewsFilter, news_filter_from
from home.public_page import previous_page
from home.publication_content import approved_context
from home.queries import (
    filtered_news,
    organisations_with_news,
    related_news,
    signatories_by_publication,
    topics_of,
    topics_on,
    years_and_regions,
)
from home.sections import composed_page_context

HEADLINE = 110  # characters that search engines read
# Inside a script element only these can end it or begin a comment; in JSON they are equivalent.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def article_data(page: NewsPage, picture: str) -> SafeString:
    """Return the script element. It names no organisation: names change, and the page itself shows
    them.
    `picture`: the address of the page's share picture (`shared_picture`)."""
    coalition = {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": Truncator(page.title).chars(HEADLINE),
        "description": page.lead,
        "inLanguage": page.locale.language_code,
        "datePublished": page.published_on.isoformat(),
        "dateModified": (page.last_published_at or page.published_on).isoformat(),
        "mainEntityOfPage": f"{settings.SITE_URL.rstrip('/')}{page.get_url()}",
        **({"image": [f"{settings.SITE_URL.rstrip('/')}{picture}"]} if picture else {}),
        "author": coalition,
        "publisher": coalition,
    }
    words = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308  # nosec B308 B703  escaped above


def shared_picture(page: NewsPage) -> str:
    """Return the address of the page's share picture; "" if there is none."""
    if page.share_card:
        url: str = page.share_card.url
    elif page.cover is not None:
        url = page.cover.get_rendition("fill-1200x630|format-jpeg").url
    else:
        url = ""
    return url


# --- page context ---
# Context builders for each kind of public page.


NEWS_ON_INDEX = 20


def page_context_for(page: Page, request: HttpRequest) -> dict[str, Any]:
    """Return the page's own context; empty for pages without a builder."""
    build = _BUILDERS.get(type(page))
    return build(page, request) if build else {}


def _home_context(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    return {
        **composed_page_context(page),
        "untranslated": "untranslated" in request.GET,
        "way_back": previous_page(request),
    }


def _campaign_context(page: CampaignPage, request: HttpRequest) -> dict[str, Any]:
    return composed_page_context(page)


def _news_index_context(page: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    language = page.locale.language_code
    narrowing = news_filter_from(request.GET)
    found = filtered_news(language, narrowing)
    listed = Paginator(found, NEWS_ON_INDEX).get_page(request.GET.get("page"))
    under = signatories_by_publication([item.publication for item in listed if item.publication])
    topics = list(topics_of(language))
    chosen = next((one for one in topics if one.slug == narrowing.topic), None)
    return {
        "news": [{"page": item, "under": under.get(item.publication_id)} for item in listed],
        "listed": listed,
        "topics": topics,
        "topic": narrowing.topic,
        "narrowing": narrowing,
        **_filter_choices(language, narrowing),
        "chosen": chosen,
        "own_feeds": news_path(language, chosen) if chosen else "",
    }


def _filter_choices(language: str, narrowing: NewsFilter) -> dict[str, Any]:
    """Return the filters of the news list that have results."""
    years, regions = years_and_regions(language)
    organisations = [
        {"value": one.slug, "label": display_mark_for(PUBLIC, one, language=language).name}
        for one in organisations_with_news(language)
    ]
    return {
        "years": years if len(years) > 1 or narrowing.year else [],
        "regions": [{"value": code, "label": REGIONS[code]} for code in regions],
        "organisations": sorted(organisations, key=lambda one: str(one["label"])),
    }


def _news_context(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    # A preview shows those of the form.
    topics = list(page.topics.all()) if _is_preview(request) else topics_on(page)
    context: dict[str, Any] = {
        "topics": topics,
        "related": related_news(page, topics) if topics else [],
        "events": rows_of_draft(page.publication.draft_id, page.locale.language_code, now())
        if page.publication
        else [],
    }
    if page.publication is None:
        prefetch_related_objects(_pictures(page), "renditions")
    else:
        context |= approved_context(page, page.publication)
    shared = shared_picture(page)  # last: pictures are loaded by then
    shown = context.get("document") or {"title": page.title, "lead": page.lead}
    return {
        **context,
        "headline": {"title": shown["title"], "lead": shown["lead"]},
        "share_image": {"url": shared} if shared else None,
        "article_data": article_data(page, shared),
    }


def _is_preview(request: HttpRequest) -> bool:
    return bool(getattr(request, "is_preview", False))


def _pictures(page: NewsPage) -> list[PublicImage]:
    """Return the cover and the pictures in the text of the newsroom's own news."""
    shown = [block.value["image"] for block in page.body if block.block_type == "picture"]
    return [picture for picture in (page.cover, *shown) if picture is not None]


def _partners_context(page: PartnersPage, request: HttpRequest) -> dict[str, Any]:
    return {
        "organisations": organisation_cards(page.locale.language_code),
        "withheld": count_unnamed_organisations(),
    }


def organisation_cards(language: str) -> list[dict[str, Any]]:
    """Return publicly listed organisations with logo, name, regions and address. One query."""
    return [organisation_card(organisation, language) for organisation in public_organisations()]


def organisation_card(organisation: Organisation, language: str) -> dict[str, Any]:
    return {
        "mark": display_mark_for(PUBLIC, organisation, language=language),
        "regions": ", ".join(region_names(organisation.regions)),
        "url": f"/{language}/partners/{organisation.slug}/",
        "description": organisation.description_in(language),
    }


_BUILDERS: dict[type[Page], Callable[[Any, HttpRequest], dict[str, Any]]] = {
    HomePage: _home_context,
    CampaignPage: _campaign_context,
    NewsIndexPage: _news_index_context,
    NewsPage: _news_context,
    PartnersPage: _partners_context,
}
