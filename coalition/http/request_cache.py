"""Typed values cached on the request, since Django's request has no typed attributes for them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin


@dataclass(frozen=True)
class RequestSlot[T]:
    """A named slot on the request; templates read it as `request.<name>`."""

    name: str

    def of(self, request: HttpRequest) -> T | None:
        """Return the stored value, None if there is none."""
        found: T | None = vars(request).get(self.name)
        return found

    def put(self, request: HttpRequest, value: T) -> T:
        """Store and return the value."""
        vars(request)[self.name] = value
        return value


# --- vary ---
# Responses that depend on their URL alone, for shared caches.


def same_for_everyone(response: HttpResponse) -> HttpResponse:
    """Mark a response that is the same whatever cookie or language the request has."""
    response.same_for_everyone = True  # type: ignore[attr-defined]  # read by the middleware below
    return response


class SameForEveryoneMiddleware(MiddlewareMixin):
    """Removes `Vary` from marked responses; must precede the session and locale middleware.

    Middlewares read the session on every request, so Django adds `Vary: Cookie` to every response:
    a shared cache would store a copy per reader. A response that sets a cookie keeps it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(response, "same_for_everyone", False) and not response.cookies:
            response.headers.pop("Vary", None)
        return response


# --- proxy max age ---
# How long a proxy in front may keep an answer, where that is less than for other public pages.
#
# `home.frontend_cache.middleware` reads it. An answer that says nothing is kept as long as `PAGES_KEPT`
# says.


def limit_proxy_age(response: HttpResponse, seconds: int) -> None:
    """Limit caching of the response to whole `seconds`; this alone does not make it cacheable."""
    response.proxy_max_age = seconds  # type: ignore[attr-defined]  # no header: browsers must not see it


def get_proxy_max_age(response: HttpResponse) -> int | None:
    """Return the maximum age of the response in seconds, or None if it sets none."""
    return getattr(response, "proxy_max_age", None)
