"""The newsroom's form as an editor fills it: blocks, choosers, preview, the timer."""

import contextlib
import datetime
import re
import zoneinfo
from collections.abc import Mapping

from playwright.sync_api import FrameLocator, Page, TimeoutError as PlaywrightTimeout, expect

from tests.journeys.demo import wait_until

NAVIGATION_TIMEOUT = 120_000.0  # milliseconds on a busy machine
ALMATY = zoneinfo.ZoneInfo("Asia/Almaty")


def add_block(page: Page, kind: str, fields: Mapping[str, str] | None = None, *, stream: str = "body") -> str:
    """Put a block of this kind (the name that editors read) below the others of the stream; returns how its
    names begin. A stream inside of a section is told by how its names begin."""
    count = page.locator(f'input[name="{stream}-count"]')
    number = int(count.input_value())
    page.locator(f':has(> input[name="{stream}-count"]) button.c-sf-add-button').last.click()
    page.get_by_role("option", name=re.compile(rf"^\s*{re.escape(kind)}\s*$")).click()
    start = f"{stream}-{number}-value"
    page.locator(f'input[name="{stream}-{number}-type"]').wait_for(state="attached")
    for name, words in (fields or {}).items():
        page.locator(f'[name="{start}-{name}"]').fill(words)
    return start


def write_in(page: Page, name: str, words: str) -> None:
    """Write into the field of formatted text that is kept under this name."""
    page.locator(
        f'[data-field]:has(> [data-field-input] [name="{name}"]) [contenteditable="true"]'
    ).last.click()
    page.keyboard.type(words)


def choose_first(page: Page, name: str, title: str = "") -> None:
    """Press the chooser of the field and take the first that it offers, or the first of this title."""
    page.locator(f'[id="{name}-chooser"] [data-chooser-action-choose]:visible').click()
    page.locator(".modal [data-chooser-modal-choice]").filter(has_text=title).first.click()
    expect(page.locator(".modal")).to_have_count(0)


def preview(page: Page) -> FrameLocator:
    """The page as it would look, beside the form."""
    page.locator('[data-side-panel-toggle="preview"]').click()
    return page.frame_locator("[data-side-panel='preview'] iframe").first


def set_timer(page: Page) -> datetime.datetime:
    """Give the page the second minute from now to become public; returns the moment."""
    wait_for_autosave(page)
    moment = datetime.datetime.now(ALMATY).replace(second=0, microsecond=0) + datetime.timedelta(minutes=2)
    page.locator('[data-side-panel-toggle="status"]').click()
    page.locator('[data-a11y-dialog-show="schedule-publishing-dialog"]').first.click()
    dialog = page.locator("#schedule-publishing-dialog")
    dialog.locator('input[name="go_live_at"]').fill(f"{moment:%Y-%m-%d %H:%M}")
    # A new document: `expect_navigation` takes the change of address by autosave for one.
    with page.expect_event("domcontentloaded", timeout=NAVIGATION_TIMEOUT):
        dialog.locator('button[type="submit"]').first.press("Enter")  # the calendar lies over it for a mouse
    return moment


def publish(page: Page) -> None:
    """Press “Publish” in the menu below the form.

    Autosave renders the menu again, which closes it, so it is opened until the press arrives.
    """
    wait_for_autosave(page)
    menu = page.locator("footer [data-w-dropdown-target='toggle']")
    button = page.locator('button[name="action-publish"]')

    def press() -> bool:
        if not button.is_visible():
            menu.click()
        with contextlib.suppress(PlaywrightTimeout):
            button.click(timeout=5_000, no_wait_after=True)
            return True
        return False

    with page.expect_event("domcontentloaded", timeout=NAVIGATION_TIMEOUT):
        wait_until(press, "the button “Publish”", seconds=60)
    expect(page).to_have_url(re.compile(r"/cms/pages/\d+/$"))


def wait_for_autosave(page: Page) -> None:
    """Wait until autosave has stored a new page.

    A form sent meanwhile makes the page a second time, and is refused because its address is taken.
    """
    page.wait_for_url(re.compile(r"/cms/pages/\d+/edit/"), timeout=NAVIGATION_TIMEOUT)
