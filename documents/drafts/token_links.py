"""Links that open one thing for a person without an account: who they are for, and why they open nothing."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.translation import get_language, override

from coalition.accounts.enums import Language


@dataclass(frozen=True)
class GuestData:
    """The invited guest: name, address for the link, language of mail and pages."""

    name: str
    email: str
    language: Language


class NoSuchLink(Exception):
    """Link unknown, expired, revoked, or ended: the response is the same."""


class GuestLinkOverused(Exception):
    """The link was used more often within an hour than a person could."""


# --- token pages ---
# Pages with a token in the URL: an invalid token and an unknown one get the same response.


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


# --- addresses ---
# Addresses that several capabilities need. The converter in `TEXT` is known wherever this is imported.


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")


TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"  # where the address of a text begins


def sheet_address_of(publication: UUID, language: str | None = None) -> str:
    """Address of the public approval sheet of the publication with this UUID."""
    with override(language or get_language() or "kk"):
        return reverse("documents_public:sheet", args=[publication])
