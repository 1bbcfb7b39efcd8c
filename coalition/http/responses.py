"""Helpers for responses, and typed values cached on the request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from coalition.core.errors import Refused


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render the page of `context["form"]`: status 422 if the submitted form is invalid, else 200."""
    form = context.get("form")
    refused = form is not None and bool(form.errors)
    return render(request, template, dict(context), status=422 if refused else 200)


@contextmanager
def flash_result(request: HttpRequest, words: str = "") -> Iterator[None]:
    """Run an action; flash `words`, if any, on the next page, or the reason for its refusal."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if words:
            messages.success(request, words)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that the browser opens. `name`: the file name, which does not reveal its subject."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


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


def limit_proxy_age(response: HttpResponse, seconds: int) -> None:
    """Limit caching by a proxy in front to whole `seconds`, where that is less than `PAGES_KEPT`; this alone
    does not make the response cacheable."""
    response.proxy_max_age = seconds  # type: ignore[attr-defined]  # no header: browsers must not see it


def get_proxy_max_age(response: HttpResponse) -> int | None:
    """Return that limit in seconds, or None if the response has none."""
    return getattr(response, "proxy_max_age", None)
