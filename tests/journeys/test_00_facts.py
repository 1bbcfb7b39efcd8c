"""A fact of the register goes into a text, changes, and its new words are taken; a reader without JavaScript
looks up how we know it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Demo, Person
from tests.journeys.writing import await_saved, cursor_after, open_deputies

pytestmark = pytest.mark.timeout(300, func_only=True)

WORDS = "25 айыптау үкімі осы бап бойынша 20 жыл ішінде шықты"


def test_a_fact_goes_into_a_text_and_its_change_follows_by_one_press(person: Callable[..., Person]) -> None:
    page = person("coordinator").page
    text = open_deputies(page)
    cursor_after(page, "Бұл хатты")
    await_saved(page)

    # Found by a word of another language, chosen by keyboard alone.
    page.locator("[data-ask=fact]").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("[data-editor-dialog=fact]")
    expect(dialog.get_by_role("radio").first).to_be_visible()
    dialog.get_by_role("searchbox").fill("no such fact")
    expect(dialog.get_by_role("radio")).to_have_count(0)
    dialog.get_by_role("searchbox").fill("приговоров")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    dialog.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    fact = page.locator(".ProseMirror span.fact")
    expect(fact).to_have_text(WORDS)
    await_saved(page)

    # The register changes: the text keeps its words and says so.
    page.goto(re.sub(r"/workspaces/.*", "/workspaces/facts/?q=приговоров", text))
    page.locator(".fact-row a").first.click()
    page.locator(".topbar a.btn--solid, a.btn--solid").first.click()
    page.locator("[name=numeral_kk]").fill("26")
    page.locator("[name=why]").fill("A case was missing in the count")
    page.locator("form[data-guard] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/facts/[0-9a-f-]{36}/$"))
    page.goto(text)
    expect(fact).to_have_text(WORDS)
    changed = page.locator(".notice", has=page.locator("ins", has_text="26 айыптау"))
    changed.get_by_role("button").click()
    expect(page.locator(".ProseMirror span.fact")).to_have_text(WORDS.replace("25", "26"))
    expect(page.locator(".notice ins")).to_have_count(0)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_reader_on_a_phone_looks_up_how_we_know(demo: Demo, browser, language: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{demo.address}/{language}/")
    page.locator(".fact details summary").first.click()
    page.locator(f'.fact details[open] a[href^="/{language}/facts/"]').first.click()
    page.wait_for_url(re.compile(rf"/{language}/facts/[0-9a-f-]{{36}}/"))
    expect(page.locator("main")).to_contain_text("Internews")
    expect(page.locator("main")).to_contain_text("2018")
    context.close()
