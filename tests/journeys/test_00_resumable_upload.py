"""A film is sent in pieces from a phone, by the keyboard alone: paused and gone on with, over a broken line,
and after the page was closed. A file that is not what its name says is refused, and another one is taken."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect

from tests.documents.files.metadata import media_samples
from tests.journeys.campaigning import ONE, first_link
from tests.journeys.demo import Person
from tests.journeys.gathering import workspace_of

pytestmark = pytest.mark.timeout(120, func_only=True)

PHONE = 360
PIECE_BYTES = 8 * 1024**2
ADDRESS = "**/workspaces/media/uploads/*/"


@dataclass
class UploadConnection:
    """The connection to the server: pieces from the offset `held` on wait, requests fail while `broken`."""

    page: Page
    held: int = 10**12
    broken: bool = False
    arrived: list[int] = field(default_factory=list)  # offsets of pieces that the server took

    def __post_init__(self) -> None:
        self.page.route(ADDRESS, self._pass)
        self.page.on("response", self._note)

    def _pass(self, route: Route) -> None:
        if self.broken:
            route.abort("internetdisconnected")
        elif route.request.method != "PATCH" or int(route.request.headers["upload-offset"]) < self.held:
            route.continue_()

    def _note(self, answer: Response) -> None:
        if answer.request.method == "PATCH" and answer.status == 204:
            self.arrived.append(int(answer.request.headers["upload-offset"]))

    def piece(self) -> AbstractContextManager[object]:
        """Wait for a piece that the server takes while the block runs."""
        return self.page.expect_response(lambda one: one.request.method == "PATCH" and one.status == 204)


def press(button: Locator) -> None:
    """Press a button by the keyboard; it has the focus already, or gets it."""
    button.focus()
    button.press("Enter")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film of four pieces, the last of them small."""
    sample = media_samples.mp4()
    padding = 3 * PIECE_BYTES + 100_000 - len(sample)
    path = tmp_path / "film.mp4"
    path.write_bytes(sample + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))
    return path


def item_page(editor: Person) -> Page:
    page = editor.go(f"{workspace_of(editor.page)}media/")
    page = editor.go(first_link(page, rf"/workspaces/media/{ONE}/"))
    return editor.go(first_link(page, rf"/workspaces/media/items/{ONE}/"))


def choose(page: Page, film: Path) -> None:
    page.locator("#upload input[type=file]").set_input_files(film)


def test_an_upload_goes_on_where_it_stopped(person: Callable[..., Person], film: Path) -> None:
    page = item_page(person("editor", width=PHONE).choose_language("en"))
    connection = UploadConnection(page, held=PIECE_BYTES)
    count, status = page.locator("[data-upload-count]"), page.locator("[data-upload-status]")

    choose(page, film)
    page.locator("#upload [name=format]").select_option("b-roll")
    with connection.piece():
        press(page.locator("[data-start]"))
    expect(count).to_have_text("8 of 25 MB")
    expect(page.locator("[data-pause]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Paused at 8 of 25 MB")
    expect(page.locator("[data-go-on]")).to_be_focused()
    connection.held = 2 * PIECE_BYTES
    with connection.piece():
        page.keyboard.press("Enter")
    expect(count).to_have_text("16 of 25 MB")

    page.reload()
    expect(page.locator("[data-unfinished]")).to_contain_text("16.0\xa0MB of 24.1\xa0MB")
    choose(page, film)
    expect(page.locator("#upload [name=format]")).to_have_value("b-roll")
    connection.broken = True
    press(page.locator("[data-start]"))
    expect(status).to_contain_text("The connection is lost")
    with connection.piece():
        connection.broken, connection.held = False, 3 * PIECE_BYTES
    expect(count).to_have_text("24 of 25 MB")
    expect(page.locator("[data-unfinished]")).to_have_count(0)  # the form shows it
    connection.held = 4 * PIECE_BYTES
    press(page.locator("[data-pause]"))
    with page.expect_navigation():
        press(page.locator("[data-go-on]"))
    expect(page.locator("#toasts")).to_contain_text("Everything has arrived")
    assert connection.arrived == [number * PIECE_BYTES for number in range(4)]  # no piece twice


def test_a_refused_file_leaves_the_form_for_another(person: Callable[..., Person], film: Path) -> None:
    page = item_page(person("editor", width=PHONE).choose_language("en"))
    status = page.locator("[data-upload-status]")
    page.locator("#upload input[type=file]").set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"<!doctype html><title>No film</title>" * 9}
    )
    page.locator("#upload [name=format]").select_option("b-roll")
    press(page.locator("[data-start]"))
    expect(status).to_contain_text("not what its ending “.mp4” says")
    expect(page.locator("[data-start]")).to_be_focused()

    UploadConnection(page, held=PIECE_BYTES)
    choose(page, film)
    press(page.locator("[data-start]"))
    expect(page.locator("[data-upload-count]")).to_have_text("8 of 25 MB")
    press(page.locator("[data-cancel]"))
    expect(status).to_contain_text("Nothing of the file is kept")
    page.reload()
    expect(page.locator("[data-unfinished]")).to_have_count(0)
