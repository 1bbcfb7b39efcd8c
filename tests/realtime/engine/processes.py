"""Processes of a test's own: servers of the engine, PostgreSQL, Redis. Each ends with its test."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A uvicorn with the engine, always on the same port."""

    def __init__(self, database: str, redis: str = "") -> None:
        self.port = free_port()
        self.place = f"127.0.0.1:{self.port}"
        self.log = ""
        self._env = os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "DJANGO_SETTINGS_MODULE": "tests.realtime.engine.settings",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make the tables."""
        making = self._run("-m", "django", "migrate", "-v0")
        _out, err = making.communicate(timeout=60)
        assert making.returncode == 0, err.decode()

    def start(self) -> None:
        """Start, and return without waiting until it answers."""
        self._process = self._run("-m", "tests.realtime.engine", str(self.port))

    def kill(self) -> None:
        """As a crash does: nothing is finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> str:
        """As a deployment does; returns what it wrote to its log."""
        self._end(signal.SIGTERM)
        return self.log

    def _run(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self._env, stderr=subprocess.PIPE)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            _out, err = self._process.communicate(timeout=15)
            self.log += err.decode()
            self._process = None


@contextmanager
def serving(*servers: Server) -> Iterator[None]:
    """All of them, prepared and started."""
    servers[0].prepare()
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.kill()


def _binary(name: str) -> str:
    """Where Debian puts it. Skips the test, in words, where it is missing."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next((str(place) for place in places), None)
    if found is None:
        pytest.skip(f"{name} is not installed: this test stops and starts one of its own")
    return found


class Postgres:
    """A PostgreSQL with a database of its own."""

    def __init__(self) -> None:
        self._ctl, self.port = _binary("pg_ctl"), free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        # Beside the tests' folders: those are closed to others, and closed again by every run that begins.
        self._folder = Path(tempfile.mkdtemp(prefix="coalition-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        self._as_owner(
            _binary("initdb"),
            "-D",
            str(self._folder),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._ctl_do("-w", "-l", str(self._folder / "server.log"), "-o", options, "start")

    def restart(self) -> None:
        """As an administrator in a hurry does."""
        self.stop()
        self.start()

    def stop(self) -> None:
        self._ctl_do("-m", "immediate", "stop")

    def do(self, statement: str) -> None:
        """A statement by somebody else."""
        with psycopg.connect(self.url) as database:
            database.execute(statement)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the database itself holds."""
        with psycopg.connect(self.url) as database:
            return database.execute(question).fetchall()

    def _ctl_do(self, *words: str) -> None:
        self._as_owner(self._ctl, "-D", str(self._folder), "-s", *words)

    def _as_owner(self, *command: str) -> None:
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*before, *command], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)


class Redis:
    """A Redis that keeps nothing."""

    def __init__(self) -> None:
        self._binary, self.port = _binary("redis-server"), free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        words = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([self._binary, *words], stdout=subprocess.DEVNULL, cwd="/tmp")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError("Redis did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None
