"""Which cells of the leak matrix a run asks for: a sample that stays the same, or one of five parts."""

import zlib
from collections.abc import Collection

import pytest

from tests.permissions.cells import Target
from tests.rotation import part_of_name, part_of_run
from tests.tiers import LEAKS_PARTS as PARTS, LEAKS_VARIABLE as VARIABLE


def parts_of_run() -> list[int]:
    """Return the numbers of the parts that this run asks for: the one whose turn it is at this commit, or as
    `LEAKS_PART` says."""
    part = part_of_run(VARIABLE, PARTS)
    return list(range(PARTS)) if part is None else [part]


def part_of(target: Target) -> int:
    """Return the number of the part that an address belongs to: the same in every run, on every database."""
    return part_of_name(target.name, PARTS)


# For a sweep: `part`, in the name of the test, so that a run that failed can be repeated.
this_part = pytest.mark.parametrize("part", parts_of_run(), ids=lambda part: f"{VARIABLE}={part}")


def sample[Cell: tuple[str, Target, str]](cells: Collection[Cell], count: int) -> list[Cell]:
    """Return at least `count` cells of (role, address, method), spread over all: the same in every run."""
    spread = sorted(cells, key=lambda cell: zlib.crc32(f"{cell[0]} {cell[1].name} {cell[2]}".encode()))
    return spread[:: max(1, len(spread) // count)]
