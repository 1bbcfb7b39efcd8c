"""The newsroom's form as an editor fills it: blocks, choosers, preview, the timer."""

import datetime
import re
import zoneinfo
from collections.abc import Mapping

from playwright.sync_api import FrameLocator, Page, expect

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


def choose_first(page: Page, name: str) -> None:
    """Press the chooser of the field and take the first thing that it offers."""
    page.locator(f'[id="{name}-chooser"] [data-chooser-action-choose]:visible').click()
    page.locator(".modal [data-chooser-modal-choice]").first.click()
    expect(page.locator(".modal")).to_have_count(0)


def preview(page: Page) -> FrameLocator:
    """The page as it would look, beside the form."""
    page.locator('[data-side-panel-toggle="preview"]').click()
    return page.frame_locator("[data-side-panel='preview'] iframe").first


def set_timer(page: Page) -> datetime.datetime:
    """Give the page the second minute from now to become public; returns the moment."""
    moment = datetime.datetime.now(ALMATY).replace(second=0, microsecond=0) + datetime.timedelta(minutes=2)
    page.locator('[data-side-panel-toggle="status"]').click()
    page.locator('[data-a11y-dialog-show="schedule-publishing-dialog"]').first.click()
    dialog = page.locator("#schedule-publishing-dialog")
    dialog.locator('input[name="go_live_at"]').fill(f"{moment:%Y-%m-%d %H:%M}")
    with page.expect_navigation():
        dialog.locator('button[type="submit"]').first.press("Enter")  # the calendar lies over it for a mouse
    return moment


def publish(page: Page) -> None:
    """Press “Publish” in the menu below the form."""
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.locator('button[name="action-publish"]').click()
    page.wait_for_url(re.compile(r"/cms/pages/\d+/$"), timeout=120_000)  # a busy machine
