"""Files that LibreOffice has opened and saved again: every tracked change comes in once, its author kept."""

import random
import shutil
import subprocess

import pytest

from documents.drafts.live.suggestions import accept_all, reject_all
from documents.files.types import pack_archive, unpack_archive
from documents.interchange.reader.reasons import read_file
from documents.interchange.suggest.new_rows import incoming_threads
from tests.documents.interchange.bringing import NOBODY, bring, docx, odt, words
from tests.documents.interchange.made import (
    ASEL,
    DANA,
    comment,
    doc,
    fact,
    footnote,
    gone,
    identity,
    ins,
    node,
    para,
    text,
    thread,
)
from tests.documents.interchange.raw_word import deleted, inserted, note, raw_docx, row, run
from tests.documents.interchange.test_reader import Drafted
from tests.documents.interchange.word import WordFile

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]

FILES = 20
TEXT = "ұйым заң қоғам көмек мәлімдеме бап жауап сот құқық баспасөз статья закон помощь суд"
WORDS = TEXT.split()
AUTHORS = ("Лаура Заңгер", "И. Редактор & Ко", "Третий «автор»")


def saved_by_libreoffice(folder, contents, ending):
    """All files of one kind, opened and saved by one start of LibreOffice."""
    (folder / "in").mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / "in" / f"{name}.{ending}").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", ending, "--outdir", str(folder / "out")]
    command += sorted(str(path) for path in (folder / "in").glob(f"*.{ending}"))
    subprocess.run(command, capture_output=True, check=True, timeout=240)
    return {name: (folder / "out" / f"{name}.{ending}").read_bytes() for name in contents}


class Made:
    """A text with open suggestions and a Word file of it in which three people changed something."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.number = number
        self.base = doc(*self.blocks(), lead=self.words(4))
        self.expected = []
        self.file = WordFile(docx(self.base, thread("t1")))
        for index, block in enumerate(self.base["content"][2:8]):
            self.change(block["content"][0]["text"], index)

    def words(self, count):
        return " ".join(self.random.choice(WORDS) for _ in range(count))

    def blocks(self):
        for index in range(6):
            yield para(
                f"Абзац {self.number} {index}: {self.words(4)} соңы{index} ",
                text(f"{self.words(1)} ", ins(identity(DANA))),
                text(f"{self.words(2)} ", gone(identity(ASEL)), {"type": "bold"}),
                footnote(self.words(3)),
                text(f" {self.words(3)}", {"type": "italic"}),
                text(self.words(1), comment("t1")),
                " ",
                fact(self.words(2), self.words(2)),
            )
        yield para(self.words(6), marks=[ins(identity(DANA))])
        yield node("heading", self.words(2), level=2)
        yield node("bulletList", *(node("listItem", para(self.words(3))) for _ in range(3)))
        yield para(self.words(4), marks=[gone(identity(ASEL))])

    def change(self, words_there, index):
        author = self.random.choice(AUTHORS)
        first, *_middle, last = words_there.strip().split(": ")[1].split(" ")
        place = words_there.strip().split(": ")[0]
        kind = self.random.choice(["insert", "delete", "replace", "both", "row", "gone"])
        if kind == "insert":
            self.file.insert(" қосылған сөз", author, after=place)
            self.expected.append(("insert", "", " қосылған сөз", author))
        elif kind == "delete":
            self.file.delete(f"{place}: {first}", author)
            self.expected.append(("delete", f"{place}: {first}", "", author))
        elif kind == "replace":
            self.file.replace(place, f"Бөлім {index}", author)
            self.expected.append(("replace", place, f"Бөлім {index}", author))
        elif kind == "both":
            self.file.delete(f"{place}:", author)
            self.expected.append(("delete", f"{place}:", "", author))
            self.file.insert(" тағы", AUTHORS[0], after=f" {last}")
            self.expected.append(("insert", "", " тағы", AUTHORS[0]))
        elif kind == "row":
            self.file.new_paragraph(f"Жаңа жол {index}", author, after=place)
            self.expected.append(("insert", "", f"Жаңа жол {index}", author))
        else:
            self.file.write_over(place, "Ізсіз")
            self.expected.append(("replace", place, "Ізсіз", NOBODY))


@pytest.fixture(scope="module")
def files():
    return {f"f{number}": Made(number) for number in range(FILES)}


@pytest.fixture(scope="module")
def saved(files, tmp_path_factory):
    contents = {name: made.file.saved() for name, made in files.items()}
    untouched = {f"untouched-{name}": docx(made.base, thread("t1")) for name, made in files.items()}
    return saved_by_libreoffice(tmp_path_factory.mktemp("word"), contents | untouched, "docx")


@pytest.mark.parametrize("name", [f"f{number}" for number in range(FILES)])
def test_every_change_comes_in_once_under_its_author(name, files, saved):
    made = bring(saved[name], files[name].base)
    assert sorted(made.new) == sorted(files[name].expected)
    assert len(made.kept) == 14  # what was suggested before is still there, once
    assert words(reject_all(made.marked)) == words(reject_all(files[name].base))
    assert words(accept_all(made.marked)) != words(accept_all(files[name].base))


@pytest.mark.parametrize("name", [f"f{number}" for number in range(FILES)])
def test_a_file_that_was_only_saved_gives_no_suggestion(name, files, saved):
    made = bring(saved[f"untouched-{name}"], files[name].base)
    assert (made.asked.edits, made.asked.taken, made.asked.refused) == ([], set(), set())
    assert made.marked == files[name].base
    assert made.file.found.token == "signed-token"
    assert [one.words for one in made.file.found.comments] == ["Неге?"]


def test_its_own_files_come_back_too(files, tmp_path):
    some = dict(list(files.items())[:4])
    saved = saved_by_libreoffice(
        tmp_path, {name: odt(made.base, thread("t1")) for name, made in some.items()}, "odt"
    )
    for name, made in some.items():
        brought = bring(saved[name], made.base)
        assert (brought.asked.edits, brought.marked) == ([], made.base), name
        assert brought.file.found.token == "signed-token"


def test_what_libreoffice_tracks_in_its_own_files_comes_in(files, tmp_path):
    """The edited Word files, saved as OpenDocument: the changes come in under their authors, too."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "f0.docx").write_bytes(files["f0"].file.saved())
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "odt", "--outdir", str(tmp_path), str(tmp_path / "in" / "f0.docx")]
    subprocess.run(command, capture_output=True, check=True, timeout=240)
    made = bring((tmp_path / "f0.odt").read_bytes(), files["f0"].base)
    assert sorted(made.new) == sorted(files["f0"].expected)


# --- comments, text boxes, notes, strict -----------------------------------------------------------------


def test_answers_are_read_and_written_again_by_libreoffice(tmp_path):
    """What we write as answers LibreOffice knows as such: it writes them into its own file as answers."""
    base = doc(para("Біз ", text("бәріміз", comment("t1")), " айтамыз."))
    said = thread("t1", ("Дана О. (Центр)", "Неге?"), ("Асель", "Себебі бар."))
    for ending in ("docx", "odt"):
        folder = tmp_path / ending
        folder.mkdir()
        content = converted(folder, docx(base, said), ending)
        (one,), resolved = incoming_threads(read_file(content).found.comments)
        assert [said.words for said in one.comments] == ["Неге?", "Себебі бар."]
        assert not resolved
        made = bring(content, base)
        assert (made.asked.edits, made.marked) == ([], base)


def test_a_link_and_a_change_in_a_note_come_in_from_libreoffice(tmp_path):
    content = raw_docx(
        row(run("Сөз"), note(), run(" соңы.")),
        footnotes='<w:footnote w:id="1">'
        + row(run("Заңның "), deleted("9"), inserted(run("10")), linked(run("-бабы")))
        + "</w:footnote>",
        links_of_notes=["https://example.org/law"],
    )
    made = Drafted(converted(tmp_path, content, "docx"))
    assert (made.before, made.after) == (["Сөз[Заңның 9-бабы] соңы."], ["Сөз[Заңның 10-бабы] соңы."])
    assert made.left_out["note_links"] == 1


def test_a_text_box_comes_in_from_libreoffice(tmp_path):
    frame = (
        '<draw:frame draw:name="f" text:anchor-type="paragraph" svg:width="3cm"><draw:text-box>'
        "<text:p>Қорапта.</text:p></draw:text-box></draw:frame>"
    )
    parts = unpack_archive(odt(doc(para("Абзацтың сөзі."), para("Соңы."), title="")))
    content = parts["content.xml"].decode()
    assert "сөзі." in content
    parts["content.xml"] = content.replace("сөзі.", f"{frame}сөзі.").encode()
    for ending in ("docx", "odt"):
        folder = tmp_path / ending
        folder.mkdir()
        made = Drafted(converted(folder, pack_archive(parts), ending, given="odt"))
        assert made.after == ["Абзацтың сөзі.", "Қорапта.", "Соңы."]
        assert made.left_out["text_boxes"] == 1


def linked(content):
    return f'<w:hyperlink r:id="link0">{content}</w:hyperlink>'


def converted(folder, content, ending, given="docx"):
    (folder / "in").mkdir()
    (folder / "in" / f"file.{given}").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", ending, "--outdir", str(folder), str(folder / "in" / f"file.{given}")]
    subprocess.run(command, capture_output=True, check=True, timeout=240)
    return (folder / f"file.{ending}").read_bytes()
