"""Every file belongs to one part, parts take turns by commit, and a run can be repeated by its number."""

import pytest

from tests import rotation
from tests.quick import all_test_files
from tests.rotation import part_of_name, part_of_run

PARTS = 8


def test_parts_take_turns_by_commit(monkeypatch):
    monkeypatch.delenv("SOME_PART", raising=False)
    chosen = []
    for count in range(40, 40 + PARTS):
        monkeypatch.setattr(rotation, "commit_count", lambda count=count: count)
        chosen.append(part_of_run("SOME_PART", PARTS))
    assert sorted(chosen) == list(range(PARTS))


@pytest.mark.parametrize(("value", "part"), [("3", 3), ("0", 0), ("all", None)])
def test_the_environment_chooses_a_part(monkeypatch, value, part):
    monkeypatch.setenv("SOME_PART", value)
    assert part_of_run("SOME_PART", PARTS) == part


@pytest.mark.parametrize("value", ["8", "-1", "most"])
def test_another_value_is_refused(monkeypatch, value):
    monkeypatch.setenv("SOME_PART", value)
    with pytest.raises(ValueError, match="SOME_PART is a number from 0 to 7"):
        part_of_run("SOME_PART", PARTS)


def test_each_part_holds_about_as_many_files():
    files = all_test_files()
    sizes = [sum(part_of_name(name, PARTS) == part for name in files) for part in range(PARTS)]
    assert sum(sizes) == len(files)
    assert min(sizes) > len(files) / PARTS / 2
