"""Pages opened by a token in the address: what does not count is like what never was, whatever the reason."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, override

from documents.drafts.token_links import NoSuchLink, TooOften

# The address is the key, so no other page learns it. "no-referrer" would hide it too, but then browsers send
# forms with `Origin: null`, which the check against forged requests refuses.
REFERRER_POLICY = "strict-origin"
STAYS_OPEN = datetime.timedelta(hours=12)  # in a browser in which the button was pressed

type View = Callable[..., HttpResponseBase]
type LanguageOf = Callable[[str], str | None]


def token_page(language_of: LanguageOf) -> Callable[[View], View]:
    """A page in the language of its person (`language_of(token)`), kept by no cache, told to nobody else."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
            language = get_language() if chosen else (language_of(token) or get_language())
            with override(language):
                try:
                    response = view(request, token, **kwargs)
                except (NoSuchLink, Http404):
                    response = render(request, "documents/ways/nothing.html", status=404)
                except TooOften:
                    response = render(request, "documents/guests/too_often.html", status=429)
            response["Cache-Control"] = "no-store, private"
            response["Referrer-Policy"] = REFERRER_POLICY
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            response["Content-Language"] = language or ""
            return response

        return guarded

    return decorate
