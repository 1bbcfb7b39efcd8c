"""What each kind of public page shows inside the frame."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from wagtail.models import Page

from coalition.clock.now import now
from coalition.partners.models import Organisation
from coalition.partners.naming import PUBLIC, display_mark_for
from coalition.partners.queries import public_organisations, unnamed_count
from coalition.partners.regions import region_names
from events.pages.public_rows import next_rows
from home.approved import approved_context
from home.article_data import article_data
from home.models import HomePage, NewsIndexPage, NewsPage, PartnersPage, Placement
from home.queries import lead_news, names_under, public_news, topics_of

NEWS_ON_HOME = 4
NEWS_ON_INDEX = 20


def context_of(page: Page, request: HttpRequest) -> dict[str, Any]:
    """The page's own context; pages without a builder have none."""
    build = _BUILDERS.get(type(page))
    return build(page, request) if build else {}


def _home(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    language = page.locale.language_code
    lead = lead_news(language)
    others = public_news(language).exclude(placement=Placement.INDEX).exclude(pk=lead.pk if lead else None)
    news = [*([lead] if lead else []), *others[: NEWS_ON_HOME - bool(lead)]]
    under = names_under([item.publication for item in news if item.publication])
    return {
        "news": [{"page": item, "under": under.get(item.publication_id)} for item in news],
        "organisations": organisation_cards(language),
        "withheld": unnamed_count(),
        "events": next_rows(language, now()),
        "untranslated": "untranslated" in request.GET,
    }


def _news_index(page: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    language = page.locale.language_code
    topic = request.GET.get("topic", "")
    listed = Paginator(public_news(language, topic or None), NEWS_ON_INDEX).get_page(request.GET.get("page"))
    under = names_under([item.publication for item in listed if item.publication])
    return {
        "news": [{"page": item, "under": under.get(item.publication_id)} for item in listed],
        "listed": listed,
        "topics": topics_of(language),
        "topic": topic,
    }


def _news(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    context = {"topics": page.topics.all(), "article_data": article_data(page)}
    if page.publication is None:
        return context
    return {**context, **approved_context(page, page.publication)}


def _partners(page: PartnersPage, request: HttpRequest) -> dict[str, Any]:
    return {
        "organisations": organisation_cards(page.locale.language_code),
        "withheld": unnamed_count(),
    }


def organisation_cards(language: str) -> list[dict[str, Any]]:
    """Publicly listed organisations with mark, name, regions and address. One query."""
    return [organisation_card(organisation, language) for organisation in public_organisations()]


def organisation_card(organisation: Organisation, language: str) -> dict[str, Any]:
    return {
        "mark": display_mark_for(PUBLIC, organisation, language=language),
        "regions": ", ".join(region_names(organisation.regions)),
        "url": f"/{language}/partners/{organisation.slug}/",
        "description": organisation.description_in(language),
    }


_BUILDERS: dict[type[Page], Callable[[Any, HttpRequest], dict[str, Any]]] = {
    HomePage: _home,
    NewsIndexPage: _news_index,
    NewsPage: _news,
    PartnersPage: _partners,
}
