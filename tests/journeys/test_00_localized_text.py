"""A text in several languages: tabs with script and by keyboard, everything below each other without."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no types
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import OPTIONS

pytestmark = pytest.mark.timeout(120, func_only=True)

SECTION = "section[aria-labelledby=g-localized_text]"


def _right_and_wrong(page: Page) -> tuple[Locator, Locator]:
    fields = page.locator(f"{SECTION} [data-localized]")
    expect(fields).to_have_count(2)
    return fields.first, fields.last


def test_tabs_open_by_press_and_arrow_keys_and_mark_what_is_empty(person: Callable[..., Person]) -> None:
    page = person(width=360).go("/styleguide/")
    field, _wrong = _right_and_wrong(page)
    tabs, control = field.get_by_role("tab"), field.locator("input:visible")
    expect(control).to_have_attribute("lang", "en")  # the reader's
    tabs.nth(1).click()
    expect(control).to_have_attribute("lang", "ru")
    expect(tabs.nth(1)).to_contain_text("empty")
    control.fill("Телефон доверия")
    expect(tabs.nth(1).locator(".localized__mark--empty")).to_be_hidden()
    tabs.nth(1).focus()
    for key, number in (("ArrowRight", 2), ("ArrowRight", 0), ("ArrowLeft", 2), ("Home", 0), ("End", 2)):
        page.keyboard.press(key)
        expect(tabs.nth(number)).to_be_focused()
        expect(tabs.nth(number)).to_have_attribute("aria-selected", "true")
        expect(control).to_have_count(1)
    page.keyboard.press("Tab")
    expect(control).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert Axe().run(page, context=SECTION, options=OPTIONS).response["violations"] == []


def test_a_field_with_a_mistake_opens_at_its_language(person: Callable[..., Person]) -> None:
    page = person(scheme="dark").go("/styleguide/")
    _field, wrong = _right_and_wrong(page)
    control = wrong.locator("input:visible")
    expect(control).to_have_attribute("lang", "ru")
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(wrong.get_by_role("tab", selected=True).locator(".localized__mark--wrong")).to_be_visible()
    assert Axe().run(page, context=SECTION, options=OPTIONS).response["violations"] == []


def test_without_script_every_language_is_there_with_its_label(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=demo.address)
    page = context.new_page()
    page.goto("/styleguide/")
    for field in _right_and_wrong(page):
        expect(field.locator("input:visible")).to_have_count(3)
        expect(field.locator("label:visible")).to_have_text(["Қазақша", "Русский", "English"])
        expect(field.get_by_role("tab")).to_have_count(0)
    context.close()
