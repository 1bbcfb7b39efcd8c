"""A text of three hundred pages: within its limits, with its mark on every page, and compared in full."""

import pytest

from documents.interchange.pdf.pages import make_pdf
from documents.interchange.reader.sandbox import read_in_sandbox
from tests.documents.interchange.bringing import bring, docx
from tests.documents.interchange.made import DANA, SHEET, around, doc, gone, identity, ins, para, text
from tests.documents.interchange.word import WordFile
from tests.poppler import pdf_text, reads_pdf

pytestmark = pytest.mark.slow

WORDS = "ұйым заң қоғам көмек мәлімдеме бап жауап сот құқық баспасөз " * 9
PAGES = 300


@pytest.fixture(scope="module")
def marked():
    """Some 170,000 words, every tenth paragraph with suggestions."""
    plain = [para(f"{number} {WORDS}") for number in range(1900)]
    for number in range(0, 1900, 10):
        added = text("қосылды ", ins(identity(DANA, number + 1)))
        left_out = text("кетеді ", gone(identity(DANA, number + 2)))
        plain[number] = para(f"{number} ", added, left_out, WORDS)
    return doc(*plain)


def test_it_comes_back_with_its_one_change(marked):
    content = docx(marked)
    assert read_in_sandbox(content).kind == "docx"
    file = WordFile(content)
    file.replace("1899 ұйым", "1899 бірлестік", "Лаура Заңгер")
    made = bring(file.saved(), marked)
    assert made.new == [("replace", "1899 ұйым", "1899 бірлестік", "Лаура Заңгер")]
    assert len(made.kept) == 380


@reads_pdf
def test_every_page_of_it_carries_the_mark(marked, tmp_path):
    pdf = tmp_path / "long.pdf"
    pdf.write_bytes(make_pdf(marked, properties=SHEET, context=around(), files={}))
    pages = pdf_text(pdf, "-layout").split("\f")[:-1]
    assert len(pages) >= PAGES
    assert {page.count(SHEET.mark) for page in pages} == {2}
