"""News pages: the first page, the list, an article."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from documents.publication.verification.findings import offline_page
from home.models.public import PublicPage
from home.public_page import frame_context
from home.queries import frame_pages, home_page, news_index, news_page
from home.share.texts import share_texts_for
from home.verification.pages import taken_off_at


@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """Show the language's first page. This and the news list are loaded in one query each, like an
    article."""
    return _serve_page(request, lambda: home_page(get_language() or "kk"))


@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """Show the news list."""
    return _serve_page(request, lambda: news_index(get_language() or "kk"))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article, loaded in one query: Wagtail's own routing takes nine. For a withdrawn
    publication show the note (410), for one that is off the site during verification a notice
    (503)."""
    language = get_language() or "kk"

    def taken_off(asked: HttpRequest) -> HttpResponse:
        since = taken_off_at(language, slug)
        return (
            offline_page(asked, since, frame_context(asked, language=language))
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
# The page for sharing news: with messengers, with newspapers.


@require_safe
def share_news(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text to copy, of a public page; without JavaScript it is selected by hand."""
    language = get_language() or "kk"
    page = news_page(language, slug)
    if page is None or page.is_withdrawn():
        raise Http404
    _menus, translations = frame_pages(page)
    here = {code: f"{other.url}pass-on/" for code, other in translations.items()}
    around = {**frame_context(request, language=language, here=here), **page.manner}
    context = {**around, "page": page, "words": share_texts_for(page)}
    return render(request, "home/pass_on.html", context)
