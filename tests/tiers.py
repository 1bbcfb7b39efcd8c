"""Which test belongs to which command: marks by folder, and the selection on PostgreSQL and Redis.

The commands choose by marks (`Makefile`): `slow`, `journey`, `smoke`, `services`. A file of slow tests marks
itself (`pytestmark = pytest.mark.slow`).
"""

import pytest

from tests.rotation import ROOT, part_of_name, part_of_run

# What takes turns by commit: the variable that chooses a part, and how many parts there are.
SERVICES_VARIABLE, SERVICES_PARTS = "SERVICES_PART", 8
LEAKS_VARIABLE, LEAKS_PARTS = "LEAKS_PART", 5

# Locks, raw SQL, leases, search, caches and sockets: PostgreSQL or Redis may answer otherwise than SQLite.
SERVICES_PATHS = (
    "tests/accounts/test_prints.py",
    "tests/architecture/test_database.py",
    "tests/backup/",
    "tests/broken/",
    "tests/core/test_infra_errors.py",
    "tests/core/test_safe_cache.py",
    "tests/home/search/",
    "tests/home/test_checks.py",
    "tests/home/test_root.py",
    "tests/home/test_seal_anew.py",
    "tests/home/test_timers.py",
    "tests/jobs/",
    "tests/mail/",
    "tests/personal_data/",
    "tests/realtime/",
    "tests/test_prepared.py",
)


def add_marks(items: list[pytest.Item]) -> None:
    """Mark as `services` whatever commits, and what `SERVICES_PATHS` names.

    What commits is `slow` too: races, sockets and servers, whose database has to be emptied by hand.
    """
    for item in items:
        if _path(item).startswith(SERVICES_PATHS) or commits(item):
            item.add_marker("services")
        if commits(item):
            item.add_marker("slow")


def commits(item: pytest.Item) -> bool:
    """Return whether the test commits to the database, and so may lock and race."""
    marked = item.get_closest_marker("django_db")
    return "transactional_db" in _fixtures(item) or bool(marked and marked.kwargs.get("transaction"))


def asks_database(item: pytest.Item) -> bool:
    """Return whether the test uses the database at all."""
    return commits(item) or "db" in _fixtures(item) or item.get_closest_marker("django_db") is not None


def belongs_to_services_run(item: pytest.Item) -> bool:
    """Return whether a run on PostgreSQL and Redis holds the test: all that is marked, a part of the rest."""
    if item.get_closest_marker("services") is not None:
        return True
    part = part_of_run(SERVICES_VARIABLE, SERVICES_PARTS)
    return asks_database(item) and (part is None or part_of_name(_path(item), SERVICES_PARTS) == part)


def belongs_to_sqlite_run(item: pytest.Item) -> bool:
    """Return whether a run on SQLite holds the test: tests of failing services need PostgreSQL and Redis."""
    return not _path(item).startswith("tests/broken/")


def _path(item: pytest.Item) -> str:
    return item.path.relative_to(ROOT).as_posix()


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])
