"""Journeys run in a real browser; where there is none they are skipped, and say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import ARGUMENTS, chromium

HERE = Path(__file__).parent
WITHOUT_BROWSER = "Chromium is not on this machine, so no journey runs: apt-get install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, so that `make test-services` can choose; skip them all without a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("journey")
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason=WITHOUT_BROWSER))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; each person of a journey gets a context of their own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS])
        yield running
        running.close()
