"""Fixtures and hooks by which tests are followed; tests/conftest.py imports them."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests import tiers
from tests.recording import replay


@pytest.fixture(autouse=True)
def recordings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Follow what the test writes, so that its builders can be replayed until it has patched something."""
    if tiers.commits(request.node):  # what the next tests find is another database
        replay.recordings.clear()
        yield
    elif replay.MODE == "off" or connection.vendor != "sqlite" or not tiers.asks_database(request.node):
        yield
    else:
        with replay.followed() as tape:
            tape.patches = monkeypatch
            yield


def pytest_fixture_setup(fixturedef: Any) -> None:
    """Record plain fixtures of function scope as if they were decorated.

    One that returns nothing is there for its effect, which may be one that is not followed: it always runs.
    pytest calls `fixturedef.func` and has no hook around that call.
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
        fixturedef.func = replay.recorded(function, needs_result=True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many calls of builders were replayed."""
    if replay.MODE == "report":
        terminalreporter.section("recordings")
        terminalreporter.line(", ".join(f"{name}: {count}" for name, count in replay.figures.items()))
        for reason, count in replay.reasons.most_common(60):
            terminalreporter.line(f"{count:6} {reason}")
