"""Words that organisations approved, taken over whole into another text: found by title, put in by keyboard,
not to be typed into, taken out and brought back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Person
from tests.journeys.writing import arrow_down_to, await_saved, cursor_after, open_deputies

pytestmark = pytest.mark.timeout(300, func_only=True)


def test_approved_words_are_taken_over_whole(person: Callable[..., Person]) -> None:
    page = person("coordinator").page
    open_deputies(page)
    cursor_after(page, "Бұл хатты")
    await_saved(page)

    # The dialog is a list to search, used by keyboard alone.
    page.locator("[data-ask=approved]").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("[data-editor-dialog=approved]")
    expect(dialog.get_by_role("radio").first).to_be_visible()
    title = dialog.locator("[data-said=title]").first.text_content() or ""
    dialog.get_by_role("searchbox").fill("no such title")
    expect(dialog.get_by_role("radio")).to_have_count(0)
    dialog.get_by_role("searchbox").fill(title.upper())
    expect(dialog.get_by_role("radio").first).to_be_visible()
    dialog.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    # The words stand in a frame that says whose they are.
    frame = page.locator(".ProseMirror .approved")
    expect(frame).to_have_attribute("contenteditable", "false")
    expect(frame.get_by_role("link", name=title)).to_be_visible()
    words = frame.locator(".approved__words").inner_text()
    assert len(words) > 20

    # Chosen by an arrow, cut out and put in elsewhere; the words are the same, and are saved.
    cursor_after(page, "Бұл хатты")
    page.keyboard.press("End")
    arrow_down_to(page, page.locator(".approved.ProseMirror-selectednode"))
    page.keyboard.press("Backspace")
    expect(frame).to_have_count(0)
    await_saved(page)
    page.keyboard.press("Control+KeyZ")
    expect(frame).to_have_count(1)
    await_saved(page)
    page.reload()
    expect(frame.locator(".approved__words")).to_have_text(words, use_inner_text=True)
    expect(page.locator("[data-live-notices] *")).to_have_count(0)
