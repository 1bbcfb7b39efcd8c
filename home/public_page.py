"""What every public page shows around its words: menu, languages, feeds, ways to check us."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from coalition.accounts.enums import Language
from events.feeds.calendar_links import feed_path
from home.queries import FramePage, frame_pages

_A_PAGE: Final = re.compile(rf"/(?:{'|'.join(Language.values)})/(?:[\w-]+/)+")


def frame_context(
    request: HttpRequest, *, language: str, current: Page | None = None, here: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The context of base_public.html.

    `current` is the Wagtail page shown, if it is one; `here` says, for other pages, the address of the
    same thing in each language. A language in which the thing is missing leads to that language's first
    page and is marked, so that the switch says so openly.
    """
    pages, translations = frame_pages(current)
    if current is not None:
        here = {code: page.url for code, page in translations.items()}
    here = here or {}
    own = pages.get(language, [])
    return {
        "home_url": f"/{language}/",
        "seeking": request.path == f"/{language}/search/",
        "search_url": f"/{language}/search/",
        "menu": _menu(request, own, current, language),
        "languages": [
            {
                "code": code,
                "name": name,
                "url": here.get(code)
                or _first_page(code, here.get(language) or next(iter(here.values()), "")),
                "current": code == language,
                "missing": code not in here,
            }
            for code, name in Language.choices
            if code in pages or code == language
        ],
        "default_url": next((here[code] for code in Language.values if code in here), ""),
        "feeds": _feeds(language),
        "checks": [
            {"title": _("Approval sheets"), "url": reverse("documents_public:sheets")},
            {"title": _("Facts and their sources"), "url": reverse("public_facts")},
        ],
    }


def _first_page(language: str, back: str) -> str:
    """Where a missing translation leads: it is said there, with the way back."""
    return f"/{language}/?untranslated{'=' if back else ''}{quote(back)}"


def previous_page(request: HttpRequest) -> str:
    """The page from which a reader came to a language in which it is missing; empty if none is told."""
    given = request.GET.get("untranslated", "")
    return given if _A_PAGE.fullmatch(given) else ""


def _feeds(language: str) -> list[dict[str, str]]:
    """What one may follow in the language."""
    return [
        {"title": _("News as RSS"), "url": f"/{language}/news/rss.xml", "type": "application/rss+xml"},
        {"title": _("News as Atom"), "url": f"/{language}/news/atom.xml", "type": "application/atom+xml"},
        {
            "title": _("News as JSON Feed"),
            "url": f"/{language}/news/feed.json",
            "type": "application/feed+json",
        },
        {"title": _("News by mail"), "url": f"/{language}/news-by-mail/"},
        {
            "title": _("Subscribe to the calendar (.ics)"),
            "url": feed_path(language),
            "type": "text/calendar",
        },
    ]


def _menu(
    request: HttpRequest, own: Sequence[FramePage], current: Page | None, language: str
) -> list[dict[str, Any]]:
    """The pages in the menu; after the first the way to help (a phone shows it there), then events."""
    entries: list[dict[str, Any]] = [
        {"title": page.title, "url": page.url, "current": _current_marker(page, current)} for page in own
    ]
    events = f"/{language}/events/"
    here: str | bool = "page" if request.path == events else request.path.startswith(events)
    entries.insert(1, {"title": _("Events"), "url": events, "current": here})
    # The page of help does not learn from where somebody came.
    entries.insert(1, {"title": _("Get help"), "url": f"/{language}/help/", "rel": "noreferrer"})
    return entries


def _current_marker(page: FramePage, current: Page | None) -> str | bool:
    if current is None:
        return False
    if page.pk == current.pk:
        return "page"
    return current.path.startswith(page.path)
