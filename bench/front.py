"""The group `nginx`: an article cached by deploy/nginx.conf, and an unchanged feed."""

import ssl
import statistics
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from bench import demo_data, steady, wrk
from bench.figures import Figure, at_least, at_most, not_measured, told
from bench.processes import processor_seconds, with_children
from bench.server import await_page, free_port, running
from tests.nginx import Nginx, nginx_before, program

FEED = "/calendar.ics"
ARTICLE = "article behind nginx, of a static file"
ARTICLE_PART = 60  # per cent
RATE, SECONDS, CONNECTIONS = 1_700, 60, 64
MILLISECONDS = 250
ROUNDS, ROUND = 5, 3.0  # seconds
LOCATION = "        location ^~ /accounts/ {"
# The headers that nginx sets on a file by itself.
BY_ITSELF = frozenset(
    [
        "accept-ranges",
        "connection",
        "content-length",
        "content-type",
        "date",
        "etag",
        "last-modified",
        "server",
        "transfer-encoding",
        "vary",
        "x-accel-expires",
    ]
)


@dataclass(frozen=True)
class Front:
    """nginx, the one process behind it, and the public address."""

    nginx: Nginx
    behind: int  # its process id

    def url(self, path: str) -> str:
        return f"https://localhost:{self.nginx.port}{path}"

    def ask(self, path: str, **headers: str) -> tuple[bytes, Message]:
        """Send a request. Raises `urllib.error.HTTPError` unless it succeeds."""
        return _ask(self.url(path), self.nginx.authority, headers)


def measure(_peer: str | None) -> list[Figure]:
    if program() is None:
        why = "nginx is not on this machine: apt-get install nginx-light"
        feed = f"feed 304 behind nginx, {RATE}/s for {SECONDS} s: p99"
        return [
            not_measured("nginx", ARTICLE, why, unit="%", reach=ARTICLE_PART),
            not_measured("nginx", feed, why, unit="ms", reach=MILLISECONDS),
        ]
    demo_data.prepare()
    article = demo_data.article()
    with tempfile.TemporaryDirectory() as folder, _front(Path(folder), article) as front:
        return [*_article(front, article), *_feed(front)]


@contextmanager
def _front(folder: Path, article: str) -> Iterator[Front]:
    """Start nginx as in production, with a static file of the article's size and headers beside
    it."""
    from django.conf import settings

    told = free_port()
    environment = {
        "PAGES_KEPT": "60",
        "PAGES_TOLD": f"http://127.0.0.1:{told}/pages-version",
        "TRUSTED_PROXIES": "1",
        "X_ACCEL": "true",
    }
    with running("coalition.asgi:application", **environment) as (port, pid):
        await_page(f"http://127.0.0.1:{port}/healthz", seconds=60)
        page, headers = _ask(f"http://localhost:{port}{article}", None, {"X-Forwarded-Proto": "https"})
        (folder / "page").write_bytes(page)
        with nginx_before(
            folder,
            ports=[port],
            told=told,
            private=settings.STORAGES["default"]["OPTIONS"]["location"],
            public=settings.STORAGES["public"]["OPTIONS"]["location"],
            changed={LOCATION: _file_location(folder / "page", headers) + LOCATION},
        ) as nginx:
            yield Front(nginx, pid)


def _file_location(file: Path, headers: Message) -> str:
    lines = [
        f'add_header {name} "{value}" always;'
        for name, value in headers.items()
        if name.lower() not in BY_ITSELF and '"' not in value and "$" not in value
    ]
    lines = [f"alias {file};", "default_type text/html;", "charset utf-8;", *lines]
    return "        location = /static-file {\n            " + "\n            ".join(lines) + "\n        }\n"


def _article(front: Front, article: str) -> list[Figure]:
    """Compare article and file in turns: uncompressed and, reported only, each compressed by
    nginx."""
    page, headers = front.ask(article)
    file, _headers = front.ask("/static-file")
    packed_sizes = {len(front.ask(path, Accept_Encoding="gzip")[0]) for path in (article, "/static-file")}
    if len(page) != len(file) or len(packed_sizes) != 1 or "Set-Cookie" in headers:
        raise RuntimeError(f"Article and file are not alike: {len(page)}, {len(file)}, {packed_sizes}.")
    before = processor_seconds(front.behind)
    plain, cost = _in_turns(front, article, "identity")
    packed, _cost = _in_turns(front, article, "gzip")
    asked = processor_seconds(front.behind) - before
    part = 100 * statistics.median(one / other for one, other in plain)
    packed_part = 100 * statistics.median(one / other for one, other in packed)
    size = f"{len(page) / 1000:.0f} kB"
    return [
        told("nginx", f"static file, {size}", statistics.median(row[1] for row in plain), "requests/s"),
        told("nginx", f"article, {size}, kept", statistics.median(row[0] for row in plain), "requests/s"),
        at_least("nginx", ARTICLE, part, "%", reach=ARTICLE_PART),
        told("nginx", "the same by nginx's processor time", 100 * cost, "%"),
        told("nginx", "the same, both compressed on the way", packed_part, "%"),
        told("nginx", "processor time of the application meanwhile", asked, "s"),
    ]


def _in_turns(front: Front, article: str, encoding: str) -> tuple[list[tuple[float, float]], float]:
    """Return the responses a second of article and file in each round, and how many times more
    CPU a file costs nginx."""
    print(f"  article and file in {ROUNDS} turns, {encoding}: {2 * ROUNDS * ROUND:g} s", flush=True)
    rates: dict[str, list[float]] = {article: [], "/static-file": []}
    cost: dict[str, list[float]] = {article: [], "/static-file": []}
    for turn in range(ROUNDS):
        for path in sorted(rates, reverse=bool(turn % 2)):
            before = with_children(front.nginx.pid)
            rates[path].append(
                wrk.rate(front.url(path), seconds=ROUND, headers={"Accept-Encoding": encoding})
            )
            cost[path].append((with_children(front.nginx.pid) - before) / rates[path][-1])
    one, other = rates.values()
    dearer = statistics.median(cost["/static-file"]) / statistics.median(cost[article])
    return list(zip(one, other, strict=True)), dearer


def _feed(front: Front) -> list[Figure]:
    """Measure conditional requests for an unchanged feed."""
    _body, headers = front.ask(FEED)
    etag = headers["ETag"]
    if not front.ask(FEED, If_None_Match='"another"')[0].startswith(b"BEGIN:VCALENDAR"):
        raise RuntimeError("Who has another feed is not given ours.")
    print(f"  feed at {RATE} questions a second: {SECONDS} s", flush=True)
    before = {pid: with_children(pid) for pid in (front.behind, front.nginx.pid)}
    met = steady.put(
        steady.Load(
            url=front.url(FEED),
            authority=str(front.nginx.authority),
            headers={"If-None-Match": etag},
            status=304,
            rate=RATE,
            seconds=SECONDS,
            connections=CONNECTIONS,
        )
    )
    ours, nginx = (100 * (with_children(pid) - used) / SECONDS for pid, used in before.items())
    what = f"feed 304 behind nginx, {RATE}/s for {SECONDS} s"
    return [
        at_most("nginx", f"{what}: p99", met.p99, "ms", reach=MILLISECONDS),
        at_most("nginx", f"{what}: errors", met.faults, "errors", reach=0),
        told("nginx", "the same: median", met.median, "ms"),
        told("nginx", "the same: longest", met.longest, "ms"),
        told("nginx", "the same: application / of one core", ours, "%"),
        told("nginx", "the same: nginx / of one core", nginx, "%"),
        told("nginx", "the same: who asks / of one core", 100 * met.processor / SECONDS, "%"),
    ]


def _ask(url: str, authority: Path | None, headers: Mapping[str, str]) -> tuple[bytes, Message]:
    context = ssl.create_default_context(cafile=str(authority)) if authority else None
    told_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    question = urllib.request.Request(url, headers=told_headers)
    with urllib.request.urlopen(question, timeout=60, context=context) as answer:
        return answer.read(), answer.headers
