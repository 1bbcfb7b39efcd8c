"""Pages of postcards, looked at as `test_00_accessible_pages.py` looks at the others."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.campaigning import ONE, first_link
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import workspace_of
from tests.journeys.samples import PUBLIC_SAMPLES, in_language
from tests.journeys.servers import WarmServer, copied

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.usefixtures("checked")]

PAGE = "postcards/card-to-deputies/"  # of the demo's design


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they look, and change nothing but a person's language."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("postcards") / "demo")) as started:
        yield started


@pytest.fixture(scope="module")
def workspace(demo: Demo, browser: Browser) -> str:
    """Address of the workspace that has postcards."""
    coordinator = Person(demo, browser)
    found = workspace_of(coordinator.sign_in("coordinator").page)
    coordinator.leave()
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_public_page(person: Callable[..., Person], language: str) -> None:
    faults = []
    for width, scheme in PUBLIC_SAMPLES[language]:
        eye = Eye(person(width=width, scheme=scheme), language)
        eye.look(f"/{language}/{PAGE}")
        eye.look(f"/{language}/postcards/nothing/", status=404)
        faults += eye.faults
    assert faults == []


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("kk", 360, "dark"), ("ru", 1440, "light"), ("en", 360, "light")],
)
def test_designs_and_batches_at_the_desk(
    person: Callable[..., Person], workspace: str, language: str, width: int, scheme: str
) -> None:
    every = f"{workspace}postcards/"
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    design = first_link(eye.someone.go(every), rf"/workspaces/postcards/{ONE}/")
    for path in (every, f"{every}new/", design):
        eye.look(path)
    assert eye.faults == []
