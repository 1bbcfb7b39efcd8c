"""A suggestion: a contributor changes words in the Kazakh text, an editor of another organisation accepts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import UUID
from tests.journeys.writing import (
    await_row,
    await_saved,
    await_words,
    cursor_after,
    paper,
    select,
    write_text,
)

pytestmark = pytest.mark.timeout(180, func_only=True)

TEXTS = {"kk": "Заң оларды көрмеді.", "ru": "Закон их не видел.", "en": "The law did not see them."}


def _draft_with_three_languages(editor: Person) -> str:
    """A draft written first in Kazakh, with translations that are up to date; returns its address."""
    page = editor.go("/workspaces/all/")
    found = re.search(rf'href="(/workspaces/{UUID.pattern}/)"', page.content())
    assert found
    page.goto(f"{editor.demo.address}{found[1]}drafts/new/")
    page.locator('input[name="title"]').fill("Ұсыныс")
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/kk/$"))
    draft = page.url.removesuffix("kk/")
    for language, words in TEXTS.items():
        page.goto(f"{draft}{language}/")
        write_text(page, title=language.upper(), lead="", words=words)
    for language in ("ru", "en"):
        await_row(page, f"{draft}{language}/", TEXTS[language])
        current = page.locator('form[action$="/up-to-date/"] button')
        if current.count():
            current.first.click()
            page.wait_for_load_state()
    return draft


def _sees_suggestion_of(page: Page, name: str) -> str:
    """The only card of the list says who suggests, on whose behalf and when; returns on whose behalf."""
    card = page.locator("[data-changes-list] > li")
    expect(card).to_have_count(1)
    expect(card.locator("b")).to_have_text(name)
    expect(card.locator("small")).to_have_text(re.compile(r", \d{2}:\d{2}$"))
    return card.locator("small").inner_text().rpartition(", ")[0]


def _own_name(someone: Person) -> str:
    return someone.page.locator(".rail .who b").first.inner_text()


def _own_organisation(someone: Person) -> str:
    return someone.page.locator(".rail .who small").first.inner_text().split(" · ")[0]


def test_a_suggestion_is_made_accepted_and_kept(demo: Demo, person: Callable[..., Person]) -> None:
    editor = person("editor")
    draft = _draft_with_three_languages(editor)
    contributor = person("contributor")
    theirs = contributor.go(f"{draft}kk/")
    expect(theirs.locator("[data-suggest]")).to_have_attribute("aria-pressed", "true")
    paper(theirs)
    select(theirs, "оларды")
    theirs.keyboard.type("біздің әріптестерді")
    await_saved(theirs)
    expect(paper(theirs).locator("del").last).to_have_text("оларды")

    ours = editor.go(f"{draft}kk/")
    paper(ours)
    theirs_for = _sees_suggestion_of(ours, _own_name(contributor))
    assert theirs_for != _own_organisation(editor)
    # The words as they stand have not changed: the translations are up to date.
    expect(ours.locator(".langtabs .badge--wait")).to_have_count(0)

    # By the keyboard alone: to the next suggestion, accept it; undo, redo.
    paper(ours).click()
    ours.keyboard.press("F8")
    expect(ours.locator("[data-changes-list] > li")).to_have_attribute("aria-current", "true")
    ours.keyboard.press("Control+Alt+Enter")
    await_words(ours, "Заң біздің әріптестерді көрмеді.")
    expect(ours.locator("[data-changes-list] > li")).to_have_count(0)
    ours.keyboard.press("Control+z")
    expect(paper(ours).locator("del").last).to_have_text("оларды")
    await_saved(ours)
    expect(ours.locator("[data-live-notices] [role=alert]")).to_have_count(0)
    ours.keyboard.press("Control+Shift+z")
    await_saved(ours)
    await_words(theirs, "Заң біздің әріптестерді көрмеді.")

    await_row(ours, f"{draft}kk/", "біздің әріптестерді көрмеді.")
    expect(ours.locator(".langtabs .badge--wait")).to_have_count(2)
    expect(ours.locator("[data-still]")).to_contain_text("біздің әріптестерді")
    ours.goto(f"{draft}kk/history/")
    for told in (_own_name(contributor), theirs_for, _own_name(editor), _own_organisation(editor)):
        expect(ours.locator("main")).to_contain_text(told)


def test_all_of_one_person_and_what_a_rejection_leaves(demo: Demo, person: Callable[..., Person]) -> None:
    editor = person("editor")
    draft = _draft_with_three_languages(editor)
    for name, words in (("contributor", "енді "), ("reviewer", "ғана ")):
        page = person(name).go(f"{draft}kk/")
        paper(page)
        cursor_after(page, "Заң ")
        page.keyboard.type(words)
        await_saved(page)
    ours = editor.go(f"{draft}kk/")
    paper(ours)
    expect(ours.locator("[data-changes-list] > li")).to_have_count(2)
    ours.locator("[data-changes-of]").select_option(index=1)
    expect(ours.locator("[data-changes-list] > li")).to_have_count(1)
    rejected = ours.locator("[data-changes-list] ins").inner_text().strip()
    ours.locator("[data-reject-all]").click()
    kept = "ғана" if rejected == "енді" else "енді"
    expect(paper(ours).locator("p").last).to_contain_text(kept)
    expect(paper(ours).locator("p").last).not_to_contain_text(rejected)
    ours.locator("[data-accept-all]").click()
    await_words(ours, f"Заң {kept} оларды көрмеді.")
    await_saved(ours)
