"""Writing in a live text, as people do: the cursor, the keyboard, and the word *saved*."""

import re

from playwright.sync_api import Locator, Page, TimeoutError as TooLate, expect

from tests.journeys.demo import wait_until

LAST_LINE = """(() => {
    const line = document.querySelector(".ProseMirror").lastElementChild.cloneNode(true);
    for (const drawn of line.querySelectorAll(".caret, .mark, .ProseMirror-widget")) drawn.remove();
    return line.textContent.replaceAll("\\u200b", "");
})()"""

# The browser tells the editor of a moved cursor later, how much later depends on what else it does.
PUT_CURSOR = """(words) => {
    const { editor } = document.querySelector(".ProseMirror");
    let place = null;
    editor.state.doc.descendants((node, pos) => {
        const at = node.isText ? node.text.indexOf(words) : -1;
        if (at >= 0) place ??= pos + at + words.length;
    });
    if (place === null) return false;
    editor.view.focus();
    editor.commands.setTextSelection(place);
    return true;
}"""


def open_deputies(page: Page, query: str = "") -> str:
    """Open the letter to deputies in Kazakh, as a member finds it; returns its address."""
    page.get_by_role("link", name=re.compile("Article 123")).first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    page.goto(page.url + "drafts/")
    page.get_by_role("link", name=re.compile("Letter to deputies")).first.click()
    page.wait_for_url(re.compile(r"/drafts/[0-9a-f-]{36}/"))
    address = re.sub(r"/(kk|ru|en)/(\?.*)?$", f"/kk/{query}", page.url)
    page.goto(address)
    return address


def paper(page: Page) -> Locator:
    """The text as it can be written in, once it is open."""
    found = page.locator(".ProseMirror").first
    found.wait_for()
    return found


def await_saved(page: Page) -> None:
    """Wait until everything is in the database. What the page says of it in words comes a moment later."""
    expect(page.locator("[data-state-of]").first).to_have_attribute("data-now", "saved")


def await_offline(page: Page) -> None:
    """Wait until the page says that there is no connection."""
    expect(page.locator('[data-state-of][data-state^="offline"]').first).to_be_visible()


def await_words(page: Page, words: str) -> None:
    """Wait until the last line of the text says exactly this; carets and squares of others are no words."""
    paper(page)
    try:
        page.wait_for_function(f"(words) => {LAST_LINE} === words", arg=words, timeout=10_000)
    except TooLate:
        raise AssertionError(f"{last_line(page)!r} is not {words!r}") from None


def await_row(page: Page, address: str, words: str) -> None:
    """Open the text once the pages made on the server have these words: they follow within two seconds."""
    wait_until(lambda: words in page.request.get(address).text(), f"{words!r} in {address}")
    page.goto(address)
    expect(page.locator("[data-still]")).to_contain_text(words)


def last_line(page: Page) -> str:
    """The words of the last line; carets and squares of others are no words."""
    words: str = page.evaluate(LAST_LINE)
    return words


def write_text(page: Page, *, title: str, lead: str, words: str) -> None:
    """Write a text from its title down in place of what stands there, by the keyboard alone."""
    paper(page).locator(".paper__title").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    page.keyboard.type(lead)
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    await_words(page, words)
    await_saved(page)


def cursor_after(page: Page, words: str) -> None:
    """Put the cursor behind these words, wherever they stand in the text, as soon as they do."""
    paper(page)
    page.wait_for_function(PUT_CURSOR, arg=words, timeout=10_000)


def arrow_down_to(page: Page, chosen: Locator, most: int = 20) -> None:
    """Press the arrow until this is there."""
    for _line in range(most):
        if chosen.count():
            return
        page.keyboard.press("ArrowDown")
    expect(chosen).not_to_have_count(0)


def select(page: Page, words: str) -> None:
    """Select these words, wherever they stand in one line of the text."""
    cursor_after(page, words)
    for _letter in words:
        page.keyboard.press("Shift+ArrowLeft")
