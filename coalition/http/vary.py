"""Answers that depend on their address alone, for caches on the way."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin


def same_for_everyone(response: HttpResponse) -> HttpResponse:
    """Mark an answer that is the same whatever cookie or language the request has."""
    response.same_for_everyone = True  # type: ignore[attr-defined]  # read by the middleware below
    return response


class SameForEveryoneMiddleware(MiddlewareMixin):
    """Remove `Vary` from marked answers; stands outside of sessions and languages.

    Middlewares look into the session of every request, so that Django adds `Vary: Cookie` to every answer:
    a shared cache would keep a copy for each reader. An answer that sets a cookie keeps it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(response, "same_for_everyone", False) and not response.cookies:
            response.headers.pop("Vary", None)
        return response
