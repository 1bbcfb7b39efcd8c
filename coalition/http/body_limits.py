"""Limits on the bodies of requests: checked by Content-Length before anything is read, and while reading.

Django counts neither files nor raw bodies (`DATA_UPLOAD_MAX_MEMORY_SIZE` is the form without its files), and
its ASGI handler writes a whole body to disk before it calls a view.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

REFUSED_LIMIT: Final = "coalition.refused_body_limit"  # key of the scope: the exceeded limit, in bytes
_BODY_HEADERS: Final = frozenset({b"content-length", b"content-type", b"transfer-encoding"})

type Message = Mapping[str, Any]
type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type UploadLimit = Callable[[HttpRequest], int]

_upload_limits: list[UploadLimit] = []


def register_upload_limit(limit: UploadLimit) -> None:
    """Let some requests have larger bodies.

    `limit` gets the request without its body and returns how many bytes it may have; 0: no more than any.
    """
    _upload_limits.append(limit)


def body_limit(request: HttpRequest) -> int:
    """Return how many bytes the body of this request may have. Reads the session; never the body."""
    return max([settings.REQUEST_MAX_BYTES, *(limit(request) for limit in _upload_limits)])


def body_limit_for_scope(scope: Scope) -> int:
    """Return `body_limit` for the scope of an ASGI server."""
    return body_limit(ASGIRequest(scope, BytesIO()))


def scope_without_body(scope: Scope, limit: int) -> Scope:
    """Return the scope of a request whose body exceeded `limit`: `BodyLimitMiddleware` answers it."""
    headers = [pair for pair in scope["headers"] if pair[0].lower() not in _BODY_HEADERS]
    return {**scope, "headers": headers, REFUSED_LIMIT: limit}


class LimitedBody:
    """The body of one request, received up to its limit.

    `ask_limit` returns the limit in bytes; it is called once, for a body above `settings.REQUEST_MAX_BYTES`.
    """

    def __init__(self, receive: Receive, ask_limit: Callable[[], Awaitable[int]]) -> None:
        self.limit: int = settings.REQUEST_MAX_BYTES
        self.is_too_large = False
        self._receive = receive
        self._ask_limit = ask_limit
        self._asked = False
        self._received = 0

    async def check_declared_length(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Set `is_too_large` if Content-Length is above the limit."""
        declared = next((value for name, value in headers if name == b"content-length"), b"")
        await self._check(int(declared) if declared.isdigit() else 0)

    async def receive(self) -> Message:
        """Receive the next part; a disconnect in place of the part that exceeds the limit."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        await self._check(self._received)
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def _check(self, size: int) -> None:
        if size > self.limit and not self._asked:
            self._asked = True
            self.limit = await self._ask_limit()
        self.is_too_large = size > self.limit


class BodyLimitMiddleware(MiddlewareMixin):
    """Answers 413 in words where `coalition.asgi_handler` refused the body. The last of all middlewares, so
    that language and headers are those of every page; no view is called."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        limit: int | None = getattr(request, "scope", {}).get(REFUSED_LIMIT)
        if limit is None:
            return None
        response = render(request, "413.html", {"limit": limit // 1024**2}, status=413)
        response["Cache-Control"] = "no-store"
        return response
