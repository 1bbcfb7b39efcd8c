"""What every test may ask for."""

import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_asyncio import is_async_test
from pytest_django import DjangoDbBlocker

from coalition.accounts.models import User
from documents.publication import hooks
from documents.publication.verification import findings as verification_hooks
from tests import flaky, migrated, tiers
from tests.recording import fixtures as recording_hooks, recorded, same_patch
from tests.recording.fixtures import pytest_fixture_setup, recordings  # noqa: F401  pytest reads both from conftest
from tests.recording.replay import MODE, MODES
from tests.rotation import part_of_run

# Property tests try the same cases in every run, so that a failure comes from the change and not by chance.
# `--hypothesis-profile=random` draws others (`make test-all`). A deadline would judge how busy the machine
# is.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("random", print_blob=True, deadline=None)
hypothesis.settings.load_profile("same")

NODE = Path(__file__).parents[1] / ".tools" / "node" / "bin"


def pytest_configure() -> None:
    """Node is the machine's, or the one that the set-up brought where there is none (`.ci/tools.sh`)."""
    if shutil.which("node") is None:
        os.environ["PATH"] = f"{NODE}{os.pathsep}{os.environ['PATH']}"


def pytest_report_header() -> list[str]:
    """Print the parts that take turns by commit, so that a run can be repeated.

    Raises UsageError for a part or a `RECORDINGS` that does not exist.
    """
    if MODE not in MODES:
        raise pytest.UsageError(f"RECORDINGS is one of {', '.join(MODES)}, not {MODE!r}.")
    chosen = [(tiers.LEAKS_VARIABLE, tiers.LEAKS_PARTS, "leak sweeps")]
    if connection.vendor == "postgresql":
        chosen.append((tiers.SERVICES_VARIABLE, tiers.SERVICES_PARTS, "unmarked tests"))
    try:
        parts = [(what, variable, part_of_run(variable, parts)) for variable, parts, what in chosen]
    except ValueError as fault:
        raise pytest.UsageError(str(fault)) from fault
    lines = [f"{what}: {variable}={'all' if part is None else part}" for what, variable, part in parts]
    return [*lines, f"test data: RECORDINGS={MODE}"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not belong to the database in use, and order the rest.

    Journeys come first: they wait for the seed, and the other process has work meanwhile. Tests with an event
    loop of their own come last.
    """
    tiers.add_marks(items)
    on_services = connection.vendor == "postgresql"
    belongs = tiers.belongs_to_services_run if on_services else tiers.belongs_to_sqlite_run
    chosen: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (chosen if belongs(item) else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen
    items.sort(key=lambda item: -1 if "journeys" in item.path.parts else int(_has_loop(item)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what passed only when repeated, and what recordings did (`RECORDINGS=report`)."""
    flaky.pytest_terminal_summary(terminalreporter)
    recording_hooks.pytest_terminal_summary(terminalreporter)


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
    sql_flush = connection.ops.sql_flush
    connection.ops.sql_flush = lambda _style, tables, **_how: migrated.empty(connection.ops, list(tables))
    # Flushing sends `post_migrate` to create permissions: their table is not emptied, so none is missing.
    with mock.patch.object(flush, "emit_post_migrate_signal"):
        yield
    connection.ops.sql_flush = sql_flush
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
    """Rate limits, counters and fragments of one test do not reach the next."""
    cache.clear()
    caches["template_fragments"].clear()


@pytest.fixture
def no_pages() -> Iterator[None]:
    """Publishing makes no pages: those of the public site are another layer's."""
    with (
        same_patch("no_pages", hooks, "_presenters", []),
        same_patch("no_readers", verification_hooks, "_readers", []),
    ):
        yield


def sign_in(client: Client, user: User, *, second_factor: bool = True, ago: float = 0) -> Client:
    """Give the client a session as if the person had just signed in and proved again who they are.

    `ago`: how many seconds before now, to make the next re-authentication due.
    """
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user, second_factor=second_factor, ago=ago)
    return client


@recorded
def session_of(user: User, *, second_factor: bool, ago: float) -> str:
    """Begin such a session and return its key."""
    client = Client()
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
    return session.session_key


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(user)`: a new browser in which the person has signed in with a second factor."""
    return new_client


def new_client(user: User, *, second_factor: bool = True, ago: float = 0) -> Client:
    return sign_in(Client(), user, second_factor=second_factor, ago=ago)
