"""A running server with its access log switched on: what it writes when quiet pages are read."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from bench.server import await_port, free_port
from tests import migrated

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

READER = "203.0.113.7"
PATHS = [
    "/kk/help/",
    "/ru/help/?region=KZ-75",
    "/en/help/nothing-is-here/",
    "/help/",
    "/kk/%68elp/",
    "/kk/help;x/",
    "//kk/help/",
    "/kk//help/",
]


@contextmanager
def server(folder: Path, **environment: str) -> Iterator[tuple[str, Path]]:
    """A server of production's kind on SQLite: its address, and the file of all that it writes."""
    shutil.copyfile(migrated.template(), folder / "coalition.sqlite3")
    port, log = free_port(), folder / "server.log"
    given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    given |= {"DJANGO_SETTINGS_MODULE": "coalition.settings.dev", "DATA_DIR": str(folder), **environment}
    command = [sys.executable, "-m", "uvicorn", "coalition.asgi:application", "--port", str(port)]
    proxied = ["--proxy-headers", "--forwarded-allow-ips", "*"]
    with log.open("w") as written:
        process = subprocess.Popen(
            [*command, *proxied], cwd=settings.BASE_DIR, env=given, stdout=written, stderr=written
        )
        try:
            await_port(port, seconds=60)
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
            process.wait(timeout=20)


def ask(address: str) -> int:
    question = urllib.request.Request(address, headers={"X-Forwarded-For": READER})
    try:
        with urllib.request.urlopen(question) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


@pytest.mark.parametrize("kind", ["line", "json"])
def test_nothing_is_written_of_who_reads_help(tmp_path: Path, kind: str) -> None:
    if not migrated.template().exists():
        pytest.skip("The template of the database is SQLite's.")
    with server(tmp_path, LOG_FORMAT=kind) as (address, log):
        for path in PATHS:
            assert ask(address + path) in {200, 404}, path
        assert "help" not in log.read_text(encoding="utf-8").lower()
        assert ask(f"{address}/kk/helpful/") == 404
        deadline = time.monotonic() + 10
        while (told := log.read_text(encoding="utf-8")).count("/kk/helpful/") < 2:
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
    lines = [line for line in told.splitlines() if READER in line]
    assert len(lines) == 1, lines
    assert "/kk/helpful/" in lines[0]
