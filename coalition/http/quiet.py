"""Pages that tell nothing of themselves to whoever looks over a shoulder, through a log or at a link.

`quiet_page` prepares what `base_quiet.html` shows; `QuietHeadersMiddleware` sets the headers on
every answer. What such a page promises, and how each part of it is held, is written in docs/help.md.
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

# No browser keeps the page, and no other site learns where a reader came from. With "no-referrer" browsers
# send forms by POST as from nowhere (`Origin: null`), which the guard of forms refuses: only GET here.
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class LanguageLink:
    """The same page in a language. `name` is in that language."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class QuietFrame:
    """What `base_quiet.html` reads as `request.quiet_frame`."""

    exit_url: str
    languages: tuple[LanguageLink, ...]


_quiet_frame_slot = RequestSlot[QuietFrame]("quiet_frame")


def quiet_page[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer quietly: nothing is kept, no referrer, and no content for programs that draw previews of links.

    For views below `/<language>/` that change nothing.
    """

    @wraps(view)
    def quiet(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_link_preview(request):
            return make_quiet(HttpResponse(status=204))
        prepare_quiet(request)
        return make_quiet(view(request, *args, **kwargs))

    return quiet


class QuietHeadersMiddleware:
    """Set the headers of quiet pages on every answer below their paths: redirects, refusals, errors too.

    It stands before all others, so that nothing changes them afterwards.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return make_quiet(response) if is_quiet(request.path) else response


def prepare_quiet(request: HttpRequest) -> None:
    """Put on the request what `base_quiet.html` needs."""
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
