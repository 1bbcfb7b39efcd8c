"""The clock of a machine, wrong by as much as one likes, also while processes run: Debian's `faketime`."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path

from tests.broken.product import Product
from tests.realtime.engine.processes import ROOT

WITHOUT_FAKETIME = "faketime is not on this machine, so no clock can be wrong: apt-get install faketime"


class Clock:
    """What the processes given its `variables` take for the time. Pauses and time limits stay as they are:
    they hang on the clock that no one sets."""

    def __init__(self, folder: Path, *, ahead: int) -> None:
        self._file = folder / f"clock-{ahead}"
        self.variables = {
            # For programs with threads. The loader itself knows what $LIB is on this machine.
            "LD_PRELOAD": "/usr/$LIB/faketime/libfaketimeMT.so.1",
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",  # seconds until they see that it was set
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # which makes threads that wait for the interpreter spin
            "FAKETIME_DISABLE_SHM": "1",  # else one process would count for all
            "NO_FAKE_STAT": "1",
        }
        self.set(ahead=ahead)

    def set(self, *, ahead: int) -> None:
        """By so many seconds; less than 0: behind."""
        half = self._file.with_suffix(".half")
        half.write_text(f"{ahead:+d}\n", encoding="ascii")
        half.replace(self._file)


def by(clock: Clock, site: Product, **variables: str) -> Product:
    """The same site, on a machine with this clock."""
    there = copy(site)
    there.env = site.env | clock.variables | variables
    return there


@contextmanager
def working(there: Product, log: Path) -> Iterator[None]:
    """A worker of its own. What it tells stands in the file."""
    command = [sys.executable, "manage.py", "work"]
    with log.open("ab") as told:
        worker = subprocess.Popen(command, cwd=ROOT, env=there.env, stdout=told, stderr=told)
    try:
        yield
    finally:
        worker.terminate()  # it ends after the piece of work in hand
        worker.wait(60)


def program() -> str | None:
    """Where it is, or None."""
    return shutil.which("faketime")
