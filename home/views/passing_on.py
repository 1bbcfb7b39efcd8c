"""The page from which a piece of news is passed on: to a messenger, to a newspaper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from home.public_page import frame
from home.queries import frame_pages, news_page
from home.sharing import passed_on


@require_safe
def passing_on(request: HttpRequest, slug: str) -> HttpResponse:
    """Words to copy, of a page that is public; without script they are selected by hand."""
    language = get_language() or "kk"
    page = news_page(language, slug)
    if page is None or page.is_withdrawn():
        raise Http404
    _menus, translations = frame_pages(page)
    here = {code: f"{other.url}pass-on/" for code, other in translations.items()}
    around = {**frame(request, language=language, here=here), **page.manner}
    context = {**around, "page": page, "words": passed_on(page)}
    return render(request, "home/pass_on.html", context)
