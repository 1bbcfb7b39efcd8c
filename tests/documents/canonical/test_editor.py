"""The way back into the editor, and writing without JavaScript."""

import pytest

from documents.canonical.editor import from_plain, is_plain, to_editor, to_plain
from tests.documents.canonical.nodes import BOLD, footnote, node, paragraph, text


def test_blank_lines_separate_paragraphs():
    body = from_plain("Бірінші жол\nжалғасы\r\n\r\nЕкінші  \n \n\n\nҮшінші\n")
    assert [block["content"][0]["text"] for block in body["content"]] == [
        "Бірінші жол жалғасы",
        "Екінші",
        "Үшінші",
    ]


@pytest.mark.parametrize("nothing", ["", " \n\n \t"])
def test_nothing_written_is_an_empty_paragraph(nothing):
    assert from_plain(nothing) == {"type": "doc", "content": [{"type": "paragraph"}]}
    assert to_plain(from_plain(nothing)) == ""


def test_tags_are_words(built):
    body = from_plain("<script>alert(1)</script>")
    assert built(*body["content"])["blocks"][0]["content"][0]["text"] == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "block",
    [
        paragraph(text("a", BOLD)),
        paragraph("a", footnote("b")),
        node("heading", "a", level=2),
        node("bulletList", node("listItem", paragraph("a"))),
    ],
)
def test_a_textarea_may_not_lose_what_it_cannot_show(block):
    body = {"type": "doc", "content": [paragraph("a"), block]}
    assert not is_plain(body)
    with pytest.raises(ValueError, match="more than plain paragraphs"):
        to_plain(body)


def test_a_restored_text_suits_the_editor(built):
    """Items and cells begin with a paragraph there, even if a list is all they hold."""
    inner = node("bulletList", node("listItem", paragraph("a")))
    cells = [node("tableCell", paragraph()), node("tableHeader", paragraph("b"))]
    document = built(
        node("bulletList", node("listItem", paragraph(), inner)), node("table", node("tableRow", *cells))
    )
    outer, table = to_editor(document)["content"]
    assert [one["type"] for one in outer["content"][0]["content"]] == ["paragraph", "bulletList"]
    assert table["content"][0]["content"][0]["content"] == [{"type": "paragraph"}]


def test_a_document_without_blocks_is_an_empty_page(built):
    assert to_editor(built(complete=False)) == {"type": "doc", "content": [{"type": "paragraph"}]}
