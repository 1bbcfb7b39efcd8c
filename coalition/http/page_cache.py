"""Public pages that are drawn anew only where what they are drawn of is different.

A page is drawn for a stranger's question of which it sees address, host, port and scheme alone. What else
goes into it is the language and the time zone, the site's settings, the minute, and the rows of the database.
All of it is the key: for the rows, every question that was asked while the page was drawn is asked again,
each time (`coalition.read_again`). So what is kept is never older than the database, and nothing has to be
forgotten when something changes.

While a page is drawn, `now` answers the beginning of the minute: times of events are whole minutes.
"""

import datetime
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import get_script_prefix
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from coalition.core.clock import as_if, now
from coalition.http.proxy_max_age import limit_proxy_age, proxy_max_age_of
from coalition.read_again import Reading, reading

LARGEST: Final = 128 * 1024  # bytes of one page
SHOWN: Final = ("SITE_NAME", "SITE_URL", "SAFE_EXIT_URL", "DEMO")  # settings that pages show


@dataclass(frozen=True)
class Drawn:
    """A page, and what was read for it in which minute."""

    minute: datetime.datetime
    read: Reading
    content: bytes
    headers: dict[str, str]
    proxy_max_age: int | None

    def again(self) -> HttpResponse:
        response = HttpResponse(self.content, headers=self.headers)
        if self.proxy_max_age is not None:
            limit_proxy_age(response, self.proxy_max_age)
        return response


class StrangersRequest(HttpRequest):
    """A question by somebody of whom nothing is known: it holds what the key holds, and no more."""

    def __init__(self, asked: HttpRequest) -> None:
        super().__init__()
        self.method = "GET"
        self.path, self.path_info = asked.path, asked.path_info
        self.resolver_match = asked.resolver_match  # found by the path
        self._asked_scheme = asked.scheme
        self.META = {
            "HTTP_HOST": asked.get_host(),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": asked.get_port(),
        }
        self.user = AnonymousUser()

    def _get_scheme(self) -> str:
        return self._asked_scheme or "http"


class DrawnPages:
    """What was drawn, at most `DRAWN_PAGES`, the longest unused goes first. Of all threads of the process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Drawn] = OrderedDict()
        self._lock = Lock()
        self.drawn = 0  # how often a page was drawn to be kept

    def answer(self, request: HttpRequest, draw: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
        """What `draw` answers to a stranger, drawn now unless it would be the same as before. Whoever may be
        somebody (a cookie) or asks for something more (a query) is answered by `draw` itself."""
        if request.COOKIES or request.META.get("QUERY_STRING") or settings.DEBUG or not settings.DRAWN_PAGES:
            return draw(request)
        minute, key = now().replace(second=0, microsecond=0), _key_of(request)
        found = self._found(key)
        if found is not None and found.minute == minute and found.read.would_be_the_same():
            return found.again()
        stranger = StrangersRequest(request)
        with as_if(minute), reading() as read:
            response = draw(stranger)
            if isinstance(response, TemplateResponse):
                response.render()
        if "CSRF_COOKIE" in stranger.META:  # a form, whose key belongs to one reader
            return draw(request)
        self.drawn += 1
        if read.whole and _may_be_kept(response):
            kept = proxy_max_age_of(response)
            self._keep(key, Drawn(minute, read, response.content, dict(response.items()), kept))
        return response

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def _found(self, key: Hashable) -> Drawn | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: Hashable, drawn: Drawn) -> None:
        with self._lock:
            self._kept[key] = drawn
            self._kept.move_to_end(key)
            while len(self._kept) > settings.DRAWN_PAGES:
                self._kept.popitem(last=False)


def _key_of(request: HttpRequest) -> Hashable:
    """What goes into a page beside the minute and the rows. The address says which view draws it."""
    return (
        request.path,
        request.get_host(),
        request.get_port(),
        request.scheme,
        get_script_prefix(),
        get_language(),
        get_current_timezone_name(),
        tuple([getattr(settings, name) for name in SHOWN]),
    )


def _may_be_kept(response: HttpResponse) -> bool:
    is_page = response.status_code == 200 and not response.streaming and not response.cookies
    return is_page and len(response.content) <= LARGEST


pages = DrawnPages()
