"""Pages on which people without an account ask for something and come back by a link: what they share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override

from coalition.accounts.enums import Language
from home.public_page import frame_context
from home.queries import site_languages


def page_language() -> str:
    """The language of the page, by its two letters."""
    return (get_language() or Language.KK)[:2]


def step_page(
    request: HttpRequest, template: str, step: str, *, begins: str, status: int = 200, **more: object
) -> HttpResponse:
    """One step of asking. `begins` names the address where it begins, to which the switch of languages leads:
    a link in a mail is for one language."""
    here = {code: _address(begins, code) for code in site_languages()}
    context = {**frame_context(request, language=page_language(), here=here), "step": step, **more}
    return render(request, template, context, status=status)


def private_link_response(answer: HttpResponse) -> HttpResponse:
    """The answer at an address that is a key: nobody is told of it, and no search engine keeps it.

    "no-referrer" would make browsers send the page's form with `Origin: null`.
    """
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _address(name: str, language: str) -> str:
    with override(language):
        return reverse(name)
