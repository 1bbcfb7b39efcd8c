"""The group `start`: the start of one worker, and `make demo` in a fresh clone and again."""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench import worker_start
from bench.figures import ROOT, Figure, at_most
from bench.server import await_page, free_port

FIRST = 180
SECOND = 8


def measure(peer: str | None) -> list[Figure]:
    figures = worker_start.measure()
    print("  make demo in a fresh clone: some minutes", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = _seconds_to_first_page(clone, patience=FIRST * 3)
        second = _seconds_to_first_page(clone, patience=60)
    return [
        *figures,
        at_most("start", "fresh clone to first page", first, "s", reach=FIRST),
        at_most("start", "second start to first page", second, "s", reach=SECOND),
    ]


def _seconds_to_first_page(clone: Path, *, patience: float) -> float:
    """Start the demo, wait for its first page, stop it as Ctrl-C does."""
    port = free_port()
    # Variables set by make and this benchmark must not reach the clone's make.
    inherited = {
        "MAKEFLAGS",
        "MAKELEVEL",
        "DATABASE_URL",
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "VIRTUAL_ENV",
    }
    env = {name: value for name, value in os.environ.items() if name not in inherited}
    begun = time.monotonic()
    process = subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=clone,
        env=env,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        await_page(f"http://localhost:{port}/", seconds=patience)
        return time.monotonic() - begun
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)
