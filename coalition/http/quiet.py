"""Quiet pages: no traces on the screen, in logs or through links.

`quiet_page` prepares the context of `base_quiet.html`; `QuietHeadersMiddleware` sets the headers on
every response. docs/help.md describes what such a page promises, and how each part is implemented.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_from_path

from coalition.core.localized_text import content_languages
from coalition.core.log_redaction import is_quiet
from coalition.http.responses import RequestSlot

# Prefixes of the user agent: in-app browsers name the app further back, after "Mozilla/5.0". Signal
# and others call themselves WhatsApp; Apple's Messages ends its own with "facebookexternalhit".
_AT_THE_BEGINNING: Final = (
    r"WhatsApp/|TelegramBot\b|Viber\b|Twitterbot/|Slackbot|SkypeUriPreview|LinkedInBot/"
    r"|meta-external(?:agent|fetcher)/|Snapchat/|Pinterest/"
)
_ANYWHERE: Final = (
    r"facebookexternalhit/|\bFacebot\b|Discordbot/|vkShare\b|OdklBot/|MicrosoftPreview/"
    r"|Snap URL Preview|Pinterestbot/"
)
_PROGRAMS: Final = re.compile(rf"(?:{_AT_THE_BEGINNING})|.*?(?:{_ANYWHERE})")


def is_link_preview(request: HttpRequest) -> bool:
    """Return whether the client declares itself such a bot (`User-Agent`). Never true for a browser."""
    return _PROGRAMS.match(request.headers.get("User-Agent", "")[:500]) is not None


# No browser caches the page, and no other site learns the referrer. With "no-referrer" browsers
# send POST forms with `Origin: null`, which the CSRF check refuses: only GET here.
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_quiet_frame_slot = RequestSlot[dict[str, Any]]("quiet_frame")


def quiet_page[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorate a quiet view: no caching, no referrer, no content for link preview bots.

    For read-only views below `/<language>/`.
    """

    @wraps(view)
    def quiet(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_link_preview(request):
            return make_quiet(HttpResponse(status=204))
        prepare_quiet(request)
        return make_quiet(view(request, *args, **kwargs))

    return quiet


class QuietHeadersMiddleware:
    """Sets the headers of quiet pages on all responses below their paths: redirects and errors too.

    Must be the first middleware, so that no other changes them afterwards.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return make_quiet(response) if is_quiet(request.path) else response


def prepare_quiet(request: HttpRequest) -> None:
    """Set `request.quiet_frame` for `base_quiet.html`: safe exit, and the page in every language."""
    here = get_language_from_path(request.path_info)
    rest = request.get_full_path().removeprefix(f"/{here}" if here else "").lstrip("/")
    current = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    languages = [
        {"code": code, "name": name, "url": f"/{code}/{rest}", "is_current": code == current}
        for code, name in content_languages()
    ]
    _quiet_frame_slot.put(request, {"exit_url": settings.SAFE_EXIT_URL, "languages": languages})


def make_quiet(response: HttpResponse) -> HttpResponse:
    """Set the headers of a quiet page. Returns the response."""
    for name, value in HEADERS.items():
        response[name] = value
    return response
