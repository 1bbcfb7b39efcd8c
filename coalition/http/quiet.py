"""Quiet pages: no traces on the screen, in logs or through links.

`quiet_page` prepares the context of `base_quiet.html`; `QuietHeadersMiddleware` sets the headers on
every response. docs/help.md describes what such a page promises, and how each part is implemented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_from_path

from coalition.core.localized_text import content_languages
from coalition.core.quiet_paths import is_quiet
from coalition.http.link_previews import is_link_preview
from coalition.http.request_cache import RequestSlot

# No browser caches the page, and no other site learns the referrer. With "no-referrer" browsers
# send POST forms with `Origin: null`, which the CSRF check refuses: only GET here.
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class LanguageLink:
    """Link to the page in another language. `name` is in that language."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class QuietFrame:
    """Context that `base_quiet.html` reads as `request.quiet_frame`."""

    exit_url: str
    languages: tuple[LanguageLink, ...]


_quiet_frame_slot = RequestSlot[QuietFrame]("quiet_frame")


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
    """Set the context of `base_quiet.html` on the request."""
    _quiet_frame_slot.put(
        request, QuietFrame(exit_url=settings.SAFE_EXIT_URL, languages=_language_links(request))
    )


def make_quiet(response: HttpResponse) -> HttpResponse:
    """Set the headers of a quiet page. Returns the response."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _language_links(request: HttpRequest) -> tuple[LanguageLink, ...]:
    """Return the page in every language of the site, with the same query."""
    here = get_language_from_path(request.path_info)
    rest = request.get_full_path().removeprefix(f"/{here}" if here else "").lstrip("/")
    current = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return tuple(
        LanguageLink(code, name, f"/{code}/{rest}", code == current) for code, name in content_languages()
    )
