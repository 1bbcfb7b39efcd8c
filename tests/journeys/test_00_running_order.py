"""A running order that two people write at once: dragged by one, seen by the other; neither loses a word."""

import datetime
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.demo import Person

TITLES = ".running__title"


def _open(someone: Person) -> Page:
    """From the calendar to the press conference and its running order."""
    someone.choose_language("en")
    page = someone.go(f"/workspaces/calendar/?view=agenda&on={_conference()}")
    page.get_by_role("link", name="Press conference on Article 123").first.click()
    page.locator("section[aria-labelledby='running-order'] a").click()
    expect(page.locator(TITLES).first).to_be_visible()
    return page


def _conference() -> datetime.date:
    """The demo's press conference is on the next 3 March."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    day = datetime.date(today.year, 3, 3)
    return day if day > today else day.replace(year=today.year + 1)


def test_two_people_write_one_running_order(person: Callable[..., Person]) -> None:
    one, two = _open(person("coordinator")), _open(person("editor"))
    before = one.locator(TITLES).all_inner_texts()
    _drag(one, 3, 1)
    moved = [before[0], before[3], before[1], before[2], *before[4:]]
    expect(one.locator(TITLES)).to_have_text(moved)
    expect(two.locator(TITLES)).to_have_text(moved)  # without asking for it

    two.locator("[name=down]").nth(1).press("Enter")
    expect(one.locator(TITLES)).to_have_text([*before[:2], before[3], before[2], *before[4:]])

    one.locator(TITLES).first.click()
    two.locator(TITLES).first.click()
    one.get_by_label("Minutes").fill("45")
    one.get_by_role("button", name="Save").click()
    expect(one.locator(TITLES).first).to_be_visible()
    two.get_by_label("Who").fill("Somebody else")
    two.get_by_role("button", name="Save").click()
    expect(two.get_by_role("heading", name="What stands there now")).to_be_visible()
    expect(two.get_by_label("Who")).to_have_value("Somebody else")
    two.get_by_label("Minutes").fill("45")
    two.get_by_role("button", name="Save").click()
    expect(one.get_by_text("Somebody else")).to_be_visible()
    expect(one.locator("#running .running__time b").nth(1)).to_have_text("10:45")


def _drag(page: Page, item: int, before: int) -> None:
    handle, target = page.locator("[data-handle]").nth(item), page.locator("[data-item]").nth(before)
    handle.drag_to(target, target_position={"x": 200, "y": 4})
