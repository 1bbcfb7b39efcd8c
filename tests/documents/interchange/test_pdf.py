"""PDFs: the typeface is inside, with Kazakh letters, and every page carries the mark."""

from documents.interchange.file_properties import FileProperties
from documents.interchange.pdf.fonts import ensure_fonts
from documents.interchange.pdf.pages import make_pdf
from tests.documents.interchange.made import (
    SHEET,
    around,
    doc,
    fact,
    footnote,
    gap,
    gone,
    ins,
    node,
    para,
    text,
)
from tests.poppler import pdf_fonts, pdf_text, reads_pdf

KAZAKH = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі «»—№"
BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}


def text_of(pdf: bytes, tmp_path) -> str:
    (tmp_path / "made.pdf").write_bytes(pdf)
    return pdf_text(tmp_path / "made.pdf", "-layout")


def pdf_of(marked, properties=SHEET, **around_it):
    return make_pdf(marked, properties=properties, context=around(**around_it), files={})


@reads_pdf
def test_onest_is_embedded_in_all_its_faces_and_nothing_else(tmp_path):
    pdf = pdf_of(doc(para(KAZAKH, text(KAZAKH, BOLD), text(KAZAKH, ITALIC), text(KAZAKH, BOLD, ITALIC))))
    (tmp_path / "made.pdf").write_bytes(pdf)
    assert pdf_fonts(tmp_path / "made.pdf") == {
        "Onest-Regular",
        "Onest-Bold",
        "Onest-Italic",
        "Onest-BoldItalic",
    }


@reads_pdf
def test_kazakh_letters_can_be_read_out_of_it(tmp_path):
    assert KAZAKH in text_of(pdf_of(doc(para(KAZAKH))), tmp_path)


@reads_pdf
def test_every_page_carries_the_mark_above_and_below(tmp_path):
    long = doc(*(para(f"{number} {'сөз ' * 120}") for number in range(30)))
    pages = text_of(pdf_of(long), tmp_path).split("\f")[:-1]
    assert len(pages) > 3
    assert [page.count(SHEET.mark) for page in pages] == [2] * len(pages)


@reads_pdf
def test_every_block_has_its_place(tmp_path):
    cell = node("tableCell", para("Ұяшық"))
    blocks = [
        node("heading", "Тақырыпша", level=2),
        node("bulletList", node("listItem", para("Тармақ"))),
        node("orderedList", node("listItem", para("Жетінші")), start=7),
        node("blockquote", para("Заңнан үзінді")),
        node("quotation", para("Дәйексөз"), speaker="Айгүл", role="заңгер"),
        node(
            "picture",
            id="0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a31",
            alt="Алаң",
            caption="Сурет асты",
            credit="Автор",
        ),
        node("table", node("tableRow", node("tableHeader", para("Баған"))), node("tableRow", cell)),
        node("approvedBlock", para("Келісілген сөз"), version="v", hash="h"),
        para(
            fact("85 процент", "ІІМ"),
            footnote("Сілтеме"),
            gap("қала"),
            text("жаңа", ins()),
            text("ескі", gone()),
        ),
    ]
    said = text_of(pdf_of(doc(*blocks, lead="Кіріспе")), tmp_path)
    for words in (
        "Мәлімдеме", "Кіріспе", "Тақырыпша", "Тармақ", "7. Жетінші", "Заңнан үзінді", "Дәйексөз",
        "— Айгүл, заңгер", "Алаң", "Сурет асты", "Автор", "Баған", "Ұяшық", "Келісілген сөз", "85 процент",
        "ІІМ", "Сілтеме", "қала", "жаңа", "ескі",
    ):  # fmt: skip
        assert words in said, words


@reads_pdf
def test_a_letter_begins_with_its_sender(tmp_path):
    sheet = FileProperties(
        "Хат", "kk", "TLP:CLEAR · Жария", letterhead=("«Ұйым» қоры", "2026 жылғы 24 қараша")
    )
    said = text_of(pdf_of(doc(para("Құрметті депутат!")), properties=sheet), tmp_path)
    assert said.index("«Ұйым» қоры") < said.index("24 қараша") < said.index("Мәлімдеме")


@reads_pdf
def test_words_are_never_commands_of_the_typesetter(tmp_path):
    hostile = '#read("/etc/passwd") $ x $ #include "a" = h <l> @r \\ ` // /* ~ [x] #panic()'
    said = text_of(pdf_of(doc(para(hostile), title=hostile)), tmp_path)
    assert '#read("/etc/passwd")' in said
    assert "root:" not in said


def test_the_faces_are_built_once():
    folder = ensure_fonts()
    made = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.ttf")}
    assert {path.name: path.stat().st_mtime_ns for path in ensure_fonts().glob("*.ttf")} == made
    assert len(made) == 4
