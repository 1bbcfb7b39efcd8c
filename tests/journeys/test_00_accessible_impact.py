"""Pages of figures, grants and frozen reports, looked at as `test_00_accessible_pages.py` looks at others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.campaigning import ONE, first_link
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import workspace_of
from tests.journeys.samples import in_language, sample, share
from tests.journeys.servers import WarmServer, copied

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.usefixtures("checked")]


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they look, and change nothing but a person's language."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("impact") / "demo")) as started:
        yield started


@dataclass
class Found:
    """Addresses in the demo's figures; `link` is the donor's, which is in English."""

    desk: list[str]
    link: str
    report: str


@pytest.fixture(scope="module")
def found(demo: Demo, browser: Browser) -> Found:
    coordinator = Person(demo, browser).sign_in("coordinator").choose_language("en")
    here = f"{workspace_of(coordinator.page).removeprefix(demo.address)}impact/"
    page = coordinator.go(here)
    figure, change = (first_link(page, rf"{here}{kind}/{ONE}/") for kind in ("figures", "changes"))
    measure = first_link(coordinator.go(f"{here}declare/"), rf"{here}declare/{ONE}/")
    report = first_link(coordinator.go(f"{here}reports/"), rf"{here}reports/{ONE}/")
    page = coordinator.go(first_link(coordinator.go(f"{here}grants/"), rf"{here}grants/{ONE}/"))
    grant = page.url.removeprefix(demo.address)
    link = page.locator(".address__row input").first.input_value().removeprefix(demo.address)
    desk = [
        *(here, f"{here}?all=", measure, f"{here}declare/", figure, f"{figure}correct/"),
        *(f"{here}changes/new/", change, f"{change}correct/", f"{here}reports/", report),
        *(f"{here}grants/", f"{here}grants/new/", grant, f"{grant}edit/", f"{grant}items/"),
    ]
    of_grant = first_link(coordinator.go(link), rf"{link}reports/{ONE}/")
    coordinator.leave()
    return Found(desk, link, of_grant)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_what_a_donor_sees(person: Callable[..., Person], found: Found, width: int, scheme: str) -> None:
    eye = Eye(person(width=width, scheme=scheme), "en")
    for path in (found.link, found.report):
        eye.look(path)
        eye.someone.page.locator("main details").evaluate_all(
            "all => all.forEach((one) => { one.open = true; })"
        )
        eye.look_again()
    eye.look("/grant/nothing/", status=410)
    assert eye.faults == []


@sample
def test_figures_at_the_desk(
    person: Callable[..., Person], found: Found, language: str, width: int, scheme: str
) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    for path in share(found.desk, language):
        eye.look(path)
    assert eye.faults == []
