"""The cursor stays where the browser has it, also where the editor hears of it late, as on a slow machine."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Person
from tests.journeys.writing import await_saved, cursor_after, open_deputies, paper

pytestmark = pytest.mark.timeout(180, func_only=True)

# The browser tells of a moved cursor in a later task: here so late that it does not come at all.
LATE_SELECTION_CHANGE = """document.addEventListener(
    "selectionchange", (event) => event.stopImmediatePropagation(), true)"""
BEFORE, WORD, TYPED = "Бұл ", "хатты", "өтінішті"
OF_OTHERS = " Кеңседе жазылды."


def _open(someone: Person, address: str = "") -> str:
    """Open the letter to deputies; returns its address."""
    someone.context.add_init_script(LATE_SELECTION_CHANGE)
    if address:
        someone.go(address)
    else:
        address = open_deputies(someone.page)
    paper(someone.page)
    return address


def _line(page: Page) -> str:
    """The words of the line that the tests write in."""
    return paper(page).locator("p", has_text=BEFORE.strip()).first.inner_text()


def _others_write(other: Person, page: Page, after: str) -> None:
    """Somebody else writes in the same line; ends when the page shows it."""
    cursor_after(other.page, after)
    other.page.keyboard.type(OF_OTHERS)
    expect(paper(page)).to_contain_text(OF_OTHERS)


def test_words_of_others_leave_a_selection_as_it_is(person: Callable[..., Person]) -> None:
    someone, other = person("editor"), person("coordinator")
    page = someone.page
    _open(other, _open(someone))
    cursor_after(page, BEFORE + WORD)
    for _letter in WORD:
        page.keyboard.press("Shift+ArrowLeft")
    _others_write(other, page, BEFORE + WORD)
    assert page.evaluate("getSelection().toString()") == WORD
    page.keyboard.type(TYPED)
    assert _line(page).startswith(BEFORE + TYPED + OF_OTHERS)


def test_what_is_typed_after_a_press_into_the_text_stands_there(person: Callable[..., Person]) -> None:
    """Not in the title, where the editor's own cursor is as long as it knows of no other one."""
    someone, other = person("editor"), person("coordinator")
    page = someone.page
    _open(other, _open(someone))
    title = paper(page).locator(".paper__title")
    before = title.inner_text()
    paper(page).locator("p", has_text=BEFORE + WORD).first.click()
    _others_write(other, page, BEFORE + WORD)
    page.keyboard.type(TYPED)
    expect(title).to_have_text(before)
    assert TYPED in _line(page)


def test_a_key_means_what_is_selected_when_it_is_pressed(person: Callable[..., Person]) -> None:
    someone = person("editor")
    page = someone.page
    _open(someone)
    cursor_after(page, BEFORE + WORD)
    for _letter in WORD:
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+b")
    expect(paper(page).locator("strong", has_text=WORD)).to_have_text(WORD)
    await_saved(page)


def test_hints_leave_a_selection_as_it_is(person: Callable[..., Person]) -> None:
    someone = person("editor")
    page = someone.page
    _open(someone)
    expect(paper(page).locator("[data-term]").first).to_be_visible()
    cursor_after(page, BEFORE + WORD)
    for _letter in WORD:
        page.keyboard.press("Shift+ArrowLeft")
    # A press by the mouse would take the focus.
    page.evaluate("document.querySelector('[data-hints]').click()")
    expect(paper(page).locator("[data-term]")).to_have_count(0)
    assert page.evaluate("getSelection().toString()") == WORD
    page.keyboard.type(TYPED)
    assert _line(page).startswith(BEFORE + TYPED)
