"""An in-memory cache of public pages and calendars for anonymous requests, in front of Django.

Active with `PAGES_KEPT` only: caches what `home.frontend_cache` marks, for requests without a significant
cookie, under the version of `home.frontend_cache`. A change in this process is seen at once, one in another
process after `VERSION_CHECK_SECONDS`. All other requests go to Django.

The first request for an uncached page calls Django without conditional headers, and others wait for it up to
`MAX_WAIT_SECONDS`. What answers 304 is cached for every page, bodies only up to `MAX_FEED_BYTES`.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.db import Error, connection, connections

from coalition.accounts.models import Language
from home.frontend_cache import EXPIRES_HEADER
from home.models import PagesVersion

FEEDS = ("/calendar/kinds/", "/calendar/organisations/", "/calendar/events/")
MAX_ENTRIES = 256
MAX_FEED_BYTES = 512 * 1024
MAX_QUERY_BYTES = 100
VERSION_CHECK_SECONDS = 0.1  # seconds until another process's change is seen
MAX_WAIT_SECONDS = 1.0  # seconds that others wait for the request that calls Django first
LANGUAGES = frozenset(Language.values)
# Headers removed before Django is called for the whole response: it would heed If-Modified-Since,
# which is ignored beside If-None-Match (RFC 9110, 13.2.2) and cannot tell apart two changes within
# one second.
_CONDITIONS = frozenset(
    {b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"if-range", b"range"}
)
_EXPIRES_HEADER = EXPIRES_HEADER.lower().encode()
_HEADERS_WITH_304 = {b"etag", b"last-modified", b"cache-control", b"content-language", b"vary", b"expires"}

type Message = Mapping[str, Any]
type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[Scope, Receive, Send], Awaitable[None]]
type Headers = list[tuple[bytes, bytes]]
type CacheKey = tuple[bytes, str, str, bytes]


@dataclass(frozen=True)
class CachedResponse:
    """A successful response and the time of the monotonic clock. `body` is None if it is too large."""

    version: int
    at: float
    headers: Headers
    body: bytes | None
    etag: bytes


class PageCache:
    """ASGI middleware that caches responses."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.responses: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        # Requests that are calling Django: their begin, and what is done when they have finished.
        self.pending: dict[CacheKey, tuple[float, asyncio.Future[None]]] = {}
        self.threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="public-cache")
        self._known: int | None = None
        self._known_at = 0.0
        self._changes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self.key_of(scope)
        version = await self.version() if key else None
        if key is None or version is None:
            await self.application(scope, receive, send)
            return
        if self._cached(key, version) is None:
            await self._wait_for_others(key)
        cached = self._cached(key, version)
        if cached is not None and await _send_cached(cached, scope, send):
            return
        if cached is not None or scope["method"] != "GET":
            await self.application(scope, receive, self._caching(key, version, scope, send))
            return
        await self._fetch(key, version, scope, receive, send)

    def _cached(self, key: CacheKey, version: int) -> CachedResponse | None:
        cached = self.responses.get(key)
        if cached is None or cached.version != version:
            return None
        # As marked: shorter for pages with growing numbers.
        if time.monotonic() - cached.at >= float(dict(cached.headers)[_EXPIRES_HEADER]):
            return None
        self.responses.move_to_end(key)
        return cached

    async def _wait_for_others(self, key: CacheKey) -> None:
        """Wait while another request calls Django for the same key, but not for a slow or aborted one."""
        if key in self.pending:
            begun, over = self.pending[key]
            left = MAX_WAIT_SECONDS - (time.monotonic() - begun)
            if left > 0:
                await asyncio.wait([over], timeout=left)

    async def _fetch(self, key: CacheKey, version: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Call Django for the whole response and cache it; then send what was requested."""
        own = self.pending[key] = time.monotonic(), asyncio.get_running_loop().create_future()
        begun, over = own
        whole: list[Message] = []

        async def gather(message: Message) -> None:
            whole.append(message)

        try:
            if not _header(scope, b"if-none-match"):
                await self.application(scope, receive, self._caching(key, version, scope, send))
                return
            headers = [pair for pair in scope["headers"] if pair[0] not in _CONDITIONS]
            whole_request = scope | {"headers": headers}
            await self.application(whole_request, receive, self._caching(key, version, whole_request, gather))
        finally:
            over.set_result(None)
            if self.pending.get(key) is own:
                del self.pending[key]
        cached = self.responses.get(key)
        new = cached is not None and cached.version == version and cached.at >= begun
        if not new or cached is None or not await _send_cached(cached, scope, send):
            for message in whole:
                await send(message)

    def key_of(self, scope: Scope) -> CacheKey | None:
        if not settings.PAGES_KEPT or not _is_page(scope) or not _is_anonymous(scope):
            return None
        # A caching proxy names the number it caches under. Ours may be older for a moment: an old
        # response would be cached there under the new one.
        if _header(scope, b"x-pages-version"):
            return None
        query = scope.get("query_string", b"")
        if scope["method"] not in {"GET", "HEAD"} or len(query) > MAX_QUERY_BYTES:
            return None
        # Host and scheme too: Django rejects foreign hosts and redirects plain HTTP.
        forwarded = _header(scope, b"x-forwarded-proto").decode("latin-1")
        return _header(scope, b"host"), f"{scope.get('scheme')} {forwarded}", scope["path"], query

    async def version(self) -> int | None:
        """Return the version, at most `VERSION_CHECK_SECONDS` old; None without the database."""
        begun, changes = time.monotonic(), self._changes
        if self._known is None or begun - self._known_at > VERSION_CHECK_SECONDS:
            loop = asyncio.get_running_loop()
            self._known = await loop.run_in_executor(self.threads, _read_version)
            # The number changed during the read: the result may be the former number.
            self._known_at = begun if changes == self._changes else 0.0
        return self._known

    def invalidate(self) -> None:
        """Read the number anew after a change in this process. Thread-safe."""
        self._changes += 1
        self._known_at = 0.0

    def close(self) -> None:
        """Close the thread's database connection; the next query opens one."""
        self.threads.submit(connections.close_all).result()

    def _caching(self, key: CacheKey, version: int, scope: Scope, send: Send) -> Send:
        """Wrap `send` to cache complete responses with status 200."""
        started: list[Message] = []
        parts: list[bytes] = []

        async def send_and_store(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body") and started and started[0]["status"] == 200:
                    self._store(key, version, started[0]["headers"], b"".join(parts))
            await send(message)

        return send_and_store if scope["method"] == "GET" else send

    def _store(self, key: CacheKey, version: int, headers: Headers, body: bytes) -> None:
        lowered = [(name.lower(), value) for name, value in headers]
        by_name = dict(lowered)
        etag = by_name.get(b"etag")
        if etag is None or _EXPIRES_HEADER not in by_name or b"set-cookie" in by_name:
            return  # not the same for everyone
        small = body if len(body) <= MAX_FEED_BYTES else None
        self.responses[key] = CachedResponse(version, time.monotonic(), lowered, small, etag)
        self.responses.move_to_end(key)
        while len(self.responses) > MAX_ENTRIES:
            self.responses.popitem(last=False)


def _is_page(scope: Scope) -> bool:
    """Whether it may be a page of the public site (its path begins with a language) or a public calendar."""
    path = scope.get("path", "")
    if scope["type"] != "http":
        return False
    is_calendar = path == "/calendar.ics" or path.startswith(FEEDS)
    return is_calendar or (path[:1] == "/" and path[3:4] == "/" and path[1:3] in LANGUAGES)


def _is_anonymous(scope: Scope) -> bool:
    """Whether the request has no cookie except the CSRF token and the known-device cookie."""
    if _header(scope, b"hx-request"):  # for a part of a page
        return False
    sent = _header(scope, b"cookie")
    if not sent:
        return True
    try:
        names = set(SimpleCookie(sent.decode("latin-1")))
    except CookieError:
        return False
    return bool(names) and names <= {settings.CSRF_COOKIE_NAME, settings.KNOWN_DEVICE_COOKIE_NAME}


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


async def _send_cached(cached: CachedResponse, scope: Scope, send: Send) -> bool:
    """Send the cached response, or 304 if the client has it. Return False if neither is possible."""
    etags = _header(scope, b"if-none-match").split(b",")
    if cached.etag in {one.strip().removeprefix(b"W/") for one in etags}:  # weakly compared (RFC 9110)
        headers = [pair for pair in cached.headers if pair[0] in _HEADERS_WITH_304]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return True
    conditional = any(_header(scope, name) for name in (b"if-modified-since", b"if-match", b"range"))
    if cached.body is None or conditional or _header(scope, b"if-unmodified-since"):
        return False
    await send({"type": "http.response.start", "status": 200, "headers": cached.headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else cached.body})
    return True


def _read_version() -> int | None:
    """Read the version on this thread's connection, reopened if it was lost. 0: no change yet."""
    for _attempt in range(2):
        try:
            return PagesVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        except Error:  # also of a broken connection, which is not a DatabaseError
            connection.close()
    return None
