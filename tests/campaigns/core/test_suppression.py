"""No count of 1 to 9 can be found in published tables, by adding, by subtracting or by knowing the rule."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest

from coalition.campaigns.core.suppression import THRESHOLD, PublishedCell, full_tens, may_replace, published

LEVELS = ("month", "region", "language")
type Cells = dict[tuple[str, ...], int]


def flat(**counts: int) -> Cells:
    return {(key,): count for key, count in counts.items()}


def told(cells: Cells, levels: Sequence[str] = ("region",)) -> dict[tuple[object, ...], int]:
    """What is published: by path, with the keys that are together."""
    return {(*one.path, *([one.pooled] if one.pooled else [])): one.count for one in published(cells, levels)}


def test_counts_that_are_large_enough_or_zero_are_told_each() -> None:
    assert told(flat(abai=12, almaty=0, astana=40)) == {
        (): 52,
        ("abai",): 12,
        ("almaty",): 0,
        ("astana",): 40,
    }


def test_a_total_below_ten_is_not_told_and_a_total_of_zero_is() -> None:
    assert told(flat(abai=5, almaty=4)) == {}
    assert told({}) == {(): 0}
    assert told(flat(abai=0, almaty=0)) == {(): 0}


def test_a_small_region_alone_takes_two_larger_ones_with_it_chosen_by_key() -> None:
    cells = flat(abai=50, almaty=3, astana=11, ulytau=90, shymkent=70)
    assert told(cells) == {
        (): 224,
        ("shymkent",): 70,
        ("ulytau",): 90,
        (("abai", "almaty", "astana"),): 64,
    }


def test_small_regions_are_told_together_where_none_of_them_can_be_guessed() -> None:
    assert told(flat(a=4, b=4, c=6, d=30)) == {(): 44, ("d",): 30, (("a", "b", "c"),): 14}
    # Nine, nine and nine would be known to be 27: a larger one is told with them.
    assert told(flat(a=9, b=9, c=9, d=30, e=40)) == {(): 97, ("e",): 40, (("a", "b", "c", "d"),): 57}


def test_nothing_is_split_where_too_few_are_large() -> None:
    assert told(flat(abai=5, almaty=20)) == {(): 25}
    assert told(flat(abai=5, almaty=20, astana=30)) == {(): 55}


def test_months_stay_together_where_one_of_them_is_small() -> None:
    cells: Cells = {("q1", month, "kk"): count for month, count in (("01", 12), ("02", 8), ("03", 15))}
    assert told(cells, ("quarter", "month", "language")) == {(): 35, ("q1",): 35}


def test_parts_are_told_of_each_count_apart() -> None:
    cells: Cells = {
        ("01", "abai", "kk"): 20,
        ("01", "abai", "ru"): 2,
        ("01", "astana", "kk"): 15,
        ("01", "astana", "ru"): 10,
    }
    assert told(cells, LEVELS) == {
        (): 47,
        ("01",): 47,
        ("01", "abai"): 22,
        ("01", "astana"): 25,
        ("01", "astana", "kk"): 15,
        ("01", "astana", "ru"): 10,
    }
    leaves = [one for one in published(cells, LEVELS) if one.is_leaf]
    assert sum(one.count for one in leaves) == 47
    assert [one.level for one in leaves] == ["region", "language", "language"]


@pytest.mark.parametrize("cells", [{("abai", "kk"): 12}, {("abai",): -1}])
def test_a_table_that_is_none_is_refused(cells: Cells) -> None:
    with pytest.raises(ValueError, match=r"cell|negative"):
        published(cells, ("region",))


# Somebody who adds and subtracts, and solves the equations


def table(dice: random.Random) -> Cells:
    """A random table of up to ten cells: small ones, zeros and large ones."""
    sizes = dice.choice([(1, 4, 1), (1, 5, 2), (2, 3, 1), (2, 2, 2), (3, 3, 1), (1, 7, 1), (2, 4, 1)])
    share = dice.choice((0.1, 0.3, 0.5))  # of cells that are small
    levels = ([f"{level}{one}" for one in range(size)] for level, size in zip("mrl", sizes, strict=True))
    return {
        key: dice.randint(0, 9) if dice.random() < share else dice.choice((0, dice.randint(10, 60)))
        for key in product(*levels)
    }


def equations(
    cells: Cells, tables: Sequence[list[PublishedCell]]
) -> list[tuple[frozenset[tuple[str, ...]], int]]:
    """Which cells each published number adds up, as a reader understands it."""
    found = []
    for one in (cell for table in tables for cell in table):
        depth = len(one.path)
        under = [key for key in cells if key[:depth] == one.path]
        if one.pooled:
            under = [key for key in under if key[depth] in one.pooled]
        found.append((frozenset(under), one.count))
    return found


def sums_found(
    cells: Cells, known: Sequence[tuple[frozenset[tuple[str, ...]], int]]
) -> Iterator[tuple[list[tuple[str, ...]], Fraction]]:
    """Every set of cells whose sum follows from the equations, with the sum: Gauss, then all 0/1 vectors."""
    keys = list(cells)
    rows = [[Fraction(key in group) for key in keys] + [Fraction(count)] for group, count in known]
    pivots: list[int] = []
    basis: list[list[Fraction]] = []
    for given in rows:
        row = given
        for pivot, one in zip(pivots, basis, strict=True):
            row = [a - row[pivot] * b for a, b in zip(row, one, strict=True)] if row[pivot] else row
        if not any(row[:-1]):
            continue
        new = next(at for at in range(len(keys)) if row[at])
        scaled = [value / row[new] for value in row]
        basis = [[a - one[new] * b for a, b in zip(one, scaled, strict=True)] for one in basis]
        pivots.append(new)
        basis.append(scaled)
    for chosen in range(1 << len(basis)):
        parts = [one for at, one in enumerate(basis) if chosen >> at & 1]
        vector = [sum(values, Fraction()) for values in zip(*parts, strict=True)] or [Fraction()] * (
            len(keys) + 1
        )
        if all(value in {0, 1} for value in vector[:-1]):
            yield [key for key, value in zip(keys, vector, strict=False) if value], vector[-1]


def attack(cells: Cells, *tables: list[PublishedCell]) -> None:
    """Fail if a set of cells of 1 to 9 can be found, or if a cell of 1 to 9 has fewer than nine values."""
    known = equations(cells, tables)
    assert all(sum(cells[key] for key in group) == count for group, count in known)
    for group, total in sums_found(cells, known):
        assert sum(cells[key] for key in group) == total
        assert not 0 < total < THRESHOLD, group
    for key, count in cells.items():
        around = [total for group, total in known if key in group]
        if 0 < count < THRESHOLD and around:
            assert min(around) >= THRESHOLD
            assert all(len(group) > 1 for group, _total in known if key in group)


def random_sets(number: int) -> None:
    dice = random.Random(20261129)
    split = 0
    for _each in range(number):
        cells = table(dice)
        tree = published(cells, LEVELS)
        attack(cells, tree)
        split += any(len(one.path) > 1 or one.pooled for one in tree)
    assert split > number / 2  # not only totals were attacked


def test_300_random_sets_give_no_small_cell_away() -> None:
    random_sets(300)


@pytest.mark.slow
def test_10000_random_sets_give_no_small_cell_away() -> None:
    random_sets(10_000)


def test_the_attack_finds_what_a_careless_table_gives_away() -> None:
    cells = flat(abai=5, almaty=20)
    careless = [PublishedCell((), 25), PublishedCell(("almaty",), 20, "region")]
    with pytest.raises(AssertionError):
        attack(cells, careless)


# Somebody who knows the rule


def compositions(parts: int, total: int) -> Iterator[tuple[int, ...]]:
    """All ways to write a total as this many counts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(parts - 1, total - first):
            yield (first, *rest)


def fewest_values(parts: int, totals: range) -> int:
    """The smallest number of values that a hidden count, or a sum of hidden counts, of 1 to 9 can have.

    Every table of these totals is published; what one reads alike could be any of the tables behind it.
    """
    fewest = 99
    for total in totals:
        alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
        for counts in compositions(parts, total):
            keyed = dict(zip("abcdef", counts, strict=False))
            seen = tuple(told(flat(**keyed)).items())
            alike[seen].append(counts)
        for tables in alike.values():
            for size in range(1, parts):
                for chosen in combinations(range(parts), size):
                    sums = {sum(counts[at] for at in chosen) for counts in tables}
                    if any(0 < one < THRESHOLD for one in sums):
                        fewest = min(fewest, len(sums))
    return fewest


def test_who_knows_the_rule_is_left_with_eight_numbers_at_least() -> None:
    assert fewest_values(2, range(10, 40)) >= 8
    assert fewest_values(3, range(10, 34)) >= 8


@pytest.mark.slow
def test_who_knows_the_rule_of_four_is_left_with_eight_numbers_at_least() -> None:
    assert fewest_values(4, range(10, 46)) >= 8


# A second publication of the same


def test_a_correction_replaces_what_was_published_only_if_it_differs_by_ten() -> None:
    old = published(flat(abai=30, astana=40), ("region",))
    for abai, astana, may in (
        (30, 40, True),
        (40, 40, True),
        (31, 40, False),
        (10, 49, False),
        (0, 60, True),
    ):
        new = published(flat(abai=abai, astana=astana), ("region",))
        assert may_replace([old], new) is may, (abai, astana)


def test_a_correction_is_compared_with_every_version_that_was_public() -> None:
    versions = [published(flat(abai=abai, astana=40), ("region",)) for abai in (100, 115)]
    for abai, may in ((103, False), (106, False), (112, False), (100, True), (125, True), (90, True)):
        new = published(flat(abai=abai, astana=40), ("region",))
        assert may_replace(versions, new) is may, abai


def test_a_correction_that_is_split_otherwise_replaces_nothing() -> None:
    old = published(flat(abai=30, astana=5), ("region",))
    assert not may_replace([old], published(flat(abai=30, astana=25), ("region",)))
    assert not may_replace([old], published(flat(abai=3, astana=1), ("region",)))


def test_one_whose_part_is_left_out_changes_nothing_for_the_others() -> None:
    """Tables of two lines share no number: with one of them and without it, only its own are told."""
    dice = random.Random(7)
    for _each in range(50):
        first, second = (dict(list(table(dice).items())[:5]) for _line in range(2))
        both = {("first", *key): count for key, count in first.items()}
        both |= {("second", *key): count for key, count in second.items()}
        trees = [
            [
                PublishedCell((line, *one.path), one.count, one.level, one.pooled, one.is_leaf)
                for one in published(cells, LEVELS)
            ]
            for line, cells in (("first", first), ("second", second))
        ]
        attack(both, [*trees[0], *trees[1]], trees[1])


# A number that is told all the time while it grows


def test_neither_a_number_in_tens_nor_a_difference_lies_between_1_and_9() -> None:
    assert [full_tens(count) for count in (0, 1, 9, 10, 19, 20, 1249)] == [0, 0, 0, 10, 10, 20, 1240]
    told_over_time = {full_tens(count) for count in range(500)}
    assert all(one == 0 or one >= THRESHOLD for one in told_over_time)
    assert all(abs(one - other) >= THRESHOLD for one, other in combinations(told_over_time, 2))
    with pytest.raises(ValueError, match="negative"):
        full_tens(-1)
