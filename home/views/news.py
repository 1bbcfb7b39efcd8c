"""One piece of news."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from home.models.public import PublicPage
from home.page_cache import pages
from home.queries import home_page, news_index, news_page


@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """The language's first page. This and the list of news are found in one query each, as an article is."""
    return _served(request, lambda: home_page(get_language() or "kk"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of news."""
    return _served(request, lambda: news_index(get_language() or "kk"))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, found in one query: Wagtail's own way down the tree takes nine. Of a withdrawn
    publication the note (410)."""
    return _served(request, lambda: news_page(get_language() or "kk", slug))


def _served(request: HttpRequest, find: Callable[[], PublicPage | None]) -> HttpResponse:
    def draw(asked: HttpRequest) -> HttpResponse:
        page = find()
        if page is None:
            raise Http404
        answer: HttpResponse = page.serve(asked)
        return answer

    return pages.answer(request, draw)
