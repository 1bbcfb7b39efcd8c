"""The group `packages`: large files of a media package through the real server and nginx, and its page.

A film of 300 MB arrives over HTTP in pieces; nginx sends it with the right asked for each time (X_ACCEL),
beside the same file as a static one. A film of 1 GB leaves by ranges without nginx. A package of twelve items
without pictures is weighed. All in a database of its own; the files are deleted afterwards.
"""

import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import demo_data
from bench.figures import ROOT, Figure, at_least, at_most, not_measured, told
from bench.processes import forget_peak, memory_megabytes, peak_megabytes, processor_seconds, with_children
from bench.server import await_page, free_port, running
from bench.weight import first_view_kilobytes
from tests.browser import chromium
from tests.nginx import Nginx, nginx_before, program

GROUP = "packages"
PLACE = ROOT / "build" / "bench" / "packages"
MEGABYTE = 1024**2
PIECE = 8 * MEGABYTE
SIZES = (300 * MEGABYTE, 1024 * MEGABYTE)  # of both films
RANGE = 64 * MEGABYTE
ROUNDS = 7
MOST_MEMORY = 50  # MB
LEAST_PART = 90  # per cent
MOST_VIEW = 120  # kB
CSRF = "a" * 32
LOCATION = "        location ^~ /accounts/ {"
PART = "film of 300 MB behind nginx, of the same static file"
VIEW = "page of 12 items, first view"


def measure(_peer: str | None) -> list[Figure]:
    with demo_data.empty_place(PLACE) as environment:
        scene = _step("begin", environment)
        figures = _upload(scene, environment)
        scene = _step("finish", environment)
        return figures + _behind_nginx(scene, environment) + _by_ranges(scene, environment)


def _step(name: str, environment: Mapping[str, str]) -> dict[str, Any]:
    print(f"  {name}", flush=True)
    command = [sys.executable, "-m", "bench.package_scene", name]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _upload(scene: Mapping[str, Any], environment: Mapping[str, str]) -> list[Figure]:
    """Send both films; of the first, memory and time count."""
    with running("coalition.asgi:application", **environment) as (port, pid):
        await_page(f"http://127.0.0.1:{port}/healthz", seconds=60)
        sender = _Sender(port, scene)
        sender.send(scene["uploads"][0], 2 * PIECE, whole=False)  # what is loaded once
        forget_peak(pid)
        before, begun = memory_megabytes(pid), time.monotonic()
        sender.send(scene["uploads"][0], SIZES[0])
        seconds, grown = time.monotonic() - begun, peak_megabytes(pid) - before
        sender.send(scene["uploads"][1], SIZES[1])
        longer = peak_megabytes(pid) - before
    name = "300 MB sent over HTTP in pieces of 8 MB"
    return [
        at_most(GROUP, f"{name}: memory of the server", grown, "MB", reach=MOST_MEMORY),
        at_most(GROUP, "1 GB more: memory of the server", longer, "MB", reach=MOST_MEMORY),
        told(GROUP, f"{name}: time", seconds, "s"),
    ]


class _Sender:
    """The coordinator's browser: it sends films, of which only the head is more than zeros."""

    def __init__(self, port: int, scene: Mapping[str, Any]) -> None:
        self._line = http.client.HTTPConnection("localhost", port, timeout=60)
        self._headers = {
            "Cookie": f"{scene['session']}; {scene['csrf']}={CSRF}",
            "X-CSRFToken": CSRF,
            "Tus-Resumable": "1.0.0",
        }

    def send(self, path: str, size: int, *, whole: bool = True) -> None:
        """Send a film of `size` bytes; `whole`: False to cancel it after all but its last piece."""
        film = PLACE / "sent.mp4"
        _write_film(film, size)
        words = (("filename", "film.mp4"), ("format", "1080p25"), ("language", "kk"))
        about = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in words)
        begun = {"Upload-Length": str(size), "Upload-Metadata": about, "Content-Length": "0"}
        place = self._ask("POST", path, 201, begun).headers["Location"]
        with film.open("rb") as file:
            for at in range(0, size if whole else size - PIECE, PIECE):
                headers = {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
                self._ask("PATCH", place, 204, headers, file.read(PIECE))
        if not whole:
            self._ask("DELETE", place, 204, {})
        film.unlink()

    def _ask(
        self, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes | None = None
    ) -> http.client.HTTPResponse:
        self._line.request(method, path, body=body, headers={**self._headers, **headers})
        answer = self._line.getresponse()
        words = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} {words[:300].decode(errors='replace')}")
        return answer


def _write_film(path: Path, size: int) -> None:
    from tests.documents.files.metadata import media_samples

    plain = media_samples.mp4()
    with path.open("wb") as film:
        film.write(plain + b"\0\0\0\1free" + (size - len(plain)).to_bytes(8, "big"))
        film.truncate(size)  # sparse


def _behind_nginx(scene: Mapping[str, Any], environment: Mapping[str, str]) -> list[Figure]:
    missing = [name for name in ("curl",) if shutil.which(name) is None]
    if program() is None or missing:
        why = "nginx or curl is not on this machine: apt-get install nginx-light curl"
        return [
            not_measured(GROUP, PART, why, unit="%", reach=LEAST_PART),
            not_measured(GROUP, VIEW, why, unit="kB", reach=MOST_VIEW),
        ]
    with tempfile.TemporaryDirectory() as folder, _front(Path(folder), scene, environment) as (nginx, pid):
        return [*_in_turns(nginx, pid, scene["films"][0]), *_weighed(nginx, scene["page"])]


@contextmanager
def _front(
    folder: Path, scene: Mapping[str, Any], environment: Mapping[str, str]
) -> Iterator[tuple[Nginx, int]]:
    """Start nginx as in production, with the film beside it as a static file. Yield it, and the process id of
    the server behind it."""
    told_port = free_port()
    more = {
        "PAGES_KEPT": "60",
        "PAGES_TOLD": f"http://127.0.0.1:{told_port}/pages-version",
        "TRUSTED_PROXIES": "1",
        "X_ACCEL": "true",
    }
    static = f"location = /static-film {{ alias {scene['disk']}; default_type video/mp4; gzip off; }}\n"
    with running("coalition.asgi:application", **environment, **more) as (port, pid):
        await_page(f"http://127.0.0.1:{port}/healthz", seconds=60)
        with nginx_before(
            folder,
            ports=[port],
            told=told_port,
            private=PLACE / "default",
            public=PLACE / "public",
            changed={LOCATION: f"        {static}{LOCATION}"},
        ) as nginx:
            yield nginx, pid


def _in_turns(nginx: Nginx, behind: int, film: str) -> list[Figure]:
    """Take the film and the static file in turns; the median of the rounds' ratios counts."""
    print(f"  film and static file in {ROUNDS} turns", flush=True)
    rates: dict[str, list[float]] = {film: [], "/static-film": []}
    cost: dict[str, list[float]] = {film: [], "/static-film": []}
    for path in rates:
        _rate(nginx, path)  # the file is in memory then, for both
    used = processor_seconds(behind)
    for turn in range(ROUNDS):
        for path in sorted(rates, reverse=bool(turn % 2)):
            before = with_children(nginx.pid)
            rates[path].append(_rate(nginx, path))
            cost[path].append(with_children(nginx.pid) - before)
    used = processor_seconds(behind) - used
    ours, static = rates.values()
    part = 100 * statistics.median(one / other for one, other in zip(ours, static, strict=True))
    return [
        at_least(GROUP, PART, part, "%", reach=LEAST_PART),
        told(GROUP, "the film, its right asked for: median", statistics.median(ours), "MB/s"),
        told(GROUP, "the same static file: median", statistics.median(static), "MB/s"),
        told(GROUP, "processor time of nginx, of the static file", 100 * _share(cost, film), "%"),
        told(GROUP, "processor time of the application for one film", 1000 * used / ROUNDS, "ms"),
    ]


def _share(cost: Mapping[str, list[float]], film: str) -> float:
    return statistics.median(cost[film]) / statistics.median(cost["/static-film"])


def _rate(nginx: Nginx, path: str) -> float:
    """Take the file with curl, by HTTP/2 and TLS; return MB a second. Raises RuntimeError unless it is
    whole."""
    url = f"https://localhost:{nginx.port}{path}"
    command = ["curl", "--silent", "--fail", "--cacert", str(nginx.authority), "--output", os.devnull]
    command += ["--write-out", "%{size_download} %{time_total}", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    size, seconds = done.stdout.split()
    if int(size) != SIZES[0]:
        raise RuntimeError(f"{path}: {size} bytes came instead of {SIZES[0]}")
    return int(size) / 1e6 / float(seconds)


def _weighed(nginx: Nginx, page: str) -> list[Figure]:
    """Weigh the page as a reader behind nginx gets it."""
    url = f"https://localhost:{nginx.port}{page}"
    plain, packed = (_html(nginx, url, *more) for more in ((), ("--header", "Accept-Encoding: gzip")))
    figures = [
        told(GROUP, "page of 12 items, HTML unpacked", len(plain) / 1000, "kB"),
        told(GROUP, "page of 12 items, HTML by gzip", len(packed) / 1000, "kB"),
    ]
    if chromium() is None:
        return [*figures, not_measured(GROUP, VIEW, "no Chromium", unit="kB", reach=MOST_VIEW)]
    kilobytes = first_view_kilobytes(url, any_certificate=True)
    return [at_most(GROUP, VIEW, kilobytes, "kB", reach=MOST_VIEW), *figures]


def _html(nginx: Nginx, url: str, *more: str) -> bytes:
    command = ["curl", "--silent", "--fail", "--cacert", str(nginx.authority), *more, url]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def _by_ranges(scene: Mapping[str, Any], environment: Mapping[str, str]) -> list[Figure]:
    """Take the film of 1 GB by ranges from the application itself."""
    path, name = scene["films"][1], "1 GB taken by ranges without nginx"
    with running("coalition.asgi:application", **environment) as (port, pid):
        await_page(f"http://127.0.0.1:{port}/healthz", seconds=60)
        line = http.client.HTTPConnection("localhost", port, timeout=60)
        _take(line, path, 0, MEGABYTE)
        forget_peak(pid)
        before, begun = memory_megabytes(pid), time.monotonic()
        for at in range(0, SIZES[1], RANGE):
            _take(line, path, at, RANGE)
        seconds, grown = time.monotonic() - begun, peak_megabytes(pid) - before
    return [
        at_most(GROUP, f"{name}: memory of the server", grown, "MB", reach=MOST_MEMORY),
        told(GROUP, f"{name}: memory before", before, "MB"),
        told(GROUP, f"{name}: rate", SIZES[1] / 1e6 / seconds, "MB/s"),
    ]


def _take(line: http.client.HTTPConnection, path: str, at: int, size: int) -> None:
    line.request("GET", path, headers={"Range": f"bytes={at}-{at + size - 1}"})
    answer, found = line.getresponse(), 0
    while chunk := answer.read(MEGABYTE):
        found += len(chunk)
    if answer.status != 206 or found != size:
        raise RuntimeError(f"a range of {size} bytes was answered with {answer.status} and {found} bytes")
