"""One piece of news."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from documents.publication.verification.findings import taken_off_page
from home.models.public import PublicPage
from home.public_page import frame
from home.queries import home_page, news_index, news_page
from home.verification.pages import taken_off_at


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
    publication the note (410), of one that is off the site while it is checked that (503)."""
    language = get_language() or "kk"

    def taken_off(asked: HttpRequest) -> HttpResponse:
        since = taken_off_at(language, slug)
        return taken_off_page(asked, since, frame(asked, language=language)) if since else _not_found(asked)

    return _served(request, lambda: news_page(language, slug), taken_off)


def _not_found(_request: HttpRequest) -> HttpResponse:
    raise Http404


def _served(
    request: HttpRequest,
    find: Callable[[], PublicPage | None],
    otherwise: Callable[[HttpRequest], HttpResponse] = _not_found,
) -> HttpResponse:
    page = find()
    if page is None:
        return otherwise(request)
    answer: HttpResponse = page.serve(request)
    return answer
