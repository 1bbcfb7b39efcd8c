"""Comments beside a text: on chosen words, answered by somebody else at once, resolved by keyboard, and a
thread for one organisation that nobody else sees."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.demo import Person
from tests.journeys.writing import open_deputies

pytestmark = pytest.mark.timeout(300, func_only=True)
SECRET = "Бұл сөйлемді өзімізше тексерейік"


def _open(someone: Person, address: str = "") -> str:
    """Open the letter to deputies in Kazakh, at its comments; returns its address."""
    page = someone.page
    if address:
        page.goto(address)
    else:
        address = open_deputies(page, "?side=comments")
    expect(page.locator(".ProseMirror")).to_contain_text("123-бап")
    return address


def _choose_words(page: Page, said: str, count: int) -> None:
    """Select the first words of the paragraph that says this, by keyboard."""
    page.locator(".ProseMirror p, .ProseMirror li", has_text=said).last.click(position={"x": 3, "y": 9})
    page.keyboard.press("Home")
    for _word in range(count):
        page.keyboard.press("Control+Shift+ArrowRight")
    # The browser tells the editor of a selection a moment later; no hand is faster than that.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")


def _card(page: Page, words: str) -> Locator:
    return page.locator("#comments [data-thread]", has_text=words)


def _write(page: Page, words: str) -> None:
    form = page.locator("#comments [data-begin]")
    expect(form.locator("textarea")).to_be_focused()
    page.keyboard.type(words)


def test_comments_beside_a_text(person: Callable[..., Person]) -> None:
    reviewer, coordinator = person("reviewer"), person("coordinator")
    address = _open(reviewer)
    _open(coordinator, address)
    here, there = reviewer.page, coordinator.page

    # On chosen words, calling somebody from the list that opens.
    _choose_words(here, "Бұл хатты және сіздің", 2)
    here.keyboard.press("Control+Alt+KeyM")
    _write(here, "Қашан жарияланады? @Мад")
    expect(here.locator("#comments [role=option]")).to_contain_text(["Мадина Төлеген"])
    here.keyboard.press("Enter")
    here.keyboard.press("Control+Enter")
    expect(_card(here, "Қашан жарияланады?")).to_contain_text("@Мадина Төлеген")
    expect(_card(here, "Қашан жарияланады?").locator(".quote")).to_have_text(re.compile("^Бұл хатты"))

    # Somebody else sees it without loading the page, on the words too, and answers.
    theirs = _card(there, "Қашан жарияланады?")
    expect(theirs).to_be_visible()
    words = there.locator(".ProseMirror .thread-words", has_text="Бұл хатты")
    expect(words).to_be_visible()
    words.click()
    expect(theirs).to_have_attribute("aria-current", "true")
    theirs.locator("summary", has_text=re.compile("Reply|Жауап")).click()
    theirs.locator("textarea").last.fill("Келісілген соң")
    theirs.locator("details[open] button[type=submit]").click()
    expect(_card(here, "Қашан жарияланады?")).to_contain_text("Келісілген соң")

    # What is typed is not lost when something else arrives; undo takes no comment away.
    mine = _card(here, "Қашан жарияланады?")
    mine.locator("details[id^=reply] summary").click()
    mine.locator("details[id^=reply] textarea").fill("Жартысы жазылды")
    here.locator(".ProseMirror p").first.click()
    here.keyboard.press("Control+KeyZ")
    expect(here.locator(".ProseMirror .thread-words", has_text="Бұл хатты")).to_be_visible()

    # For one organisation: a colleague sees it on its words, the coordinator nothing of it.
    _choose_words(here, "Өңіріңіздегі", 2)
    here.keyboard.press("Control+Alt+KeyM")
    _write(here, SECRET)
    here.locator("#comments [data-begin] select").select_option("organisation")
    here.locator("#comments [data-begin] button[type=submit]").click()
    expect(_card(here, SECRET)).to_be_visible()
    expect(here.locator(".ProseMirror .thread-words--narrow", has_text="Өңіріңіздегі")).to_be_visible()
    expect(_card(here, "Қашан жарияланады?").locator("details[id^=reply] textarea")).to_have_value(
        "Жартысы жазылды"
    )
    colleague = person().sign_in_with("i.litvin@demo.example")
    _open(colleague, address)
    expect(_card(colleague.page, SECRET)).to_be_visible()
    expect(
        colleague.page.locator(".ProseMirror .thread-words--narrow", has_text="Өңіріңіздегі")
    ).to_be_visible()

    # Resolved by keyboard alone; the other page follows.
    resolve = theirs.locator("form[action*='/resolve/'] button")
    resolve.focus()
    there.keyboard.press("Enter")
    expect(_card(there, "Қашан жарияланады?")).to_have_count(0)
    expect(_card(here, "Қашан жарияланады?")).to_have_count(0)
    assert SECRET not in there.content()
    there.reload()
    expect(there.locator(".ProseMirror")).to_contain_text("Өңіріңіздегі")
    assert SECRET not in there.content()
    expect(there.locator(".ProseMirror .thread-words", has_text="Өңіріңіздегі")).to_have_count(0)


def test_what_is_typed_outlives_an_answer_that_comes_late(person: Callable[..., Person]) -> None:
    """The panel asks for itself; before the answer is here, it is replaced by the answer to a comment."""
    reviewer, coordinator = person("reviewer"), person("coordinator")
    address = _open(reviewer)
    here, there = reviewer.page, coordinator.page
    reply = here.locator("#comments details[id^=reply]").first
    reply.locator("summary").click()
    reply.locator("textarea").fill("Жартысы жазылды")
    here.locator(".ProseMirror p").first.click()

    late: list[Route] = []
    asked = re.compile(r"/comments/\?show=")
    here.route(asked, lambda route: route.continue_() if late else late.append(route))
    _open(coordinator, address)
    with here.expect_request(asked):
        _say(there, "Бірінші пікір")
    _say(here, "Екінші пікір")
    with here.expect_response(asked):
        late[0].continue_()
    for words in ("Бірінші пікір", "Екінші пікір"):
        expect(_card(here, words)).to_be_visible()
    expect(here.locator("#comments [data-begin]")).to_have_count(1)
    expect(reply.locator("textarea")).to_have_value("Жартысы жазылды")


def _say(page: Page, words: str) -> None:
    """Begin a thread on the whole text."""
    form = page.locator("#comments [data-begin]")
    form.locator("summary").click()
    form.locator("textarea").fill(words)
    form.locator("button[type=submit]").click()
    expect(_card(page, words)).to_be_visible()
