"""Plain text and Markdown: every word is there, and none becomes a sign."""

import pytest

from documents.canonical.characters import render_markdown, render_text
from tests.documents.canonical.golden_labels import LABELS
from tests.documents.canonical.nodes import BOLD, ITALIC, footnote, link, node, paragraph, text


def plain(document, **given):
    return render_text(document, labels=LABELS["kk"], with_title=False, **given)


def markdown(document):
    return render_markdown(document, labels=LABELS["kk"], with_title=False)


def test_lines_are_wrapped_but_addresses_and_no_break_spaces_are_not(built):
    href = "https://example.org/" + "a" * 90
    document = built(paragraph("сөз " * 40, text("мына жерде", link(href)), " 2018\u00a0жыл " * 20))
    lines = plain(document, width=40).splitlines()
    assert all(len(line) <= 40 or href in line for line in lines)
    assert any(href in line for line in lines)
    assert not [line for line in lines if line.endswith("2018")]
    assert len(plain(document, width=None).splitlines()) == 1


def test_lists_hang_and_nest(built):
    inner = node("bulletList", node("listItem", paragraph("ішкі")))
    items = [node("listItem", paragraph("сөз " * 12), inner), node("listItem", paragraph("екі"))]
    document = built(node("orderedList", *items, start=9))
    assert plain(document, width=30) == (
        "9. сөз сөз сөз сөз сөз сөз сөз\n   сөз сөз сөз сөз сөз\n   - ішкі\n10. екі\n"
    )


def test_the_address_stands_once_behind_the_words_of_a_link(built):
    href = link("https://a.kz/")
    document = built(
        paragraph(text("бір ", href), text("екі", href, BOLD), ", ", text("https://a.kz/", href))
    )
    assert plain(document) == "бір екі (https://a.kz/), https://a.kz/\n"


def test_quotations_say_who_speaks(built):
    block = node("quotation", paragraph("Сөз."), speaker="Гүлнар", role="заңгер")
    assert plain(built(block)) == "> Сөз.\n> — Гүлнар, заңгер\n"


def test_notes_and_files_stand_at_the_end(built):
    file = {"sha256": "9f" * 32, "name": "a.pdf", "type": "application/pdf"}
    document = built(paragraph("Сөз", footnote("Дерек"), "."), attachments=[file])
    assert plain(document) == (
        "Сөз [1].\n\nДереккөздер мен ескертпелер\n\n[1] Дерек\n\nҚоса берілген файлдар\n\n- a.pdf\n"
    )


@pytest.mark.parametrize(
    "words, escaped",
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("# сөз", r"\# сөз"),
        ("- сөз", r"\- сөз"),
        ("+ сөз", r"\+ сөз"),
        ("1. сөз", r"1\. сөз"),
        ("12) сөз", r"12\) сөз"),
        ("===", r"\==="),
        ("*a* _b_ `c` ~d~", r"\*a\* \_b\_ \`c\` \~d\~"),
        ("![a](javascript:b)", r"\!\[a\](javascript:b)"),
        ("a | b", r"a \| b"),
        ("a \\ b", "a \\\\ b"),
        ("&amp;", r"\&amp;"),
    ],
)
def test_words_stay_words_in_markdown(built, words, escaped):
    assert markdown(built(paragraph(words))) == f"{escaped}\n"
    assert plain(built(paragraph(words))) == f"{words}\n"


@pytest.mark.parametrize(
    "content, line",
    [
        ([text(" бір ", BOLD), "екі"], "**бір** екі"),
        ([text("бір", BOLD), ", екі"], "**бір**, екі"),
        ([text("бір", BOLD), "ші"], "**бір**ші"),
        ([text("бір.", BOLD), "Екі"], "**бір.**<!-- -->Екі"),
        ([text("бір", ITALIC), text("екі", BOLD)], "*бір*<!-- -->**екі**"),
        ([text("бір", link("https://a.kz/(1)"))], "[бір](https://a.kz/%281%29)"),
        ([footnote("a"), ": б"], "[^1]\\: б\n\n[^1]: a"),
    ],
)
def test_signs_of_markdown_are_read_as_meant(built, content, line):
    assert markdown(built(paragraph(*content))) == f"{line}\n"


def test_two_lists_stay_two(built):
    lists = [node("bulletList", node("listItem", paragraph(one))) for one in "аб"]
    assert markdown(built(*lists)) == "- а\n\n<!-- -->\n\n- б\n"
