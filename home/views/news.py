"""One piece of news."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from documents.publication.verification.findings import taken_off_page
from home.models.public import PublicPage
from home.public_page import frame_context
from home.queries import frame_pages, home_page, news_index, news_page
from home.share.texts import share_texts_for
from home.verification.pages import taken_off_at


@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """The language's first page. This and the list of news are found in one query each, as an article is."""
    return _serve_page(request, lambda: home_page(get_language() or "kk"))


@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """The list of news."""
    return _serve_page(request, lambda: news_index(get_language() or "kk"))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, found in one query: Wagtail's own way down the tree takes nine. Of a withdrawn
    publication the note (410), of one that is off the site while it is checked that (503)."""
    language = get_language() or "kk"

    def taken_off(asked: HttpRequest) -> HttpResponse:
        since = taken_off_at(language, slug)
        return (
            taken_off_page(asked, since, frame_context(asked, language=language))
            if since
            else _not_found(asked)
        )

    return _serve_page(request, lambda: news_page(language, slug), taken_off)


def _not_found(_request: HttpRequest) -> HttpResponse:
    raise Http404


def _serve_page(
    request: HttpRequest,
    find: Callable[[], PublicPage | None],
    otherwise: Callable[[HttpRequest], HttpResponse] = _not_found,
) -> HttpResponse:
    page = find()
    if page is None:
        return otherwise(request)
    answer: HttpResponse = page.serve(request)
    return answer


# --- passing on ---
# The page from which a piece of news is passed on: to a messenger, to a newspaper.


@require_safe
def share_news(request: HttpRequest, slug: str) -> HttpResponse:
    """Words to copy, of a page that is public; without script they are selected by hand."""
    language = get_language() or "kk"
    page = news_page(language, slug)
    if page is None or page.is_withdrawn():
        raise Http404
    _menus, translations = frame_pages(page)
    here = {code: f"{other.url}pass-on/" for code, other in translations.items()}
    around = {**frame_context(request, language=language, here=here), **page.manner}
    context = {**around, "page": page, "words": share_texts_for(page)}
    return render(request, "home/pass_on.html", context)
