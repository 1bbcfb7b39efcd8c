"""The application and the real nginx before it, with deploy/nginx.conf, on free ports of this machine."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from channels.layers import channel_layers
from django.core.asgi import ASGIHandler
from django.db import connections

from coalition import asgi, public_cache
from coalition.public_cache import PageCache, PublicCache
from home.in_front import watching
from tests.authority import authority
from tests.benchmarks.server import await_port, free_port
from tests.home.conftest import news, site

__all__ = ["news", "site"]  # fixtures

ROOT = Path(__file__).resolve().parents[2]
CONF = ROOT / "deploy" / "nginx.conf"
WITHOUT_NGINX = "nginx is not on this machine, so its file is not tried: apt-get install nginx-light"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
MARKS = "home.in_front.marking.MarkPagesMiddleware"


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
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=15)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            return answer, answer.read()
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
    monkeypatch.setattr(public_cache, "LOOK_AGAIN", 3600)
    pages = PageCache(ASGIHandler())
    front = PublicCache(pages)
    counting = Application(front)
    watching.register()
    for connection in connections.all():
        watching._watch(connection)
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
    watching.close()
    end()
    front.close()
    pages.close()


@pytest.fixture
def front(application: tuple[Application, int], settings: Any, tmp_path: Path) -> Iterator[Front]:
    """nginx with our file; ports, names and folders are this test's."""
    counting, behind = application
    port, told = free_port(), free_port()
    certificate, key = authority(tmp_path)
    settings.PAGES_TOLD = [f"http://127.0.0.1:{told}/pages-version"]
    private = settings.STORAGES["default"]["OPTIONS"]["location"]
    conf = written(
        tmp_path,
        {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "worker_processes auto;": "worker_processes 1;",
            "pid /run/nginx.pid;": f"pid {tmp_path}/nginx.pid;",
            "/var/log/nginx/": f"{tmp_path}/",
            "/var/cache/nginx/": f"{tmp_path}/",
            "/etc/coalition/tls/fullchain.pem": str(certificate),
            "/etc/coalition/tls/privkey.pem": str(key),
            "/srv/coalition/app/deploy/pages/": f"{ROOT}/deploy/pages/",
            "/srv/coalition/app/build/collected/": f"{ROOT}/build/static/",
            "/srv/coalition/data/private/": f"{private}/",
            "/srv/coalition/data/public/": f"{settings.STORAGES['public']['OPTIONS']['location']}/",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
            "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{told};",
            "listen 80 default_server;": f"listen 127.0.0.1:{free_port()} default_server;",
            "listen 443 ssl default_server;": f"listen 127.0.0.1:{port} ssl default_server;",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "coalition.example;": "localhost;",
        },
    )
    process = subprocess.Popen([nginx(), "-c", str(conf), "-p", str(tmp_path), "-g", "daemon off;"])
    try:
        assert process.poll() is None
        await_port(port, seconds=10)
        yield Front(port, tmp_path, certificate, counting)
    finally:
        process.terminate()
        process.wait(timeout=10)


def nginx() -> str:
    """Its path; skips the test where there is none."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(WITHOUT_NGINX)
    return found


def written(folder: Path, changed: dict[str, str]) -> Path:
    """Our file with these words changed: nothing that a test relies on may be missing in it."""
    text = CONF.read_text(encoding="utf-8")
    for before, after in changed.items():
        assert before in text, before
        text = text.replace(before, after)
    assert not re.search(r"/srv/coalition|coalition\.example", re.sub(r"(?m)^\s*#.*", "", text))
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path
