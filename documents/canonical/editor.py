"""Conversion of canonical documents back to the editor's JSON.

Used to restore a version. For every canonical document `c`, `build(to_editor(c), ...)` with
its own title, lead, language, pictures and attachments returns `c` again.
"""

from typing import Any, Final

from documents.canonical.form import Block, Cell, Document, Inline, Mark
from documents.canonical.nodes import footnote_words

type EditorNode = dict[str, Any]

_MARK_NAMES: Final = {"strong": "bold", "emphasis": "italic"}


def to_editor(document: Document) -> EditorNode:
    """Return the editor's body with the words of a canonical document.

    Title, lead and attachments are not part of the body: take them from the document.
    """
    writer = _Writer(document)
    return {"type": "doc", "content": writer.blocks(document["blocks"]) or [{"type": "paragraph"}]}


class _Writer:
    """Writer of blocks as editor nodes; footnotes return to their references."""

    def __init__(self, document: Document) -> None:
        self.footnotes = footnote_words(document)
        self.pictures = document["pictures"]

    def blocks(self, blocks: list[Block]) -> list[EditorNode]:
        return [self.block(block) for block in blocks if block["type"] != "footnote"]

    def block(self, block: Block) -> EditorNode:
        attrs: EditorNode
        match block["type"]:
            case "paragraph":
                return {"type": "paragraph", "content": self.inline(block["content"])}
            case "heading":
                attrs = {"level": block["level"]}
                return {"type": "heading", "attrs": attrs, "content": self.inline(block["content"])}
            case "list":
                return self.list_block(block["items"], ordered=block["ordered"], start=block["start"])
            case "quote":
                return {"type": "blockquote", "content": self.blocks(block["blocks"])}
            case "quotation":
                attrs = {"speaker": block["speaker"], "role": block["role"]}
                return {"type": "quotation", "attrs": attrs, "content": self.blocks(block["blocks"])}
            case "picture":
                picture = self.pictures[block["id"]]
                attrs = {key: picture[key] for key in ("alt", "caption", "credit")}
                return {"type": "picture", "attrs": {"id": block["id"], **attrs}}
            case "table":
                rows = [
                    {"type": "tableRow", "content": [self.cell(cell) for cell in row]}
                    for row in block["rows"]
                ]
                return {"type": "table", "content": rows}
            case "approved_block":
                attrs = {"version": block["version"], "hash": block["hash"]}
                return {"type": "approvedBlock", "attrs": attrs, "content": self.blocks(block["blocks"])}
        raise ValueError(block["type"])

    def list_block(self, items: list[list[Block]], *, ordered: bool, start: int) -> EditorNode:
        content = [{"type": "listItem", "content": self.item(item)} for item in items]
        if ordered:
            return {"type": "orderedList", "attrs": {"start": start}, "content": content}
        return {"type": "bulletList", "content": content}

    def item(self, blocks: list[Block]) -> list[EditorNode]:
        """Return an item's nodes, beginning with a paragraph (required), even if empty."""
        lead = [] if blocks[0]["type"] == "paragraph" else [{"type": "paragraph"}]
        return [*lead, *self.blocks(blocks)]

    def cell(self, cell: Cell) -> EditorNode:
        name = "tableHeader" if cell["header"] else "tableCell"
        return {"type": name, "content": self.blocks(cell["blocks"]) or [{"type": "paragraph"}]}

    def inline(self, content: list[Inline]) -> list[EditorNode]:
        return [self.one(one) for one in content]

    def one(self, one: Inline) -> EditorNode:
        if one["type"] == "footnote_ref":
            return {"type": "footnote", "attrs": {"text": self.footnotes[one["number"]]}}
        node: EditorNode
        if one["type"] == "text":
            node = {"type": "text", "text": one["text"]}
        elif one["type"] == "fact":
            node = {"type": "fact", "attrs": {key: one[key] for key in ("id", "words", "source")}}
        else:
            node = {"type": "gap", "attrs": {key: one[key] for key in ("name", "kind", "value")}}
        return {**node, "marks": [_mark(mark) for mark in one["marks"]]} if one["marks"] else node


def _mark(mark: Mark) -> EditorNode:
    if mark["type"] == "link":
        return {"type": "link", "attrs": {"href": mark["href"]}}
    return {"type": _MARK_NAMES[mark["type"]]}
