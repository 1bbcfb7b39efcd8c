"""Parts of a suite that take turns: each commit runs one of them, so that a few commits run all.

A variable in the environment chooses another part (`SERVICES_PART=3`) or every part (`SERVICES_PART=all`).
"""

import os
import subprocess
import zlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALL = "all"


def part_of_run(variable: str, parts: int) -> int | None:
    """Return the part of 0 to `parts` - 1 that this run holds, or None if it holds all.

    Raises ValueError if the variable is set to anything but such a number or `all`.
    """
    chosen = os.environ.get(variable, "")
    if chosen == ALL:
        return None
    if not chosen:
        return commit_count() % parts
    if not chosen.isdecimal() or int(chosen) >= parts:
        raise ValueError(f"{variable} is a number from 0 to {parts - 1}, or {ALL}, not {chosen!r}.")
    return int(chosen)


def part_of_name(name: str, parts: int) -> int:
    """Return the part that a name (a file's path, an address) belongs to, the same in every process."""
    return zlib.crc32(name.encode()) % parts


@cache
def commit_count() -> int:
    """Return the number of commits up to HEAD; 0 outside a checkout."""
    answer = subprocess.run(
        ["git", "rev-list", "--count", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return int(answer.stdout) if answer.returncode == 0 else 0
