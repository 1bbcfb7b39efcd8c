"""The answers kept in front of Django, asked as a server asks, counting how often Django is asked."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.db import connections

from coalition.public_cache import PageCache
from home.frontend_cache import register_write_watcher, stop_watching, version_listeners

type Answer = tuple[int, dict[bytes, bytes], bytes]


class Front:
    """The cache before Django, counting how often Django is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.django = get_asgi_application()
        self.cache = PageCache(self._count)

    async def _count(self, scope, receive, send) -> None:
        self.asked += 1
        await self.django(scope, receive, send)

    async def get(self, path: str = "/calendar.ics", method: str = "GET", **headers: bytes) -> Answer:
        address, _mark, query = path.partition("?")
        told = {b"host": b"localhost"} | {
            name.replace("_", "-").encode(): value for name, value in headers.items()
        }
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "headers": list(told.items()),
        }
        talk = ApplicationCommunicator(self.cache, scope)
        await talk.send_input({"type": "http.request", "body": b"", "more_body": False})
        start = await talk.receive_output(10)
        body = b""
        more = True
        while more:
            part = await talk.receive_output(10)
            body += part.get("body", b"")
            more = part.get("more_body", False)
        await talk.wait(10)
        return start["status"], dict(start["headers"]), body


def with_marks(middleware: list[str]) -> list[str]:
    """As the settings have it where `PAGES_KEPT` is set: outside of sessions."""
    place = middleware.index("django.contrib.sessions.middleware.SessionMiddleware")
    return [*middleware[:place], "home.frontend_cache.MarkPagesMiddleware", *middleware[place:]]


@pytest.fixture
async def front(settings) -> AsyncIterator[Front]:
    """The cache as `PAGES_KEPT` sets it up, for tests that commit."""
    settings.PAGES_KEPT = 60
    settings.MIDDLEWARE = with_marks(settings.MIDDLEWARE)
    register_write_watcher()
    await sync_to_async(connections.close_all)()  # those opened from now on are watched
    made = Front()
    version_listeners.append(made.cache.invalidate)
    yield made
    made.cache.close()
    await sync_to_async(stop_watching)()
    version_listeners.remove(made.cache.invalidate)
    await sync_to_async(connections.close_all)()
