"""The way back into the editor."""

from documents.canonical.nodes import to_editor
from tests.documents.canonical.nodes import node, paragraph


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
