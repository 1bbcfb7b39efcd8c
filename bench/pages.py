"""The pages of the demo coalition: queries, answers a second, weight, and what Lighthouse says of them."""

import urllib.request
from dataclasses import dataclass

from bench import demo_data, lighthouse, many_news, search
from bench.figures import Figure, at_least, at_most, told
from bench.load import requests_per_second
from bench.server import serving
from bench.weight import first_view_kilobytes
from tests.browser import chromium

LANGUAGE = "kk"
ARTICLE_QUERIES = 12
MEMBERS_QUERIES = 20
FIRST_VIEW = 120
BARE_PART, KEPT_PART = 0.6, 30.0  # per cent of what a bare answer of the same size reaches
LIGHT_VIEW = 60


@dataclass(frozen=True)
class Addresses:
    """Where the demo's pages are."""

    home: str
    news: str
    article: str
    light: str
    partner: str
    event: str
    dashboard: str
    drafts: str


def measure(peer: str | None) -> list[Figure]:
    demo_data.prepare()
    addresses = _addresses()
    return [
        *_queries(addresses),
        *many_news.measure(addresses.news, LANGUAGE),
        *search.measure(),
        *_answers(addresses, peer),
        *_first_views(addresses, peer),
    ]


def _addresses() -> Addresses:
    from django.urls import reverse

    from coalition.accounts.queries import public_organisations
    from coalition.workspaces.models import Workspace
    from events.core.queries import public_events
    from home.models import NewsPage

    news = NewsPage.objects.live().filter(locale__language_code=LANGUAGE).order_by("pk")
    article, light = news.filter(light=False).first(), news.filter(light=True).first()
    workspace = (
        Workspace.objects.filter(seats__person__email="coordinator@demo.example").order_by("pk").first()
    )
    partner, event = public_organisations().first(), public_events().exclude(picture=None).first()
    if article is None or light is None or workspace is None or partner is None or event is None:
        raise RuntimeError("The demo data lacks an article, light page, workspace, partner or event.")
    return Addresses(
        home=f"/{LANGUAGE}/",
        news=f"/{LANGUAGE}/news/",
        article=article.get_url(),
        light=light.get_url(),
        partner=f"/{LANGUAGE}/partners/{partner.slug}/",
        event=f"/{LANGUAGE}/events/{event.slug}/",
        dashboard=reverse("workspaces:dashboard"),
        drafts=reverse("documents:drafts", args=[workspace.uuid]),
    )


def _queries(addresses: Addresses) -> list[Figure]:
    return [
        _dearest_article(),
        _count("dashboard", addresses.dashboard, "coordinator@demo.example", reach=MEMBERS_QUERIES),
        _count("draft list", addresses.drafts, "coordinator@demo.example", reach=MEMBERS_QUERIES),
    ]


def _dearest_article() -> Figure:
    """Of all news of the language the one that costs most."""
    from home.queries import public_news

    articles = public_news(LANGUAGE)
    counted = [_count("public article", page.get_url(), None, reach=ARTICLE_QUERIES) for page in articles]
    return max(counted, key=lambda figure: figure.value)


def _count(name: str, path: str, person: str | None, *, reach: int) -> Figure:
    """Queries of one request with empty caches. Raises `RuntimeError` unless the page answers 200."""
    from django.contrib.auth import get_user_model
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    if person:
        client.force_login(
            get_user_model().objects.get(email=person), "coalition.accounts.auth.PersonBackend"
        )
    client.get(path)  # templates are loaded, the session is warm
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return at_most("pages", f"queries: {name}", len(queries), "queries", reach=reach)


def _answers(addresses: Addresses, peer: str | None) -> list[Figure]:
    """Answers a second of one worker, beside those of the least that answers as many bytes."""
    with serving("coalition.asgi:application") as ours:
        size = _size_of(ours + addresses.article)
        with serving("bench.bare:application", BARE_SIZE=str(size)) as bare:
            ceiling = requests_per_second(f"{bare}/")
        rates = {name: requests_per_second(ours + getattr(addresses, name)) for name in ("home", "article")}
    with serving("coalition.asgi:application", PAGES_KEPT="60") as keeping:
        kept = requests_per_second(keeping + addresses.article)
    figures = [told("pages", f"answers: bare ASGI, {size / 1024:.0f} kB", ceiling, "requests/s")]
    figures += [told("pages", f"answers: {name}", rate, "requests/s") for name, rate in rates.items()]
    part, kept_part = (100 * rate / ceiling for rate in (rates["article"], kept))
    figures += [
        at_least("pages", "answers: article, of bare ASGI", part, "%", reach=BARE_PART),
        told("pages", "answers: article, kept by the application", kept, "requests/s"),
        at_least("pages", "answers: article, kept, of bare ASGI", kept_part, "%", reach=KEPT_PART),
    ]
    if peer:
        figures.append(told("pages", f"answers: {peer}", requests_per_second(peer), "requests/s"))
    return figures


def _size_of(url: str) -> int:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return len(answer.read())


def _first_views(addresses: Addresses, peer: str | None) -> list[Figure]:
    """What a phone loads of each public page, and what Lighthouse says of it."""
    if chromium() is None:
        print("Chromium was not found: neither weight nor Lighthouse is measured.")
        return []
    public = ("home", "news", "article", "partner", "event")
    with serving("coalition.asgi:application") as ours:
        pages = {name: ours + getattr(addresses, name) for name in public}
        figures = [
            at_most("pages", f"first view: {name}", first_view_kilobytes(url), "kB", reach=FIRST_VIEW)
            for name, url in pages.items()
        ]
        light = first_view_kilobytes(ours + addresses.light)
        figures.append(at_most("pages", "first view: page marked light", light, "kB", reach=LIGHT_VIEW))
        figures += lighthouse.judge(pages)
    if peer:
        figures.append(told("pages", f"first view: {peer}", first_view_kilobytes(peer), "kB"))
    return figures
