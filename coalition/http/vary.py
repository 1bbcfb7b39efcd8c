"""Responses that depend on their URL alone, for shared caches."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin


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
