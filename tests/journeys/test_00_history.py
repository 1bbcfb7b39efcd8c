"""The history of a text: a version is named, later words are compared with it, everybody goes back to it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Person
from tests.journeys.eye import UUID
from tests.journeys.writing import await_row, await_saved, await_words, cursor_after, paper, write_text

pytestmark = pytest.mark.timeout(180, func_only=True)

FIRST, LATER = "Заң әр адамды қорғайды.", " Кейін жазылған сөз."


def _new_text(editor: Person) -> str:
    page = editor.go("/workspaces/all/")
    found = re.search(rf'href="(/workspaces/{UUID.pattern}/)"', page.content())
    assert found
    page.goto(f"{editor.demo.address}{found[1]}drafts/new/")
    page.locator('input[name="title"]').fill("Тарих")
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/kk/$"))
    write_text(page, title="Тақырып", lead="Кіріспе", words=FIRST)
    return page.url


def test_a_text_goes_back_to_a_version_before_everybodys_eyes(person: Callable[..., Person]) -> None:
    editor, reviewer = person("editor"), person("reviewer")
    text = _new_text(editor)
    page = editor.page
    await_row(page, text, FIRST)

    page.goto(f"{text}versions/")
    page.locator('main input[name="name"]').fill("Қол қоюға")
    page.locator('main form[method="post"] button[type="submit"]').last.click()
    expect(page.locator("main aside h2").first).to_contain_text("Қол қоюға")

    page.goto(text)
    cursor_after(page, FIRST)
    page.keyboard.type(LATER)
    await_saved(page)
    await_row(page, text, LATER.strip())

    # The later words are marked as such, word by word, also for who only reads on.
    theirs = reviewer.go(text)
    await_words(theirs, FIRST + LATER)
    for one in (page, theirs):
        one.goto(f"{text}history/changes/")
        version = one.locator("#before option", has_text="Қол қоюға").get_attribute("value")
        one.goto(f"{text}history/changes/?before={version}&after=now")
        expect(one.locator(".compare ins").last).to_contain_text(LATER.strip())
        expect(one.locator(".compare del")).to_have_count(0)

    # Back to it: the reviewer, who has the text open, sees it happen; what stood there is in the history.
    theirs.goto(text)
    await_words(theirs, FIRST + LATER)
    page.goto(f"{text}versions/")
    page.locator("main .rows a", has_text="Қол қоюға").first.click()
    page.locator('form[action$="/restore/"] button').click()
    await_words(theirs, FIRST)
    await_words(page, FIRST)
    expect(paper(theirs)).to_be_visible()
    page.goto(f"{text}history/changes/")
    kept = page.locator("#before option").evaluate_all("(all) => all.map((one) => one.value)")
    assert len(kept) > 2
    page.goto(f"{text}history/who/")
    expect(page.locator(".wrote")).to_contain_text(FIRST)
    expect(page.locator(".wrote")).not_to_contain_text(LATER.strip())
