"""The large demo beside the small one: what a person asks for costs the same, however large the coalition is.

Two processes, each with one of the databases, answer the same person in turns, so that a busy machine is as
slow for one as for the other. The large database is kept in build/bench under a hash of what makes it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import demo_data
from bench.figures import ROOT, Figure, at_most, told

ROUNDS = 15
TIMES = 1.3  # of the time with the small demo
JUDGED = ("dashboard", "draft list", "search", "search of members", "approval matrix")
TOLD = (
    "calendar month",
    "public news",
    "public agenda",
    "calendar feed",
    "cms pages",
    "approval matrix of all",
)
PLACE = ROOT / "build" / "bench"


def measure(_peer: str | None) -> list[Figure]:
    """Queries and medians of each page on both databases."""
    demo_data.prepare()
    small, large = Reader(_small()), Reader(_large())
    figures = []
    for page in (*JUDGED, *TOLD):
        counted = [reader.ask(page, count=True)["queries"] for reader in (small, large)]
        taken: list[list[float]] = [[], []]
        for _round in range(ROUNDS):
            for found, reader in zip(taken, (small, large), strict=True):
                found.append(reader.ask(page)["ms"])
        slow, fast = statistics.median(taken[1]), statistics.median(taken[0])
        figures += _figures(page, counted, slow, fast)
    small.end()
    large.end()
    return figures


def _figures(page: str, counted: list[int], slow: float, fast: float) -> list[Figure]:
    queries, times = f"{page}, large: queries", f"{page}: large beside small"
    shown = told("large", f"{page}, large", slow, "ms")
    if page in TOLD:
        return [
            told("large", queries, counted[1], "queries"),
            told("large", times, slow / fast, "times"),
            shown,
        ]
    return [
        at_most("large", queries, counted[1], "queries", reach=counted[0]),
        at_most("large", times, slow / fast, "times", reach=TIMES),
        shown,
    ]


class Reader:
    """A process that reads pages from one database."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.large_reader"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, page: str, *, count: bool = False) -> dict[str, Any]:
        """Milliseconds of one request, or how many queries it asks. Raises RuntimeError if it is no page."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("The reader has no pipes.")
        self._process.stdin.write(json.dumps({"page": page, "count": count}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        if answer.get("status") != 200:
            raise RuntimeError(f"{page}: {answer}")
        return answer

    def end(self) -> None:
        """Let it go; it reads to the end of its input."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def _small() -> str:
    return os.environ["DATABASE_URL"]


def _large() -> str:
    """The address of the large database; made of the small one, once."""
    if not _small().startswith("sqlite"):
        sys.exit("The group `large` is measured on SQLite: unset DATABASE_URL.")
    kept = PLACE / f"large-{_made_of()}.sqlite3"
    if not kept.exists():
        print("Seeding the large demo", flush=True)
        for old in PLACE.glob("large-*"):
            old.unlink()
        half = kept.with_suffix(".half")
        _copy(PLACE / "coalition.sqlite3", half)
        subprocess.run(
            [sys.executable, "manage.py", "seed_demo", "--size", "large"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": f"sqlite:///{half}"},
            check=True,
        )
        _copy(half, kept)
        for part in PLACE.glob(f"{half.name}*"):
            part.unlink()
    return f"sqlite:///{kept}"


def _copy(source: Path, target: Path) -> None:
    """With what still stands in its log."""
    with sqlite3.connect(source) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(source, target)


def _made_of() -> str:
    """A hash of every migration, of what seeds, and of the lock."""
    digest = hashlib.sha256()
    apps = [ROOT / app for app in ("coalition", "documents", "events", "home")]
    paths = [path for app in apps for path in app.rglob("migrations/*.py")]
    paths += [path for path in (ROOT / "demo").rglob("*") if path.suffix in {".py", ".toml"}]
    for path in sorted([*paths, ROOT / "requirements" / "base.txt"]):
        digest.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()[:16]
