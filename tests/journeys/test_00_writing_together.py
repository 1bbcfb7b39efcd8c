"""Two browsers in one text: they agree, also after a while offline; and what may not be written is not."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import UUID
from tests.journeys.servers import WarmServer, copied
from tests.journeys.writing import (
    await_offline,
    await_saved,
    await_words,
    cursor_after,
    last_line,
    paper,
    select,
    write_text,
)

pytestmark = pytest.mark.timeout(180, func_only=True)

FIRST = "Біз он екі ұйым бір сөз айтамыз."
KAZAKH, RUSSIAN = "Әр қызғалдақтың үш күлтесі бар 🌷🛡️. ", "Закон должен защищать человека ⚖️. "

NOTED = 600  # milliseconds after which the page notes what is saved: a refusal would have come by then

ARCHIVE = 'form[action$="/archive/"] button'


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for these tests: each writes in a draft of its own."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("together") / "demo")) as started:
        yield started


@pytest.fixture
def text(person: Callable[..., Person]) -> str:
    """The address of a new Kazakh text with one paragraph, made by an editor."""
    editor = person("editor")
    page = editor.go("/workspaces/all/")
    found = re.search(rf'href="(/workspaces/{UUID.pattern}/)"', page.content())
    assert found
    page.goto(f"{editor.demo.address}{found[1]}drafts/new/")
    page.locator('input[name="title"]').fill("Бірге жазу")
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/kk/$"))
    write_text(page, title="Тақырып", lead="Кіріспе", words=FIRST)
    address = page.url
    editor.leave()
    return address


def _open(person: Callable[..., Person], name: str, text: str) -> Page:
    page = person(name).go(text)
    paper(page)
    return page


def _archive(person: Callable[..., Person], text: str) -> Page:
    """The coordinator's page where the draft can be put away."""
    return person("coordinator").go(re.sub(r"kk/$", "settings/", text))


def _unsaved_on_device(page: Page) -> int:
    """How many updates wait in this browser's storage."""
    count: int = page.evaluate(
        """async () => {
            let found = 0;
            for (const { name } of await indexedDB.databases()) {
                const db = await new Promise((resolve) => {
                    const opening = indexedDB.open(name);
                    opening.onsuccess = () => resolve(opening.result);
                });
                const rows = await new Promise((resolve) => {
                    const asking = db.transaction("updates").objectStore("updates").getAll();
                    asking.onsuccess = () => resolve(asking.result);
                });
                found += rows.filter((row) => row.length > 2).length;
                db.close();
            }
            return found;
        }"""
    )
    return count


def test_two_people_in_one_paragraph_agree(person: Callable[..., Person], text: str) -> None:
    editor, coordinator = _open(person, "editor", text), _open(person, "coordinator", text)
    expect(editor.locator("[data-people-of] .person")).to_have_count(1)
    cursor_after(editor, "Біз ")
    cursor_after(coordinator, "айтамыз.")
    for number in range(0, 24, 4):
        editor.keyboard.type(KAZAKH[number : number + 4])
        coordinator.keyboard.type(RUSSIAN[number : number + 4])
    await_saved(editor)
    await_saved(coordinator)
    said = f"Біз {KAZAKH[:24]}он екі ұйым бір сөз айтамыз.{RUSSIAN[:24]}".strip()
    for page in (editor, coordinator, _open(person, "reviewer", text)):
        await_words(page, said)
    # Undo takes back one's own words only.
    editor.keyboard.press("Control+z")
    expect(paper(coordinator).locator("p").last).to_contain_text(RUSSIAN[:24].strip())


def test_offline_for_a_while(person: Callable[..., Person], text: str) -> None:
    editor, coordinator = _open(person, "editor", text), _open(person, "coordinator", text)
    cursor_after(editor, "Біз ")
    editor.context.set_offline(True)
    await_offline(editor)
    editor.keyboard.type("жолда жазған ")
    expect(editor.locator("[data-state-of]").first).to_have_attribute("data-state", "offline-kept")
    assert _unsaved_on_device(editor) > 0
    cursor_after(coordinator, "айтамыз.")
    coordinator.keyboard.type(" Кеңседе жазылды.")
    await_saved(coordinator)
    editor.context.set_offline(False)
    await_saved(editor)
    said = "Біз жолда жазған он екі ұйым бір сөз айтамыз. Кеңседе жазылды."
    for page in (editor, coordinator):
        await_words(page, said)
    assert _unsaved_on_device(editor) == 0


def test_what_is_not_saved_outlives_the_window(person: Callable[..., Person], text: str) -> None:
    someone = person("editor")
    page = someone.go(text)
    paper(page)
    cursor_after(page, "айтамыз.")
    page.context.set_offline(True)
    await_offline(page)
    page.keyboard.type(" Қолда қалды.")
    expect(page.locator("[data-state-of]").first).to_have_attribute("data-state", "offline-kept")
    page.close(run_before_unload=False)
    someone.context.set_offline(False)
    again = someone.context.new_page()
    again.goto(text)
    await_words(again, f"{FIRST} Қолда қалды.")
    await_saved(again)


def test_a_direct_edit_by_who_may_only_suggest_is_refused(person: Callable[..., Person], text: str) -> None:
    contributor, editor = _open(person, "contributor", text), _open(person, "editor", text)
    expect(contributor.locator("[data-suggest]")).to_have_attribute("aria-pressed", "true")
    # Somebody who gets past the page meets the server.
    paper(contributor).evaluate("(paper) => paper.editor.commands.suggest(false)")
    select(contributor, "бір сөз")
    contributor.keyboard.press("x")
    expect(contributor.locator("[data-live-notices] [role=alert]")).to_be_visible()
    for page in (contributor, editor):
        expect(page.locator("[data-changes-list] del")).to_have_text("бір сөз")
        expect(page.locator("[data-changes-list] ins")).to_have_text("x")
    expect(contributor.locator("[data-suggest]")).to_have_attribute("aria-pressed", "true")


def test_a_text_that_goes_to_the_archive_is_read_from_then_on(
    person: Callable[..., Person], text: str
) -> None:
    """The page says so by itself, before anything is refused; what was written until then is in the text."""
    reviewer, coordinator = _open(person, "reviewer", text), _archive(person, text)
    cursor_after(reviewer, "айтамыз.")
    coordinator.evaluate(f"setTimeout(() => document.querySelector({ARCHIVE!r}).click())")
    typed = [f"{number}." for number in range(1, 40)]
    reviewer.keyboard.type(" ".join(["", *typed]), delay=10)
    notice = reviewer.locator("[data-live-notices] [role=alert]")
    expect(notice).to_be_visible()
    expect(paper(reviewer)).to_have_attribute("contenteditable", "false")
    shown = last_line(reviewer)
    assert shown.startswith(FIRST)
    lost = notice.locator("[data-lost-words]")
    found = re.sub(r"\D", "", shown + (lost.inner_text() if lost.count() else ""))
    assert found
    assert "".join(map(str, range(1, 40))).startswith(found)  # the page closes at any letter


def test_what_the_archive_did_not_take_is_shown_to_be_copied(
    person: Callable[..., Person], text: str
) -> None:
    someone, reviewer = person("editor"), _open(person, "reviewer", text)
    page = someone.go(text)
    paper(page)
    for one, words in ((page, " Терезе жабылды."), (reviewer, " Кеш.")):
        cursor_after(one, "айтамыз.")
        one.context.set_offline(True)
        await_offline(one)
        one.keyboard.type(words)
        expect(one.locator("[data-state-of]").first).to_have_attribute("data-state", "offline-kept")
    page.close(run_before_unload=False)
    coordinator = _archive(person, text)
    coordinator.locator(ARCHIVE).click()
    coordinator.wait_for_load_state()
    for one in (someone.context.new_page(), reviewer):
        one.context.set_offline(False)
        if one is not reviewer:
            one.goto(text)
        lost = one.locator("[data-live-notices] [role=alert] [data-lost-words]")
        expect(lost).to_have_text("Кеш." if one is reviewer else "Терезе жабылды.")
        expect(paper(one)).to_have_attribute("contenteditable", "false")
        await_words(one, FIRST)


def test_what_the_server_does_not_understand_is_shown_to_be_copied(
    person: Callable[..., Person], text: str
) -> None:
    """It closes that socket for good; the words that it did not read are those of a person all the same."""
    page = person("editor").page
    opened: list[WebSocketRoute] = []
    lost: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: None if socket in lost else server.send(frame))
        opened.append(socket)

    page.route_web_socket(re.compile("/ws/drafts/"), between)
    page.clock.install()
    page.goto(text)
    cursor_after(page, "айтамыз.")
    await_saved(page)
    page.clock.fast_forward(NOTED)
    lost.extend(opened)
    page.keyboard.type(" Терезе ашық.")
    await_words(page, f"{FIRST} Терезе ашық.")
    opened[-1].close(code=4400, reason="not an update")
    expect(page.locator("[data-live-notices] [role=alert] [data-lost-words]")).to_have_text("Терезе ашық.")
    await_words(page, FIRST)
    expect(paper(page)).to_have_attribute("contenteditable", "true")
    assert _unsaved_on_device(page) == 0


def test_a_right_that_is_taken_away_closes_the_text(person: Callable[..., Person], text: str) -> None:
    reviewer, coordinator = _open(person, "reviewer", text), person("coordinator")
    page = coordinator.go(text)
    people = page.locator(".crumbs a").first.get_attribute("href") or ""
    name = reviewer.locator(".rail .who b").first.inner_text()
    page = coordinator.go(f"{people}people/")
    row = page.locator("li, tr").filter(has_text=name).filter(has=page.locator('form[action$="/take/"]')).last
    row.locator('form[action$="/take/"] button').click()
    expect(reviewer.locator("[data-live-notices] [role=alert]")).to_be_visible(timeout=2000)
    assert FIRST not in reviewer.locator("main").inner_text()
