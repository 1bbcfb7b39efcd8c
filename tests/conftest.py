"""What every test may ask for."""

import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_asyncio import is_async_test
from pytest_django import DjangoDbBlocker

from coalition.accounts.models import User
from documents.publication import hooks
from home import page_cache
from tests import migrated

NODE = Path(__file__).parents[1] / ".tools" / "node" / "bin"


def pytest_configure() -> None:
    """Node is the machine's, or the one that the set-up brought where there is none (`.ci/tools.sh`)."""
    if shutil.which("node") is None:
        os.environ["PATH"] = f"{NODE}{os.pathsep}{os.environ['PATH']}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests with a loop of their own come late, journeys last: a browser keeps a loop running in its process.

    Those that commit come after those that do not, as pytest-django has it: they empty what migrations wrote.

    With services, a test that asks for no database is left out: the run on SQLite has told the same already.
    Those that break services are of that run alone: they begin with its migrated database.
    """
    chosen = _meets_services if connection.vendor == "postgresql" else _breaks_nothing
    kept = [item for item in items if chosen(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
    items.sort(key=lambda item: 2 if "journeys" in item.path.parts else int(_has_loop(item)))


def _breaks_nothing(item: pytest.Item) -> bool:
    return "broken" not in item.path.parts


def _meets_services(item: pytest.Item) -> bool:
    """Whether the test meets the database, or servers that do."""
    asked = getattr(item, "fixturenames", [])
    of_servers = {"journeys", "realtime", "architecture", "broken"} & set(item.path.parts)
    return bool(of_servers) or "db" in asked or "transactional_db" in asked or _marked(item)


def _marked(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not look at it again before every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


def _has_loop(item: pytest.Item) -> bool:
    return "realtime" in item.path.parts or is_async_test(item)


@pytest.fixture(scope="session", autouse=True)
def test_files() -> Iterator[None]:
    """One folder a process for its database file (WAL needs a file) and the uploads of its tests."""
    settings.TEST_FILES.mkdir(parents=True, exist_ok=True)
    yield
    shutil.rmtree(settings.TEST_FILES, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    test_files: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Wait for the folder of the database file; on PostgreSQL each process has a name of its own."""


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """The database is there already where a migrated one could be copied."""
    return migrated.copy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what was migrated, before the first test writes."""
    with django_db_blocker.unblock():
        migrated.keep()
    flush = connection.ops.sql_flush
    connection.ops.sql_flush = lambda _style, tables, **_how: migrated.empty(connection.ops, list(tables))
    yield
    connection.ops.sql_flush = flush
    with django_db_blocker.unblock():
        _end_other_sessions()


def _end_other_sessions() -> None:
    """Threads of servers that tests started may still hold a session: PostgreSQL would keep the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read the source language, whatever the person's or the site's is."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits, counters and drawn pages of one test do not reach the next."""
    cache.clear()
    page_cache.pages.clear()


@pytest.fixture
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing makes no pages: those of the public site are another layer's."""
    monkeypatch.setattr(hooks, "_presenters", [])


def sign_in(client: Client, user: User, *, second_factor: bool = True, ago: float = 0) -> Client:
    """Give the client a session as if the person had just signed in and proved again who they are.

    `ago`: how many seconds before now, to make the next re-authentication due.
    """
    client.force_login(user)
    at = time.time() - ago
    methods: list[dict[str, object]] = [{"method": "password", "at": at, "email": user.email}]
    if second_factor:
        methods.append({"method": "mfa", "at": at, "type": "totp"})
    methods.append({"method": "password", "at": at, "reauthenticated": True})
    session = client.session
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(user)`: a new browser in which the person has signed in with a second factor."""

    def make(user: User, *, second_factor: bool = True, ago: float = 0) -> Client:
        return sign_in(Client(), user, second_factor=second_factor, ago=ago)

    return make
