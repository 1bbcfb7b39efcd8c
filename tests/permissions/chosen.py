"""Which cells of the leak matrix a run asks for: a sample that stays the same, or one of five parts."""

import os
import subprocess
import zlib
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.permissions.cells import Target

PARTS = 5


def commits() -> int:
    """Count the commits up to the one that is checked out; 0 where there is no repository."""
    command = ["git", "rev-list", "--count", "HEAD"]
    folder = Path(__file__).parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return int(done.stdout or 0)


def parts_of_run() -> list[int]:
    """Return the parts that this run asks for, as `LEAKS_PART` says (1 to 5, or `all`); without it, the one
    whose turn it is at this commit."""
    return chosen_parts(os.environ.get("LEAKS_PART", ""), commits())


def chosen_parts(asked: str, count: int) -> list[int]:
    """Return the numbers of the parts for what was asked for and the count of commits.

    Five commits in a row choose five different parts. Raise ValueError for a part that does not exist.
    """
    every = list(range(1, PARTS + 1))
    if asked == "all":
        return every
    if not asked:
        return [every[count % PARTS]]
    if asked not in map(str, every):
        raise ValueError(f"LEAKS_PART is {asked!r}: it can be a number from 1 to {PARTS}, or all")
    return [int(asked)]


def part_of(target: Target) -> int:
    """Return the number of the part that an address belongs to: the same in every run, on every database."""
    return zlib.crc32(target.name.encode()) % PARTS + 1


# For a sweep: `part`, in the name of the test, so that a run that failed can be repeated.
this_part = pytest.mark.parametrize("part", parts_of_run(), ids=lambda part: f"LEAKS_PART={part}")


def sample[Cell: tuple[str, Target, str]](cells: Collection[Cell], count: int) -> list[Cell]:
    """Return at least `count` cells of (role, address, method), spread over all: the same in every run."""
    spread = sorted(cells, key=lambda cell: zlib.crc32(f"{cell[0]} {cell[1].name} {cell[2]}".encode()))
    return spread[:: max(1, len(spread) // count)]
