"""A Word file by e-mail: a lawyer without an account edits it in Word and sends it back; each change is
accepted on its own."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documents.files.types import parse_xml, unpack_archive, w
from tests.documents.interchange.word import WordFile
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.writing import await_saved, paper

pytestmark = pytest.mark.timeout(240, func_only=True)

ADDRESS = "lawyer@journey.example"
LAWYER = "Салтанат Әбдіғали"
LINK = r"http://localhost:\d+/guest/[\w-]+/"
LETTER = "Letter to deputies"


def _letter(someone: Person) -> str:
    """The address of the draft that is being written."""
    page = someone.go("/workspaces/all/")
    workspace = page.locator('main a[href^="/workspaces/0"]').first.get_attribute("href")
    page = someone.go(f"{workspace}drafts/")
    return str(page.locator("main a", has_text=LETTER).first.get_attribute("href"))


def _link_for_the_lawyer(coordinator: Person, draft: str) -> str:
    """Made by the coordinator, sent by mail."""
    page = coordinator.go(f"{draft}guests/")
    page.locator('[name="name"]').fill(LAWYER)
    page.locator('[name="email"]').fill(ADDRESS)
    page.locator('[name="purpose"]').select_option("word")
    page.locator('[name="reason"]').fill("Адвокат; заңға сілтемелерді Word-та түзетеді.")
    page.locator('main form:has([name="purpose"]) button[type="submit"]').click()
    page.locator("#made-address").wait_for()
    return coordinator.demo.link_in_mail_to(ADDRESS, LINK)


def _edited_in_word(path: Path) -> list[str]:
    """What the lawyer does in Word: one word for another, a word more, words taken out, a new paragraph.

    LibreOffice opens and saves the file too, where it is installed. Returns the new words.
    """
    file = WordFile(path.read_bytes())
    file.replace("жазбаша білдірсеңіз", "ашық айтсаңыз", LAWYER)
    file.insert(" мұқият", LAWYER, after="Түзетулердің мәтінін")
    file.new_paragraph("Заңгердің жаңа абзацы.", LAWYER, after="Өңіріңіздегі")
    path.write_bytes(file.saved())
    if shutil.which("soffice"):
        folder = path.parent / "saved"
        profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "docx",
            "--outdir",
            str(folder),
            str(path),
        ]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        path.write_bytes((folder / path.name).read_bytes())
    return ["ашық айтсаңыз", "мұқият", "Заңгердің жаңа абзацы."]


def _cards_of(page: Page, name: str) -> list[str]:
    """What this person suggests, card by card."""
    cards = page.locator("[data-changes-list] > li", has_text=name)
    return [cards.nth(index).locator("ins").inner_text().strip() for index in range(cards.count())]


def test_a_lawyers_word_file_comes_back(demo: Demo, person: Callable[..., Person], tmp_path: Path) -> None:
    coordinator = person("coordinator").choose_language("kk")
    draft = _letter(coordinator)
    link = _link_for_the_lawyer(coordinator, draft)

    lawyer = person()
    page = lawyer.go(link)
    page.locator('main form button[type="submit"]').click()
    with page.expect_download() as downloading:
        page.locator('form[action$="/file/"] button').click()
    name = downloading.value.suggested_filename
    assert re.fullmatch(r"tlp-amber_[a-z0-9-]+_kk_\d{4}-\d\d-\d\d_[0-9a-f]{8}\.docx", name)
    file = tmp_path / name
    downloading.value.save_as(file)
    parts = unpack_archive(file.read_bytes())
    assert "TLP:AMBER" in "".join(parse_xml(parts["word/header1.xml"]).itertext())
    authors = {one.get(w("author")) for one in parse_xml(parts["word/document.xml"]).iter(w("ins"), w("del"))}
    assert authors  # what others suggest stands in it as tracked changes, with their names
    new = _edited_in_word(file)
    page.locator('form[action$="/send-back/"] input[type="file"]').set_input_files(file)
    page.locator('form[action$="/send-back/"] button').click()
    expect(page.locator("main")).to_contain_text(name)

    editor = person("editor").choose_language("kk")
    eye = Eye(editor, "kk")
    page = eye.look(f"{draft}kk/")
    paper(page)
    page.locator(".asfile summary").click()
    eye.look_again()
    page.locator(".asfile__menu .rows a").click()
    expect(page.locator("main")).to_contain_text(LAWYER)
    expect(page.locator("main ins")).to_have_count(3)
    eye.look_again()
    page.locator('button[value="take_in"]').click()

    paper(page)
    expect(page.locator("[data-changes-list] > li", has_text=LAWYER)).to_have_count(3)
    suggested_before = page.locator("[data-changes-list] > li").count() - 3
    assert sorted(_cards_of(page, LAWYER)) == sorted(new)
    for left in (2, 1, 0):
        page.locator("[data-changes-list] > li", has_text=LAWYER).first.locator("button").first.click()
        expect(page.locator("[data-changes-list] > li", has_text=LAWYER)).to_have_count(left)
    await_saved(page)
    for words in new:
        expect(paper(page)).to_contain_text(words)
    expect(page.locator("[data-changes-list] > li")).to_have_count(suggested_before)
    assert eye.faults == []


def test_a_text_leaves_as_every_kind_of_file(demo: Demo, person: Callable[..., Person]) -> None:
    editor = person("editor").choose_language("kk")
    draft = _letter(editor)
    page = editor.go(f"{draft}kk/")
    for ending in ("docx", "odt", "pdf", "md", "txt"):
        page.locator(".asfile").evaluate("(menu) => { menu.open = true; }")
        with page.expect_download() as downloading:
            page.locator(f'.asfile button[value="{ending}"]').click()
        assert downloading.value.suggested_filename.startswith("tlp-amber_")
        assert downloading.value.suggested_filename.endswith(f".{ending}")
    eye = Eye(editor, "kk")
    eye.look(f"{draft}kk/bring-back/")
    assert eye.faults == []
