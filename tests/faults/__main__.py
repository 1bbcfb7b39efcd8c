"""`make test-faults`: are the tests awake? Takes one check out of a copy of the project at a time, and runs
the tests that must notice (seeded.toml). Exits 1 if a fault goes unnoticed, or if its place is not found.

`ONLY=word make test-faults` plants those with the word in their name.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LINKED = (".venv", "node_modules", ".tools")  # not copied: nobody writes there
LEFT_OUT = shutil.ignore_patterns(".git", *LINKED, "var", "__pycache__", ".mypy_cache", ".ruff_cache")
FAILED = re.compile(r"^(?:FAILED|\d+ failed)", re.MULTILINE)  # a test, and not that tests could not run


def main() -> None:
    faults = tomllib.loads(Path(__file__).with_name("seeded.toml").read_text(encoding="utf-8"))["fault"]
    chosen = [fault for fault in faults if os.environ.get("ONLY", "") in fault["name"]]
    with tempfile.TemporaryDirectory(prefix="coalition-faults-") as folder:
        copy = _copied(Path(folder) / "project")
        _run(copy, ["tests/architecture/test_shape.py"])  # keeps a migrated database for those that follow
        missed = [fault["name"] for fault in chosen if not _noticed(copy, fault)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults were noticed.")
    sys.exit(bool(missed))


def _copied(copy: Path) -> Path:
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    for name in LINKED:
        if (ROOT / name).exists():
            (copy / name).symlink_to(ROOT / name)
    return copy


def _noticed(copy: Path, fault: dict[str, Any]) -> bool:
    path = copy / fault["file"]
    whole = path.read_text(encoding="utf-8")
    if whole.count(fault["old"]) != 1:
        print(f"GONE    {fault['name']}: its place in {fault['file']} is not found once", flush=True)
        return False
    begun = time.monotonic()
    path.write_text(whole.replace(fault["old"], fault["new"]), encoding="utf-8")
    try:
        ended = _run(copy, fault["tests"])
    finally:
        path.write_text(whole, encoding="utf-8")
    noticed = bool(ended.returncode and FAILED.search(ended.stdout))
    word = "noticed" if noticed else "BROKEN " if ended.returncode else "MISSED "
    print(f"{word} {fault['name']} ({time.monotonic() - begun:.0f} s)", flush=True)
    if word == "BROKEN ":
        print(ended.stdout[-3000:])
    return noticed


def _run(copy: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    """The tests, until the first that fails."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "-m", "not journey", *tests],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    main()
