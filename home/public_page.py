"""The frame of every public page: menu, languages, feeds, links to our sources."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from coalition.accounts.models import Language
from events.feeds.queries import feed_path
from home.queries import FramePage, frame_pages

_A_PAGE: Final = re.compile(rf"/(?:{'|'.join(Language.values)})/(?:[\w-]+/)+")


def frame_context(
    request: HttpRequest, *, language: str, current: Page | None = None, here: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the context of base_public.html.

    `current` is the Wagtail page shown, if it is one; `here` maps, for others or if not all translations
    count, languages to addresses of the object. A missing language links to that language's first page and is
    marked as missing.
    """
    pages, translations, has_packages = frame_pages(current)
    if current is not None and here is None:
        here = {code: page.url for code, page in translations.items()}
    here = here or {}
    own, back = pages.get(language, []), here.get(language) or next(iter(here.values()), "")
    return {
        "home_url": f"/{language}/",
        "seeking": request.path == f"/{language}/search/",
        "search_url": f"/{language}/search/",
        "menu": _menu(request, own, current, language),
        "languages": [
            {
                "code": code,
                "name": name,
                # A missing translation leads to a page with that note and a link back.
                "url": here.get(code) or f"/{code}/?untranslated{'=' if back else ''}{quote(back)}",
                "current": code == language,
                "missing": code not in here,
            }
            for code, name in Language.choices
            if code in pages or code == language
        ],
        "default_url": next((here[code] for code in Language.values if code in here), ""),
        "calendar_url": feed_path(language),
        "packages_url": f"/{language}/media/" if has_packages else "",
    }


def previous_page(request: HttpRequest) -> str:
    """Return the page from which a reader switched to a missing language; empty if unknown."""
    given = request.GET.get("untranslated", "")
    return given if _A_PAGE.fullmatch(given) else ""


def _menu(
    request: HttpRequest, own: Sequence[FramePage], current: Page | None, language: str
) -> list[dict[str, Any]]:
    """Return the menu: after the first page the page of help (where phones show it), then events."""
    entries: list[dict[str, Any]] = []
    for page in own:
        is_above = current is not None and current.path.startswith(page.path)
        marker = "page" if current is not None and page.pk == current.pk else is_above
        entries.append({"title": page.title, "url": page.url, "current": marker})
    events = f"/{language}/events/"
    here: str | bool = "page" if request.path == events else request.path.startswith(events)
    entries.insert(1, {"title": _("Events"), "url": events, "current": here})
    # The page of help gets no referrer.
    entries.insert(1, {"title": _("Get help"), "url": f"/{language}/help/", "rel": "noreferrer"})
    return entries
