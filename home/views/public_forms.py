"""Shared parts of public forms that are confirmed by a mailed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override

from coalition.accounts.enums import Language
from home.public_page import frame_context
from home.queries import site_languages


def page_language() -> str:
    """Return the two-letter code of the page's language."""
    return (get_language() or Language.KK)[:2]


def step_page(
    request: HttpRequest, template: str, step: str, *, begins: str, status: int = 200, **more: object
) -> HttpResponse:
    """Render one step of such a form. `begins` names the URL of its first step, to which the
    language switch links: a mailed link is for one language."""
    here = {code: _address(begins, code) for code in site_languages()}
    context = {**frame_context(request, language=page_language(), here=here), "step": step, **more}
    return render(request, template, context, status=status)


def private_link_response(answer: HttpResponse) -> HttpResponse:
    """Return the response of a secret address: without referrer and search indexing.

    "no-referrer" would make browsers send the page's form with `Origin: null`.
    """
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _address(name: str, language: str) -> str:
    with override(language):
        return reverse(name)
