"""What is written and not saved, in a real browser without a server: on this device, and on its way."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
HERE = "http://localhost/"
WORDS = "Жолда жазылды"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's own modules, bundled."""
    bundle = tmp_path_factory.mktemp("unsaved") / "unsaved.js"
    source = ROOT / "tests" / "journeys" / "unsaved_updates.mjs"
    subprocess.run(
        [*[ROOT / "node_modules" / ".bin" / "esbuild", source], "--bundle", f"--outfile={bundle}"],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    return bundle.read_text(encoding="utf-8")


@pytest.fixture
def page(browser: Browser, script: str) -> Iterator[Page]:
    """A page in a browser that has never been here."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    opened = context.new_page()
    opened.goto(HERE)
    opened.add_script_tag(content=script)
    yield opened
    context.close()


def test_what_a_window_left_is_found_by_the_next(page: Page) -> None:
    page.evaluate("(words) => leave('text', words)", WORDS)
    assert page.evaluate("find('text', true)") == WORDS


def test_where_fewer_people_read_since_it_is_sent_and_nothing_stays_on_the_device(page: Page) -> None:
    page.evaluate("(words) => leave('text', words)", WORDS)
    assert page.evaluate("find('text', false)") == WORDS
    page.wait_for_function("async () => (await databases()).length === 0")
    assert page.evaluate("find('text', false)") is None
    assert page.evaluate("databases()") == []


def test_an_open_page_keeps_nothing_once_fewer_people_read(page: Page) -> None:
    page.evaluate("(words) => leave(SHELF, words)", WORDS)
    page.evaluate("tell('off-device')")
    assert page.evaluate("find(SHELF, true)") is None


@pytest.mark.parametrize(("code", "stays"), [(4429, WORDS), (4400, WORDS), (4401, None), (4404, None)])
def test_too_many_windows_take_nothing_away_and_a_right_that_ends_does(
    page: Page, code: int, stays: str | None
) -> None:
    page.evaluate("(words) => leave(SHELF, words)", WORDS)
    page.evaluate("(code) => closeWith(code)", code)
    assert page.evaluate("find(SHELF, true)") == stays


def test_more_than_the_server_takes_at_once_is_not_sent_again_and_again(page: Page) -> None:
    assert page.evaluate("write(1000)") == {"heard": [], "sent": 1}
    assert page.evaluate("write(600_000)") == {"heard": ["too-large"], "sent": 0}


def test_who_signs_out_leaves_nothing_on_the_device(page: Page, script: str) -> None:
    """Also if no text is open: an earlier window has left words."""
    page.evaluate("(words) => leave(SHELF, words)", WORDS)
    with page.expect_navigation():
        page.evaluate("signOut()")
    page.add_script_tag(content=script)
    assert page.evaluate("databases()") == []
