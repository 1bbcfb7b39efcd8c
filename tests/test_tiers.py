"""What a run on PostgreSQL and Redis holds."""

from pathlib import Path

import pytest

from tests import tiers
from tests.quick import all_test_files
from tests.rotation import ROOT, part_of_name


def test_every_named_path_holds_tests():
    assert [
        path for path in tiers.SERVICES_PATHS if not any(one.startswith(path) for one in all_test_files())
    ] == []


class Items(dict[str, pytest.Item]):
    def __missing__(self, name: str) -> pytest.Item:
        pytest.skip(f"{name} is not in this run: run the whole file")


@pytest.fixture
def items(request):
    """This run's own tests, as pytest collected them."""
    return Items({item.name: item for item in request.session.items if item.path == request.path})


def test_without_database():
    """Stand for the tests that ask no database."""


@pytest.mark.django_db
def test_with_database():
    """Stand for the tests that are rolled back."""


@pytest.mark.django_db(transaction=True)
def test_that_commits():
    """Stand for the tests that commit."""


@pytest.mark.django_db(transaction=True)  # runs when the test that it looks at does
def test_what_commits_is_marked_and_always_runs_on_services(items, monkeypatch):
    committed = items["test_that_commits"]
    assert committed.get_closest_marker("services")
    monkeypatch.setenv(tiers.SERVICES_VARIABLE, str(_another_part()))
    assert tiers.belongs_to_services_run(committed)


def test_what_is_rolled_back_runs_on_services_in_its_turn(items, monkeypatch):
    rolled_back = items["test_with_database"]
    assert not rolled_back.get_closest_marker("services")
    monkeypatch.setenv(tiers.SERVICES_VARIABLE, str(_another_part()))
    assert not tiers.belongs_to_services_run(rolled_back)
    monkeypatch.setenv(tiers.SERVICES_VARIABLE, str(_own_part()))
    assert tiers.belongs_to_services_run(rolled_back)
    monkeypatch.setenv(tiers.SERVICES_VARIABLE, "all")
    assert tiers.belongs_to_services_run(rolled_back)


def test_what_asks_no_database_does_not_run_on_services(items, monkeypatch):
    monkeypatch.setenv(tiers.SERVICES_VARIABLE, "all")
    assert not tiers.belongs_to_services_run(items["test_without_database"])


def _own_part() -> int:
    return part_of_name(Path(__file__).relative_to(ROOT).as_posix(), tiers.SERVICES_PARTS)


def _another_part() -> int:
    return (_own_part() + 1) % tiers.SERVICES_PARTS
