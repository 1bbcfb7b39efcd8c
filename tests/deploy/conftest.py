"""The application and the real nginx before it, with deploy/nginx.conf, on free ports of this machine."""

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from channels.layers import channel_layers
from django.db import connections

from bench.server import free_port
from coalition import asgi, public_cache
from coalition.asgi_handler import ThreadedHandler
from coalition.public_cache import PageCache
from home.frontend_cache import _watch_connection, register_write_watcher, stop_watching
from tests.home.conftest import news, site
from tests.nginx import WITHOUT_NGINX, nginx_before, program

__all__ = ["news", "site"]  # fixtures

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
MARKS = "home.frontend_cache.MarkPagesMiddleware"


@dataclass
class Application:
    """The application, counting what is asked of it over HTTP: path → times."""

    handler: Any
    asked: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await asgi.application(scope, receive, send)
            return
        self.asked[scope["path"]] += 1
        await self.handler(scope, receive, send)


@dataclass
class Front:
    """nginx: its port for people, and its folder."""

    port: int
    folder: Path
    authority: Path
    application: Application

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        """The answer and its body."""
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = HTTPSConnection("localhost", self.port, context=context, timeout=15)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    @contextmanager
    def unfinished(self, path: str, **headers: str) -> Iterator[HTTPSConnection]:
        """A POST whose head is sent, and whose body the caller may send."""
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = HTTPSConnection("localhost", self.port, context=context, timeout=15)
        try:
            connection.putrequest("POST", path)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            yield connection
        finally:
            connection.close()

    def words(self, path: str, **headers: str) -> str:
        return self.ask(path, **headers)[1].decode()

    def log(self, until: str) -> str:
        """The access log once it holds these words."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            told = (self.folder / "access.log").read_text(encoding="utf-8")
            if until in told:
                return told
            time.sleep(0.05)
        raise AssertionError(f"the log does not tell {until}")


@pytest.fixture
def application_ends(
    application: tuple[Application, int], server: list[Callable[[], None]]
) -> Callable[[], None]:
    """`application_ends()`: it stops, nginx stays."""
    return server[0]


@pytest.fixture
def server() -> list[Callable[[], None]]:
    """How the server of `application` is ended."""
    return []


@pytest.fixture
def application(
    transactional_db: None,
    settings: Any,
    server: list[Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Application, int]]:
    """A server in a thread, as production with a proxy in front has it."""
    settings.PAGES_KEPT, settings.X_ACCEL = 60, True
    settings.MIDDLEWARE = [
        name for one in settings.MIDDLEWARE for name in ((MARKS, one) if one == SESSIONS else (one,))
    ]
    channel_layers.backends.clear()
    # What it keeps itself hears of no change, as in a process beside the one that changed something; there it
    # would be a tenth of a second.
    monkeypatch.setattr(public_cache, "VERSION_CHECK_SECONDS", 3600)
    handler = ThreadedHandler()
    pages = PageCache(handler)
    counting = Application(pages)
    register_write_watcher()
    for connection in connections.all():
        _watch_connection(connection)
    config = uvicorn.Config(counting, host="127.0.0.1", port=0, log_level="warning", ws_max_size=1024 * 1024)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not running.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)

    def end() -> None:
        running.should_exit = True
        thread.join(timeout=10)

    server.append(end)
    yield counting, running.servers[0].sockets[0].getsockname()[1]
    stop_watching()
    end()
    pages.close()
    handler.threads.shutdown()


@pytest.fixture
def front(application: tuple[Application, int], settings: Any, tmp_path: Path) -> Iterator[Front]:
    """nginx with our file; ports, names and folders are this test's."""
    if program() is None:
        pytest.skip(WITHOUT_NGINX)
    counting, behind = application
    told = free_port()
    settings.PAGES_TOLD = [f"http://127.0.0.1:{told}/pages-version"]
    public = Path(settings.STORAGES["public"]["OPTIONS"]["location"])
    public.mkdir(parents=True, exist_ok=True)  # as on every machine that runs
    with nginx_before(
        tmp_path,
        ports=[behind],
        told=told,
        private=settings.STORAGES["default"]["OPTIONS"]["location"],
        public=public,
        changed={"worker_processes auto;": "worker_processes 1;"},
    ) as nginx:
        yield Front(nginx.port, tmp_path, nginx.authority, counting)
