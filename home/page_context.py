"""The frame of public pages: menu, languages, feeds, structured data."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from wagtail.models import Page

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.queries import count_unnamed_organisations
from coalition.consent.site import IMAGE, is_page_under_consent, is_under_consent
from coalition.core.clock import now
from events.core.public_pages import data_script
from events.public.presenters import rows_of_draft
from home import queries
from home.feeds import news_path
from home.models import CampaignPage, HomePage, NewsIndexPage, NewsPage, PartnersPage
from home.organisation_cards import organisation_cards
from home.public_page import previous_page
from home.publication_pages import approved_context
from home.sections import composed_page_context

HEADLINE = 110  # characters that search engines read


def article_data(page: NewsPage, picture: str) -> SafeString:
    """Return the script element. It names no organisation: names change, and the page itself shows them.
    `picture`: the address of the page's share picture (`shared_picture`)."""
    coalition = {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title if len(page.title) <= HEADLINE else Truncator(page.title).chars(HEADLINE),
        "description": page.lead,
        "inLanguage": page.locale.language_code,
        "datePublished": page.published_on.isoformat(),
        "dateModified": (page.last_published_at or page.published_on).isoformat(),
        "mainEntityOfPage": f"{settings.SITE_URL.rstrip('/')}{page.get_url()}",
        **({"image": [f"{settings.SITE_URL.rstrip('/')}{picture}"]} if picture else {}),
        "author": coalition,
        "publisher": coalition,
    }
    return data_script(data)


def shared_picture(page: NewsPage) -> str:
    """Return the address of the page's share picture; "" if there is none. Messengers and search engines keep
    copies: a page under consent has none, and a cover that is, or was, under consent is none."""
    if is_page_under_consent(page):
        url = ""
    elif page.share_card:
        url = page.share_card.url
    elif (cover := page.shown_cover) is not None and not is_under_consent(IMAGE, cover):
        url = cover.get_rendition("fill-1200x630|format-jpeg").url
    else:
        url = ""
    return url


NEWS_ON_INDEX = 20


def page_context_for(page: Page, request: HttpRequest) -> dict[str, Any]:
    """Return the page's own context; empty for pages without a builder."""
    build = _BUILDERS.get(type(page))
    return build(page, request) if build else {}


def _news_index_context(page: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    language = page.locale.language_code
    narrowing = queries.news_filter_from(request.GET)
    found = queries.filtered_news(language, narrowing)
    listed = Paginator(found, NEWS_ON_INDEX).get_page(request.GET.get("page"))
    under = queries.signatories_by_publication([item.publication for item in listed if item.publication])
    topics = list(queries.topics_of(language))
    chosen = next((one for one in topics if one.slug == narrowing.topic), None)
    years, regions = queries.years_and_regions(language)
    organisations = [
        {"value": one.slug, "label": display_name_for(PUBLIC, one, language=language)}
        for one in queries.organisations_with_news(language)
    ]
    return {
        "news": [{"page": item, "under": under.get(item.publication_id)} for item in listed],
        "listed": listed,
        "topics": topics,
        "topic": narrowing.topic,
        "narrowing": narrowing,
        # The filters that have results.
        "years": years if len(years) > 1 or narrowing.year else [],
        "regions": [{"value": code, "label": REGIONS[code]} for code in regions],
        "organisations": sorted(organisations, key=lambda one: str(one["label"])),
        "chosen": chosen,
        "own_feeds": news_path(language, chosen) if chosen else "",
    }


def _news_context(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    # A preview shows those of the form.
    topics = list(page.topics.all()) if getattr(request, "is_preview", False) else queries.topics_on(page)
    context: dict[str, Any] = {
        "topics": topics,
        "related": queries.related_news(page, topics) if topics else [],
        "events": rows_of_draft(page.publication.draft_id, page.locale.language_code, now())
        if page.publication
        else [],
    }
    if page.publication is None:
        pictures = [block.value["image"] for block in page.body if block.block_type == "picture"]
        shown = [picture for picture in (page.cover, *pictures) if picture is not None]
        prefetch_related_objects(shown, "renditions")
    else:
        context |= approved_context(page, page.publication)
    shared = shared_picture(page)  # last: pictures are loaded by then
    words = context.get("document") or {"title": page.title, "lead": page.lead}
    return {
        **context,
        "headline": {"title": words["title"], "lead": words["lead"]},
        "share_image": {"url": shared} if shared else None,
        "article_data": article_data(page, shared),
    }


_BUILDERS: dict[type[Page], Callable[[Any, HttpRequest], dict[str, Any]]] = {
    HomePage: lambda page, request: {
        **composed_page_context(page),
        "untranslated": "untranslated" in request.GET,
        "way_back": previous_page(request),
    },
    CampaignPage: lambda page, _request: composed_page_context(page),
    NewsIndexPage: _news_index_context,
    NewsPage: _news_context,
    PartnersPage: lambda page, _request: {
        "organisations": organisation_cards(page.locale.language_code),
        "withheld": count_unnamed_organisations(),
    },
}


def site(request: HttpRequest) -> dict[str, object]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "demo": settings.DEMO}
