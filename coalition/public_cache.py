"""Answers to those who poll the public calendars, given in front of Django.

Programs that subscribe ask every hour whether something changed, and nearly always nothing did. Through
Django each of these answers hops between threads at every middleware; here it costs one query.

An answer of Django is kept with the number that `FeedVersion` had *before* Django was asked. It holds as
long as the number in the database is the same, and the number moves in the transaction of every change
(`events.domain.keep`): nothing stale is ever given, by any process. Feeds are the same for everyone, so
cookies do not matter; whatever else is asked goes on to Django. What answers 304 is kept for every feed,
bodies only up to `LARGEST`.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection

from events.models import FeedVersion

PREFIXES = ("/calendar/kinds/", "/calendar/organisations/", "/calendar/events/")
MOST = 256
LARGEST = 64 * 1024
LONGEST_QUERY = 100
SECONDS = 60.0  # cancelled events leave after 60 days, which moves no number
_TOLD_WITH_304 = {b"etag", b"last-modified", b"cache-control", b"content-language", b"vary", b"expires"}

type Message = Mapping[str, Any]
type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[Scope, Receive, Send], Awaitable[None]]
type Headers = list[tuple[bytes, bytes]]
type Key = tuple[bytes, str, str, bytes]


@dataclass(frozen=True)
class Kept:
    """A successful answer. `body` is None where it is too large."""

    version: int
    at: float
    headers: Headers
    body: bytes | None
    etag: bytes

    def holds(self, version: int | None) -> bool:
        return self.version == version and time.monotonic() - self.at < SECONDS


class PublicCache:
    """An ASGI application around another one."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.kept: OrderedDict[Key, Kept] = OrderedDict()
        self.threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="public-cache")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        version = await self._version() if key else None
        if key is None or version is None:
            await self.application(scope, receive, send)
            return
        kept = self.kept.get(key)
        if kept is not None and kept.holds(version):
            self.kept.move_to_end(key)
            if await _answered(kept, scope, send):
                return
        await self.application(scope, receive, self._keeping(key, version, scope, send))

    def close(self) -> None:
        """Give the database connection back; the next question opens one."""
        self.threads.submit(_close).result()

    async def _version(self) -> int | None:
        """The number now; None if there is none or the database does not answer: then Django is asked."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, _read_version)

    def _keeping(self, key: Key, version: int, scope: Scope, send: Send) -> Send:
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

    def _keep(self, key: Key, version: int, headers: Headers, body: bytes) -> None:
        told = [(name.lower(), value) for name, value in headers]
        etag = dict(told).get(b"etag")
        if etag is None or any(name == b"set-cookie" for name, _value in told):
            return
        small = body if len(body) <= LARGEST else None
        self.kept[key] = Kept(version, time.monotonic(), told, small, etag)
        self.kept.move_to_end(key)
        while len(self.kept) > MOST:
            self.kept.popitem(last=False)


def _key(scope: Scope) -> Key | None:
    """What decides about an answer; None for what is not a public calendar."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path, query = scope["path"], scope["query_string"]
    is_feed = path == "/calendar.ics" or (path.startswith(PREFIXES) and path.endswith(".ics"))
    if not is_feed or len(query) > LONGEST_QUERY:
        return None
    # The host and the scheme too: Django refuses foreign hosts, and sends plain HTTP elsewhere.
    forwarded = _header(scope, b"x-forwarded-proto").decode("latin-1")
    return _header(scope, b"host"), f"{scope.get('scheme')} {forwarded}", path, query


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


async def _answered(kept: Kept, scope: Scope, send: Send) -> bool:
    """Give the kept answer, or 304 to a reader that has it. False where neither is possible."""
    if _matches(_header(scope, b"if-none-match"), kept.etag):
        headers = [pair for pair in kept.headers if pair[0] in _TOLD_WITH_304]
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
    """One query on a connection of this thread's own, opened anew if the database had gone."""
    for _attempt in range(2):
        try:
            return FeedVersion.objects.filter(pk=1).values_list("number", flat=True).first()
        except DatabaseError:
            connection.close()
    return None


def _close() -> None:
    connection.close()  # the one of the thread that this runs in
