"""Pages with a token in the URL: an invalid token and an unknown one get the same response."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, override

from documents.drafts.token_links import GuestLinkOverused, NoSuchLink

# The URL is the key, so other sites must not receive it. "no-referrer" would hide it too, but
# then browsers send forms with `Origin: null`, which CSRF protection refuses.
REFERRER_POLICY = "strict-origin"
OPENED_LINK_LIFETIME = datetime.timedelta(hours=12)  # in a browser in which the button was pressed

type TokenView = Callable[..., HttpResponseBase]
type LanguageOf = Callable[[str], str | None]


def token_page(language_of: LanguageOf) -> Callable[[TokenView], TokenView]:
    """Decorate a token page: rendered in the language `language_of(token)`.
    It is not cached or indexed, and its URL is not sent as referrer."""

    def decorate(view: TokenView) -> TokenView:
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
            language = get_language() if chosen else (language_of(token) or get_language())
            with override(language):
                try:
                    response = view(request, token, **kwargs)
                except (NoSuchLink, Http404):
                    response = render(request, "documents/ways/nothing.html", status=404)
                except GuestLinkOverused:
                    response = render(request, "documents/guests/too_often.html", status=429)
            response["Cache-Control"] = "no-store, private"
            response["Referrer-Policy"] = REFERRER_POLICY
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            response["Content-Language"] = language or ""
            return response

        return guarded

    return decorate
