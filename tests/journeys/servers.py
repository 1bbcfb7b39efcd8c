"""Servers of the demo: seeded once, copied for each journey, forked from a process that has loaded it."""

import datetime
import hashlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import free_port
from tests import migrated
from tests.journeys.demo import ROOT, Demo

START = 40.0  # seconds a server may take on a busy machine
FRESH = 30 * 60  # seconds for which a seed is used again: its events lie around the hour in which it was made
SEED_OF = (
    "coalition",
    "demo",
    "documents",
    "events",
    "home",
    "locale",
    "requirements",
    "templates",
    "tests/journeys",
)


def seeded(folder: Path) -> None:
    """Migrate and seed a demo in an empty folder, and do all the work that is due in it.

    Starts from the migrated database of the other tests where there is one.
    """
    environment = environment_of(folder, address="http://localhost:8000")
    if migrated.template().exists():
        shutil.copyfile(migrated.template(), folder / "coalition.sqlite3")
    manage = [sys.executable, "manage.py"]
    for words in (
        [*manage, "migrate", "--verbosity", "0"],
        [*manage, "seed_demo"],
        [sys.executable, "-m", "tests.journeys.idle"],
    ):
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def seeded_or_cached(folder: Path) -> None:
    """Copy the seed that another run of the same code left in build/ less than `FRESH` ago, or make it.

    Of several runs one may be in here at a time.
    """
    cached = ROOT / "build" / f"seed-{_digest()}"
    if _age_of(cached) < FRESH:
        copied(cached, folder)
        return
    seeded(folder)
    for old in cached.parent.glob("seed-*"):
        shutil.rmtree(old)
    unfinished = cached.with_name("seed-unfinished")  # what a killed run leaves goes with the old ones
    copied(folder, unfinished).rename(cached)


def _age_of(seed: Path) -> float:
    """Return how many seconds ago it was made; infinity if there is none."""
    database = seed / "coalition.sqlite3"
    return time.time() - database.stat().st_mtime if database.exists() else float("inf")


def _digest() -> str:
    """Return a hash of all code that a seed is made by."""
    digest = hashlib.sha256()
    for top in SEED_OF:
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def copied(source: Path, target: Path) -> Path:
    """Copy a seeded demo; returns the copy."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def environment_of(folder: Path, *, address: str) -> dict[str, str]:
    """Return the environment of a demo with its data in the folder, on SQLite and without services."""
    (folder / "mail").mkdir(parents=True, exist_ok=True)
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "coalition.settings.dev",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'coalition.sqlite3'}",
        "EMAIL_URL": f"filemail://{folder / 'mail'}",
        "SITE_URL": address,
    }


class WarmServer:
    """A process that is forked for each journey (`warm_server.py`), which takes a tenth of starting a server.

    Its settings are read once, so it serves one journey at a time, always on the same port and from the same
    folder: a link to the folder of the journey.
    """

    def __init__(self, folder: Path, seed: Path) -> None:
        """Start the process. `folder`: an empty one, for the link and a copy of `seed`, to load pages."""
        self._is_serving = False
        self._link, self._port = folder / "current", free_port()
        self._link.symlink_to(copied(seed, folder / "warm"))
        self.address = f"http://localhost:{self._port}"
        with (folder / "warm.log").open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.warm_server", str(self._port)],
                cwd=ROOT,
                env=environment_of(self._link, address=self.address),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._expect("warm", log=folder / "warm.log")

    @contextmanager
    def serving(self, folder: Path, *, at: datetime.datetime | None = None) -> Iterator[Demo]:
        """Serve the demo in the folder until the block ends; then end the server at once.

        `at`: an aware moment from which the server's clock runs. Raises `AssertionError` while it serves
        another one.
        """
        assert not self._is_serving, "One journey is served at a time."
        self._link.unlink()
        self._link.symlink_to(folder)
        self._is_serving = True
        try:
            self._ask(f"serve {at.isoformat() if at else 'now'} {folder / 'server.log'}")
            self._expect("ready", log=folder / "server.log")
            yield Demo(self.address, folder, environment_of(folder, address=self.address))
        finally:
            self._is_serving = False
            if self._process.poll() is None:
                self._ask("kill")
                self._expect("killed", log=folder / "server.log")

    def close(self) -> None:
        """End the process, which ends its server."""
        self._process.communicate(timeout=20)

    def _ask(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def _expect(self, word: str, *, log: Path) -> None:
        assert self._process.stdout
        answer = self._process.stdout.readline().strip()
        assert answer == word, f"The server answered {answer!r}, not {word!r}: {log.read_text()[-2000:]}"


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Demo]:
    """Serve the demo in the folder until the block ends, by a new interpreter in this environment."""
    port = free_port()
    address = f"http://localhost:{port}"
    given = environment_of(folder, address=address) | environment
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [
                *[sys.executable, "-m", "uvicorn", "coalition.asgi:application"],
                *["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"],
                *["--ws-max-size", "1048576", "--ws-per-message-deflate", "false", "--no-server-header"],
            ],
            cwd=ROOT,
            env=given,
            stdout=log,
            stderr=log,
        )
        try:
            _await(f"http://127.0.0.1:{port}/healthz", process)
            yield Demo(address, folder, given)
        finally:
            process.kill()
            process.wait()


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < START:
        assert process.poll() is None, "The server has stopped: see server.log."
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("The server did not start in time.")
