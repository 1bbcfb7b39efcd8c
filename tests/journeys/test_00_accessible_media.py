"""Pages of media packages, looked at as `test_00_accessible_pages.py` looks at the others."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.campaigning import ONE, first_link, links_on
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import workspace_of
from tests.journeys.samples import PUBLIC_SAMPLES, in_language, sample, share
from tests.journeys.servers import WarmServer, copied

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.usefixtures("checked")]

SLUG = "work-without-harassment"  # of the demo's package
FILE = "clip-no-harassment_subtitles_kk"  # it was replaced


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they look, and change nothing but a person's language."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("media") / "demo")) as started:
        yield started


@dataclass
class Found:
    """Addresses in the demo's package. `links`: of outlets, by the language of their pages, one that has not
    agreed to the embargo and one that has."""

    desk: list[str]
    links: dict[str, list[str]]
    answer: str


@pytest.fixture(scope="module")
def found(demo: Demo, browser: Browser) -> Found:
    coordinator = Person(demo, browser).sign_in("coordinator").choose_language("en")
    workspace = workspace_of(coordinator.page).removeprefix(demo.address)
    every = f"{workspace}media/"
    package = first_link(coordinator.go(every), rf"/workspaces/media/{ONE}/")
    items = links_on(coordinator.go(package), rf"/workspaces/media/items/{ONE}/")
    lists = [f"{one}notices/" for one in items]
    notice = next(
        link for one in lists for link in links_on(coordinator.go(one), rf"/workspaces/media/notices/{ONE}/")
    )
    page = coordinator.go(notice)
    recipient, answer = first_link(page, rf"/workspaces/media/recipients/{ONE}/"), addresses(page)[0]
    page = coordinator.go(f"{package}outlets/")
    messages = first_link(page, rf"{package}outlets/{ONE}/messages/")
    outlets = {one: addresses(page, one) for one in ("Қазақша", "English")}
    clip = next(one for one in items if links_on(coordinator.go(f"{one}notices/"), notice))
    desk = [
        *(every, f"{every}new/", f"{every}calls/"),
        *(package + part for part in ("", "edit/", "access/", "outlets/", "coverage/", "items/new/")),
        *(items[0], f"{items[0]}edit/", clip, f"{clip}notices/", notice, recipient, messages),
    ]
    coordinator.leave()
    return Found(desk, {"kk": outlets["Қазақша"], "en": outlets["English"]}, answer)


def addresses(page: Page, words: str = "") -> list[str]:
    """Paths that stand ready to be copied, in rows with these words."""
    inputs = page.locator("li", has_text=words).locator(".address__row input")
    return [re.sub(r"^https?://[^/]+", "", one.input_value()) for one in inputs.all()]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_the_public_sees(person: Callable[..., Person], language: str) -> None:
    faults = []
    start = f"/{language}/media/"
    asked = (f"{FILE}_v1.vtt", f"{FILE}_v2.vtt", "nothing.mp4")
    for width, scheme in PUBLIC_SAMPLES[language]:
        eye = Eye(person(width=width, scheme=scheme), language)
        for path in ("", f"{SLUG}/", f"{SLUG}/corrections/", f"{SLUG}/corrections/sent/", "current/"):
            eye.look(start + path)
        for name in asked:
            eye.look(f"{start}current/?file={name}")
        eye.look(f"{start}nothing/", status=404)
        everything_open(eye, f"{start}{SLUG}/")
        faults += eye.faults
    assert faults == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_what_outlets_see(person: Callable[..., Person], found: Found, width: int, scheme: str) -> None:
    faults = []
    for language, paths in found.links.items():
        eye = Eye(person(width=width, scheme=scheme), language)
        for path in paths:
            eye.look(path)
        everything_open(eye, paths[0])
        faults += eye.faults
    eye = Eye(person(width=width, scheme=scheme), "ru")
    eye.look(found.answer)
    newsroom = in_language(person("outlet", width=width, scheme=scheme), "kk")
    newsroom.look("/workspaces/media/for-outlets/")
    assert faults + eye.faults + newsroom.faults == []


def everything_open(eye: Eye, path: str) -> None:
    """Look at a package with the words to copy and the hashes of all its files shown."""
    page = eye.someone.go(path)
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    eye.look_again()


@sample
def test_packages_at_the_desk(
    person: Callable[..., Person], found: Found, language: str, width: int, scheme: str
) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    for path in share(found.desk, language):
        eye.look(path)
    assert eye.faults == []
