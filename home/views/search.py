"""The search: what everyone may find, and above it what a signed-in person may see."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.accounts.regions import REGIONS
from coalition.core.crypto import cache_decrypted
from home.models import FoundKind
from home.public_page import frame_context
from home.queries import site_languages, topics_of
from home.search.find import SearchFilter, SearchOutcome, count_in_other_languages, find_public
from home.search.matching import Hit
from home.search.members import find_for_member
from home.search.query import MAX_QUERY_LENGTH
from home.search.results import KINDS, build_results

ON_A_PAGE = 20


@require_safe
@cache_decrypted()
def search(request: HttpRequest) -> HttpResponse:
    """`?q=&kind=&topic=&region=&year=&page=`. Whatever is asked for answers 200."""
    language = get_language() or Language.KK
    text = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:MAX_QUERY_LENGTH]
    narrowing = _search_filter(request)
    found = find_public(text, language, narrowing)
    page: Page[Hit] = Paginator(found.hits, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame_context(request, language=language, here=_language_addresses(text)),
        "text": text,
        "longest": MAX_QUERY_LENGTH,
        "news_url": f"/{language}/news/",
        "found": found,
        "page": page,
        "query": f"{_query(text, narrowing)}&" if text else "",
        "results": build_results(found, list(page), language),
        "elsewhere": _other_languages(text, language),
        "members": find_for_member(request.user, text),
        **_choices(found, narrowing, text, language),
    }
    answer = render(request, "home/search.html", context)
    # What a person asks for stays between them and the site; members see more than others.
    patch_cache_control(answer, private=True, no_store=True)
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _search_filter(request: HttpRequest) -> SearchFilter:
    """What is asked to be seen only; unknown kinds, regions and years count as none."""
    kind, region, year = (request.GET.get(name, "") for name in ("kind", "region", "year"))
    return SearchFilter(
        kind=kind if kind in FoundKind.values else "",
        topic=request.GET.get("topic", "").replace("\0", "")[:60],
        region=region if region in REGIONS else "",
        year=year if len(year) == 4 and year.isascii() and year.isdigit() else "",
    )


def _query(text: str, narrowing: SearchFilter, **other: str) -> str:
    given = {"q": text, **vars(narrowing), **other}
    return urlencode({name: value for name, value in given.items() if value})


def _language_addresses(text: str) -> dict[str, str]:
    query = f"?{urlencode({'q': text})}" if text else ""
    return {code: f"/{code}/search/{query}" for code in site_languages()}


def _other_languages(text: str, language: str) -> list[dict[str, Any]]:
    """The other languages that have something, with links in their own names."""
    here = _language_addresses(text)
    counts = count_in_other_languages(text, language) if text else {}
    return [
        {"code": code, "name": Language(code).label, "count": number, "url": here[code]}
        for code, number in counts.items()
        if code in here
    ]


def _choices(found: SearchOutcome, narrowing: SearchFilter, text: str, language: str) -> dict[str, Any]:
    """Tabs of kinds, and the lists of the form. Only what has something, or is chosen."""
    kinds: dict[str, Any] = {"": _("Everything"), **KINDS}
    tabs = [
        {
            "label": label,
            "url": f"?{_query(text, narrowing, kind=kind)}",
            "current": narrowing.kind == kind,
            "count": found.kinds.get(kind, 0) if kind else sum(found.kinds.values()),
        }
        for kind, label in kinds.items()
        if not kind or found.kinds.get(kind) or narrowing.kind == kind
    ]
    return {
        "narrowing": narrowing,
        "tabs": tabs,
        "topics": list(topics_of(language)),
        "regions": [{"value": code, "label": name} for code, name in REGIONS.items()],
        "years": sorted({*found.years, narrowing.year} - {""}, reverse=True),
        "all_url": f"?{_query(text, SearchFilter())}",
    }
