"""The rule by which a run chooses its cells leaves no address out for good."""

import pytest

from tests import rotation
from tests.permissions import surfaces
from tests.permissions.cells import ARGUMENT, METHODS, Target, targets
from tests.permissions.chosen import PARTS, VARIABLE, part_of, parts_of_run, sample


def addresses() -> list[Target]:
    """Every address, filled for two states with values of no meaning."""
    patterns = surfaces.listed()["urls"]
    names = {name for pattern in patterns for name in ARGUMENT.findall(pattern)}
    return list(targets(patterns, {state: dict.fromkeys(names, state) for state in ("one", "other")}))


def test_five_commits_in_a_row_ask_for_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    parts = []
    for count in range(7, 7 + PARTS):
        monkeypatch.setattr(rotation, "commit_count", lambda count=count: count)
        assert parts_of_run() == parts_of_run()
        parts += parts_of_run()
    assert sorted(parts) == [0, 1, 2, 3, 4]


def test_one_part_or_all_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "3")
    assert parts_of_run() == [3]
    monkeypatch.setenv(VARIABLE, "all")
    assert parts_of_run() == [0, 1, 2, 3, 4]


def test_every_address_is_in_one_part_and_the_parts_are_of_similar_size() -> None:
    counts = dict.fromkeys(range(PARTS), 0)
    for target in addresses():
        counts[part_of(target)] += 1
    fair = len(addresses()) / PARTS
    assert all(0.7 * fair < count < 1.3 * fair for count in counts.values()), counts


def test_an_address_has_a_name_of_its_own() -> None:
    names = [target.name for target in addresses()]
    assert len(names) > 500
    assert len(names) == len(set(names))


def test_the_part_depends_on_the_name_alone() -> None:
    """Not on identifiers, which are new in every run."""
    one, other = (Target("/<uuid:draft>/", "work", path, "/<uuid:draft>/ work") for path in ("/a/", "/b/"))
    assert part_of(one) == part_of(other)


def test_the_sample_is_the_same_in_whatever_order_and_as_large_as_asked() -> None:
    cells = [(role, one, way) for role in ("editor", "outsider") for one in addresses() for way in METHODS]
    chosen = sample(cells, 200)
    assert len(chosen) >= 200
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) == set(sample(cells[::-1], 200))
    for numbers, every in ((0, {"editor", "outsider"}), (2, set(METHODS))):
        assert {cell[numbers] for cell in chosen} == every
