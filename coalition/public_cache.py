"""Public pages and calendars for anonymous readers, kept in memory in front of Django.

Only with `PAGES_KEPT`: what `home.frontend_cache.middleware` marks, for requests without a cookie that means
anything, under the number of `home.frontend_cache.pages_version`. A change in this process is known at once, one
in another process after `LOOK_AGAIN`. Whatever else is asked goes on to Django.

The first request for a page that is not kept asks Django for the whole answer, whatever version its client
has, and others wait for it up to `TURN`. What answers 304 is kept for every
page, bodies only up to `LARGEST`.
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
from django.db import Error, connection

from coalition.accounts.enums import Language
from home.frontend_cache.middleware import EXPIRES_HEADER
from home.models import PagesVersion

FEEDS = ("/calendar/kinds/", "/calendar/organisations/", "/calendar/events/")
MAX_ENTRIES = 256
MAX_FEED_BYTES = 512 * 1024
MAX_QUERY_BYTES = 100
VERSION_CHECK_SECONDS = 0.1  # seconds until a change that another process made is known
MAX_WAIT_SECONDS = 1.0  # seconds that others wait for who asks Django first
LANGUAGES = frozenset(Language.values)
# What Django must not see where it is asked for the whole answer: it would heed If-Modified-Since, which
# means nothing beside If-None-Match (RFC 9110, 13.2.2) and cannot tell two changes of one second apart.
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
    """A successful answer. `body` is None where it is too large."""

    version: int
    at: float
    headers: Headers
    body: bytes | None
    etag: bytes

    def holds(self, version: int | None, seconds: float) -> bool:
        return self.version == version and time.monotonic() - self.at < seconds


@dataclass(frozen=True)
class PendingRequest:
    """Somebody asks Django; `over` is done when they are through."""

    begun: float
    over: asyncio.Future[None]


class PageCache:
    """An ASGI application around another one."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.kept: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.turns: dict[CacheKey, PendingRequest] = {}
        self.threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="public-cache")
        self._known: int | None = None
        self._known_at = 0.0
        self._moves = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self.key_of(scope)
        version = await self.version() if key else None
        if key is None or version is None:
            await self.application(scope, receive, send)
            return
        if self._held(key, version) is None:
            await self._others_turn(key)
        kept = self._held(key, version)
        if kept is not None and await _send_cached(kept, scope, send):
            return
        if kept is not None or scope["method"] != "GET":
            await self.application(scope, receive, self._keeping(key, version, scope, send))
            return
        await self._ask(key, version, scope, receive, send)

    def _held(self, key: CacheKey, version: int) -> CachedResponse | None:
        kept = self.kept.get(key)
        if kept is None or not kept.holds(version, self.seconds(kept)):
            return None
        self.kept.move_to_end(key)
        return kept

    async def _others_turn(self, key: CacheKey) -> None:
        """Wait while somebody else asks Django for the same, but not for one who is slow or went away."""
        turn = self.turns.get(key)
        left = MAX_WAIT_SECONDS - (time.monotonic() - turn.begun) if turn else 0.0
        if turn and left > 0:
            await asyncio.wait([turn.over], timeout=left)

    async def _ask(self, key: CacheKey, version: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask Django for the whole answer and keep it; then give what was asked for."""
        turn = self.turns[key] = PendingRequest(time.monotonic(), asyncio.get_running_loop().create_future())
        whole: list[Message] = []

        async def gather(message: Message) -> None:
            whole.append(message)

        try:
            if not _header(scope, b"if-none-match"):
                await self.application(scope, receive, self._keeping(key, version, scope, send))
                return
            headers = [pair for pair in scope["headers"] if pair[0] not in _CONDITIONS]
            asked = scope | {"headers": headers}
            await self.application(asked, receive, self._keeping(key, version, asked, gather))
        finally:
            turn.over.set_result(None)
            if self.turns.get(key) is turn:
                del self.turns[key]
        kept = self.kept.get(key)
        new = kept is not None and kept.version == version and kept.at >= turn.begun
        if not new or kept is None or not await _send_cached(kept, scope, send):
            for message in whole:
                await send(message)

    def key_of(self, scope: Scope) -> CacheKey | None:
        if not settings.PAGES_KEPT or not _is_page(scope) or not _is_anonymous(scope):
            return None
        # A proxy that keeps pages itself says under which number. Ours may be older for a moment: an old
        # answer would be kept there under the new one.
        return None if _header(scope, b"x-pages-version") else _cache_key(scope)

    async def version(self) -> int | None:
        """The number, at most `LOOK_AGAIN` old; None if the database does not answer."""
        begun, moves = time.monotonic(), self._moves
        if self._known is None or begun - self._known_at > VERSION_CHECK_SECONDS:
            loop = asyncio.get_running_loop()
            self._known = await loop.run_in_executor(self.threads, _read_version)
            # Read while it moved: whatever was found may be the number before.
            self._known_at = begun if moves == self._moves else 0.0
        return self._known

    def moved(self) -> None:
        """This process changed something: look at once. From any thread."""
        self._moves += 1
        self._known_at = 0.0

    def may_keep(self, headers: dict[bytes, bytes]) -> bool:
        """Whether an answer with these headers, and an ETag, is for everyone."""
        return _EXPIRES_HEADER in headers and b"set-cookie" not in headers

    def seconds(self, kept: CachedResponse) -> float:
        """As marked: pages with growing numbers are kept shorter than others."""
        return float(dict(kept.headers)[_EXPIRES_HEADER])

    def close(self) -> None:
        """Give the database connection back; the next question opens one."""
        self.threads.submit(_close_connection).result()

    def _keeping(self, key: CacheKey, version: int, scope: Scope, send: Send) -> Send:
        """`send`, keeping on the way what comes whole with status 200."""
        started: list[Message] = []
        parts: list[bytes] = []

        async def send_and_keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body") and started and started[0]["status"] == 200:
                    self._keep(key, version, started[0]["headers"], b"".join(parts))
            await send(message)

        return send_and_keep if scope["method"] == "GET" else send

    def _keep(self, key: CacheKey, version: int, headers: Headers, body: bytes) -> None:
        told = [(name.lower(), value) for name, value in headers]
        etag = dict(told).get(b"etag")
        if etag is None or not self.may_keep(dict(told)):
            return
        small = body if len(body) <= MAX_FEED_BYTES else None
        self.kept[key] = CachedResponse(version, time.monotonic(), told, small, etag)
        self.kept.move_to_end(key)
        while len(self.kept) > MAX_ENTRIES:
            self.kept.popitem(last=False)


def _is_page(scope: Scope) -> bool:
    """Whether it may be a page of the public site (its path begins with a language) or a public calendar."""
    path = scope.get("path", "")
    if scope["type"] != "http":
        return False
    is_calendar = path == "/calendar.ics" or path.startswith(FEEDS)
    return is_calendar or (path[:1] == "/" and path[3:4] == "/" and path[1:3] in LANGUAGES)


def _is_anonymous(scope: Scope) -> bool:
    """Nobody's session, nor anything else that an answer may depend on: the token of forms and the mark of a
    known browser alone may be there. Parts of pages are asked for by htmx, and are no pages."""
    if _header(scope, b"hx-request"):
        return False
    sent = _header(scope, b"cookie")
    if not sent:
        return True
    try:
        names = set(SimpleCookie(sent.decode("latin-1")))
    except CookieError:
        return False
    return bool(names) and names <= {settings.CSRF_COOKIE_NAME, settings.KNOWN_DEVICE_COOKIE_NAME}


def _cache_key(scope: Scope) -> CacheKey | None:
    """Host, scheme, path and query: Django refuses foreign hosts, and sends plain HTTP elsewhere."""
    query = scope.get("query_string", b"")
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or len(query) > MAX_QUERY_BYTES:
        return None
    forwarded = _header(scope, b"x-forwarded-proto").decode("latin-1")
    return _header(scope, b"host"), f"{scope.get('scheme')} {forwarded}", scope["path"], query


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


async def _send_cached(kept: CachedResponse, scope: Scope, send: Send) -> bool:
    """Give the kept answer, or 304 to a reader that has it. False where neither is possible."""
    if _matches(_header(scope, b"if-none-match"), kept.etag):
        headers = [pair for pair in kept.headers if pair[0] in _HEADERS_WITH_304]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return True
    conditional = any(_header(scope, name) for name in (b"if-modified-since", b"if-match", b"range"))
    if kept.body is None or conditional or _header(scope, b"if-unmodified-since"):
        return False
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else kept.body})
    return True


def _matches(asked: bytes, etag: bytes) -> bool:
    """If-None-Match, compared weakly as RFC 9110 says."""
    return etag in {one.strip().removeprefix(b"W/") for one in asked.split(b",")}


def _read_version() -> int | None:
    """One query on a connection of this thread's own, opened anew if the database had gone. 0: the number has
    not moved yet."""
    for _attempt in range(2):
        try:
            return PagesVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        except Error:  # also of a line that broke, which is no DatabaseError
            connection.close()
    return None


def _close_connection() -> None:
    connection.close()  # the one of the thread that this runs in
