"""Journeys run in a real browser; where there is none they are skipped, and say so."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import ARGUMENTS, chromium, headless_chromium
from tests.journeys.checker import Sources
from tests.journeys.demo import ROOT, Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.servers import WarmServer, copied, seeded_or_cached

HERE = Path(__file__).parent
LOCK = ROOT / "build" / "seed.lock"  # one for all runs: they share the cached seed
# Files that take longest begin first, so that no process waits for the other at the end.
LONGEST = (
    "test_00_accessible_pages.py",
    "test_00_accessible_campaign.py",
    "test_00_headers.py",
    "test_00_newsroom.py",
    "test_02_twelve_organisations.py",
    "test_00_writing_together.py",
    "test_00_draft_to_news.py",
    "test_13_two_hours.py",
)
WITHOUT_BROWSER = "Chromium is not on this machine, so no journey runs: apt-get install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, and let it be repeated once (`tests/flaky.py`); skip them all without a browser."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("journey")
            item.add_marker(pytest.mark.flaky(reruns=1))
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason=WITHOUT_BROWSER))


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """Playwright. It ends before the first test elsewhere: it keeps an event loop running."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(driver: Playwright) -> Iterator[Browser]:
    """One Chromium for all journeys; each person of a journey gets a context of their own."""
    running = driver.chromium.launch(executable_path=headless_chromium(), args=[*ARGUMENTS])
    yield running
    running.close()


@pytest.fixture
def whole_browser(driver: Playwright) -> Iterator[Browser]:
    """Chromium with what its headless shell lacks: push messages."""
    running = driver.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS])
    yield running
    running.close()


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data, made once a run by the process that needs it first; every journey gets a copy."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "seed"
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not folder.exists():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            seeded_or_cached(half)
            half.rename(folder)
    return folder


@pytest.fixture(scope="package")
def server(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmServer]:
    """The process that is forked for each demo of this session."""
    warm = WarmServer(tmp_path_factory.mktemp("server"), seed)
    yield warm
    warm.close()


@pytest.fixture
def demo(seed: Path, server: WarmServer, tmp_path: Path) -> Iterator[Demo]:
    """A fresh demo with a server of its own."""
    with server.serving(copied(seed, tmp_path / "demo")) as started:
        yield started


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """After the last test of the module the checker of the W3C reads all pages that were looked at."""
    Eye.sources = Sources(tmp_path_factory.mktemp("sources"))
    yield
    found, Eye.sources = Eye.sources.errors(), None
    assert found == []


@pytest.fixture
def person(demo: Demo, browser: Browser) -> Iterator[Callable[..., Person]]:
    """`person("coordinator")`: a new browser, signed in as that persona; without a name: a visitor."""
    people: list[Person] = []

    def arrive(name: str = "", *, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Person:
        someone = Person(demo, browser, width=width, scheme=scheme)
        people.append(someone)
        return someone.sign_in(name) if name else someone

    yield arrive
    for someone in people:
        someone.leave()
