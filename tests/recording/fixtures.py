"""Fixtures and hooks by which tests are followed; tests/conftest.py takes them in."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.recording import replay


@pytest.fixture(autouse=True)
def recordings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Follow what the test writes, so that its builders can be replayed until it has patched something."""
    if _commits(request.node):  # what the next tests find is another database
        replay.recordings.clear()
        yield
    elif replay.MODE == "off" or connection.vendor != "sqlite" or not _has_database(request.node):
        yield
    else:
        with replay.followed() as tape:
            tape.patches = monkeypatch
            yield


def pytest_fixture_setup(fixturedef: Any) -> None:
    """Record fixtures of one test that only return something, as if they were decorated.

    pytest calls the function of the definition and has no hook around that call.
    """
    function = fixturedef.func
    if (
        fixturedef.scope == "function"
        and inspect.isfunction(function)
        and function.__module__.startswith("tests.")
        and not hasattr(function, "__wrapped__")
        and not function.__closure__
        and not inspect.isgeneratorfunction(function)
        and not inspect.iscoroutinefunction(function)
        and not inspect.isasyncgenfunction(function)
    ):
        fixturedef.func = replay.recorded(function)


def _has_database(item: Any) -> bool:
    return "db" in item.fixturenames or item.get_closest_marker("django_db") is not None


def _commits(item: Any) -> bool:
    marks = item.iter_markers("django_db")
    return "transactional_db" in item.fixturenames or any(mark.kwargs.get("transaction") for mark in marks)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many calls of builders were replayed."""
    if replay.MODE == "report":
        terminalreporter.section("recordings")
        terminalreporter.line(", ".join(f"{name}: {count}" for name, count in replay.figures.items()))
        for reason, count in replay.reasons.most_common(60):
            terminalreporter.line(f"{count:6} {reason}")
