"""Markdown and plain text: the mark above and below, suggestions in signs that are explained."""

from dataclasses import replace

from documents.interchange.formats import make_markdown, make_text
from tests.documents.interchange.made import SHEET, doc, footnote, gone, ins, para, text

EN = replace(SHEET, language="en")
SUGGESTED = doc(
    para("We ", text("all ", ins()), text("old", gone()), " say", text("\u200b", ins())),
    para("All of it", footnote("note"), marks=[ins()]),
)


def test_markdown_says_what_is_suggested_and_explains_the_signs():
    made = make_markdown(SUGGESTED, properties=EN, pictures={}).decode()
    assert "We {++all ++}{--old--} say\n" in made
    assert "{++All of it[^1]++}" in made
    assert "Words between \\{++ ++\\} are suggested" in made


def test_plain_text_does_the_same_in_plain_signs():
    made = make_text(SUGGESTED, properties=EN, pictures={}).decode()
    assert "We [+all +][-old-] say\n" in made
    assert "[+All of it [1]+]" in made


def test_without_suggestions_nothing_is_explained():
    for make in (make_markdown, make_text):
        assert "suggested" not in make(doc(para("Words")), properties=EN, pictures={}).decode()


def test_the_mark_is_the_first_and_the_last_line():
    for make in (make_markdown, make_text):
        lines = make(SUGGESTED, properties=EN, pictures={}).decode().strip().split("\n")
        assert lines[0].strip("*") == lines[-1].strip("*") == SHEET.mark


def test_the_letterhead_stands_above():
    made = make_text(
        doc(para("Words")), properties=replace(EN, letterhead=("Fund", "Almaty")), pictures={}
    ).decode()
    assert made.index("Fund\nAlmaty") < made.index("Мәлімдеме")
