"""Statistical disclosure control for every public table of counts. Pure, no I/O.

The rule is the threshold rule with complementary suppression (Eurostat and OECD handbooks on statistical
disclosure control: a cell is published if it is 0 or at least a threshold, and so many others are merged
that it cannot be found by subtraction). It is carried out so that it can be proved:

- One table is published, a tree: a count is either split by the next dimension or it is not, and nothing
  else is published of the same data. So all published numbers are sums of disjoint blocks of cells, and
  whoever adds and subtracts them finds sums of blocks, nothing smaller. Each block is 0 or `THRESHOLD` at
  least.
- A count is split as `_split` says: children of 1 to 9 are merged into one block, the pool, of such a size
  that each of them could be any of eight numbers at least, also for somebody who knows this rule and which
  children are 0 (tests/campaigns/core/test_suppression.py tries every small table).
- Where that cannot be had, the count is not split: regions, months or languages stay together.

What is published of the same cells again could be subtracted from what was before: see `may_replace`.
Numbers that are shown all the time while they grow are shown in tens: see `full_tens`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

THRESHOLD: Final = 10  # a published count is 0 or at least this
SMALLEST_POOL: Final = 3  # members of a pool that are not 0

type Path = tuple[str, ...]
type _Block = tuple[Path, tuple[str, ...]]


@dataclass(frozen=True)
class PublishedCell:
    """A count that may be published.

    `path`: keys of the levels that are shown, none for the total of all; what is not shown is together.
    `level`: name of the level of the last of them, "" for the total. `pooled`: keys of `level` that are
    shown together under `path`, which are then the keys of the levels above. `is_leaf`: it is not split any
    further; the leaves add up to the total.
    """

    path: Path
    count: int
    level: str = ""
    pooled: tuple[str, ...] = ()
    is_leaf: bool = True


@dataclass(frozen=True)
class _Split:
    shown: dict[str, int] = field(default_factory=dict)
    pooled: tuple[str, ...] = ()


def full_tens(count: int) -> int:
    """Return the count rounded down to `THRESHOLD`s.

    For numbers that are shown again and again while they grow: neither a number nor the difference of two
    looks lies between 1 and 9. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("a count is negative")
    return count // THRESHOLD * THRESHOLD


def published(cells: Mapping[Path, int], levels: Sequence[str]) -> list[PublishedCell]:
    """Return what may be published of a table, the total first, parts below their whole.

    `cells`: counts by key of each level, in the order of `levels`, from what is split first to what is split
    last; no cell twice, none left out that is not 0. A total of 1 to 9 gives nothing at all. The same
    cells are published again only if `may_replace` allows it.

    Raises ValueError for a negative count or a path that has not as many keys as there are levels.
    """
    for path, count in cells.items():
        if len(path) != len(levels):
            raise ValueError(f"a cell needs {len(levels)} keys")
        if count < 0:
            raise ValueError("a count is negative")
    total = sum(cells.values())
    return [] if 0 < total < THRESHOLD else _tree((), cells, levels)


def may_replace(versions: Iterable[Sequence[PublishedCell]], new: Sequence[PublishedCell]) -> bool:
    """Whether `new` may be published of cells of which all `versions` were published before.

    It may if it has the same blocks as each of them, and each block differs from each version by 0 or by
    `THRESHOLD` at least: readers may have saved any of them, and a difference of 1 to 9 would give single
    people away.
    """
    after = _blocks(new)
    return all(_differ_enough(_blocks(version), after) for version in versions)


def _differ_enough(before: Mapping[_Block, int], after: Mapping[_Block, int]) -> bool:
    if before.keys() != after.keys():
        return False
    differences = (abs(after[block] - before[block]) for block in after)
    return all(one == 0 or one >= THRESHOLD for one in differences)


def _blocks(tree: Iterable[PublishedCell]) -> dict[_Block, int]:
    """Return the counts of the leaves, by path and the keys that are shown together."""
    return {(cell.path, cell.pooled): cell.count for cell in tree if cell.is_leaf}


def _tree(path: Path, cells: Mapping[Path, int], levels: Sequence[str]) -> list[PublishedCell]:
    """Return a count that may be published with the parts of it that may be."""
    depth = len(path)
    level = levels[depth - 1] if path else ""
    total = sum(cells.values())
    children: dict[str, dict[Path, int]] = {}
    for cell, count in cells.items() if depth < len(levels) and total else ():
        children.setdefault(cell[depth], {})[cell] = count
    split = _split({key: sum(part.values()) for key, part in sorted(children.items())})
    if not children or split is None:
        return [PublishedCell(path, total, level)]
    found = [PublishedCell(path, total, level, is_leaf=False)]
    for key in split.shown:
        found += _tree((*path, key), children[key], levels)
    if split.pooled:
        pool = sum(sum(children[key].values()) for key in split.pooled)
        found.append(PublishedCell(path, pool, levels[depth], split.pooled))
    return found


def _split(counts: Mapping[str, int]) -> _Split | None:
    """Return how a count that is public is split by key, None if it must not be. `counts`: sorted by key.

    Shown are counts of 0 and of `THRESHOLD` and more. Those of 1 to 9 form the pool. It may stand alone if,
    of k members, it holds at least k + 8 and at most 9 (k - 1): then each of them can be any of 1 to 9. If
    not, the first larger counts, by key and not by size (a choice by size would give it away), are shown with
    it too, so that it has `SMALLEST_POOL` members that are not 0 and one larger one. Nothing is split if
    no larger one is left to show.
    """
    small = [count for count in counts.values() if 0 < count < THRESHOLD]
    large = [key for key, count in counts.items() if count >= THRESHOLD]
    hidden = [key for key, count in counts.items() if 0 < count < THRESHOLD]
    if not hidden:
        return _Split(dict(counts))
    merged = 0 if _can_stand_alone(small) else max(1, SMALLEST_POOL - len(small))
    pooled = tuple(sorted([*hidden, *large[:merged]]))
    shown = {key: count for key, count in counts.items() if key not in pooled}
    return _Split(shown, pooled) if len(large) > merged else None


def _can_stand_alone(small: Collection[int]) -> bool:
    most = THRESHOLD - 1
    return len(small) + most - 1 <= sum(small) <= most * (len(small) - 1)
