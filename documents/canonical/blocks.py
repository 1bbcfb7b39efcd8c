"""Conversion of the editor's nodes to canonical blocks. Empty blocks are dropped."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from documents.canonical.editor_schema import LIMITS
from documents.canonical.form import Block, Cell, List, Picture
from documents.canonical.inline import read_inline, refuse_suggestions
from documents.canonical.nodes import FORMATS, Node
from documents.canonical.reading import DocumentReading, read_attribute_words, require_attribute_words
from documents.canonical.serialise import CanonicalError


def read_blocks(node: Node, reading: DocumentReading) -> list[Block]:
    """Return the non-empty blocks inside a node, in order."""
    found = (_READERS[child.name](child, reading) for child in _children(node))
    return [block for block in found if block is not None]


def _children(node: Node) -> list[Node]:
    children = list(node.children())
    for child in children:
        refuse_suggestions(child)
        if child.marks():
            raise CanonicalError(
                "marked_block",
                _("“%(name)s” carries a mark that only words can carry. Remove the mark."),
                child.path,
                name=child.name,
            )
    return children


def _paragraph(node: Node, reading: DocumentReading) -> Block | None:
    content = read_inline(node, reading)
    return {"type": "paragraph", "content": content} if content else None


def _heading(node: Node, reading: DocumentReading) -> Block | None:
    content = read_inline(node, reading)
    return {"type": "heading", "level": node.attrs["level"], "content": content} if content else None


def _list(node: Node, reading: DocumentReading) -> Block | None:
    if sum(name in {"bulletList", "orderedList"} for name in node.ancestry) >= LIMITS.list_levels:
        raise CanonicalError(
            "list_depth",
            _("A list stands inside a list that is inside a list itself. Two levels are the limit."),
            node.path,
        )
    items = [blocks for item in _children(node) if (blocks := read_blocks(item, reading))]
    if not items:
        return None
    ordered = node.name == "orderedList"
    made: List = {"type": "list", "ordered": ordered, "start": node.attrs.get("start", 1), "items": items}
    return made


def _quote(node: Node, reading: DocumentReading) -> Block | None:
    blocks = read_blocks(node, reading)
    return {"type": "quote", "blocks": blocks} if blocks else None


def _quotation(node: Node, reading: DocumentReading) -> Block | None:
    blocks = read_blocks(node, reading)
    if not blocks:
        return None
    speaker = require_attribute_words(
        node.attrs["speaker"],
        node.path,
        code="quotation_unattributed",
        message=_("A quotation does not say who speaks. Name the speaker."),
    )
    role = read_attribute_words(node.attrs["role"], node.path)
    return {"type": "quotation", "blocks": blocks, "speaker": speaker, "role": role}


def _picture(node: Node, reading: DocumentReading) -> Block | None:
    name: str = node.attrs["id"]
    file = reading.files.get(name)
    if file is None or not FORMATS["sha256"].fullmatch(file["sha256"]):
        raise CanonicalError(
            "picture_missing", _("The file of a picture is missing. Choose the picture anew."), node.path
        )
    alt, caption, credit = (
        read_attribute_words(file.get(key, "") if node.attrs[key] is None else node.attrs[key], node.path)
        for key in ("alt", "caption", "credit")
    )
    if not alt and reading.complete:
        raise CanonicalError(
            "picture_without_alt",
            _("A picture has no description for people who cannot see it. Describe what it shows."),
            node.path,
        )
    picture: Picture = {"sha256": file["sha256"], "alt": alt, "caption": caption, "credit": credit}
    if reading.pictures.setdefault(name, picture) != picture:
        raise CanonicalError(
            "picture_differs",
            _("One picture stands twice in the text, with different words. Give both the same words."),
            node.path,
        )
    return {"type": "picture", "id": name}


def _table(node: Node, reading: DocumentReading) -> Block | None:
    rows: list[list[Cell]] = []
    for row in _children(node):
        cells: list[Cell] = [
            {"header": cell.name == "tableHeader", "blocks": read_blocks(cell, reading)}
            for cell in _children(row)
        ]
        if rows and len(cells) != len(rows[0]):
            raise CanonicalError(
                "table_ragged",
                _("The rows of a table differ in their number of cells. Add or remove cells."),
                row.path,
            )
        rows.append(cells)
    filled = [row for row in rows if any(cell["blocks"] for cell in row)]
    return {"type": "table", "rows": filled} if filled else None


def _approved_block(node: Node, reading: DocumentReading) -> Block | None:
    blocks = read_blocks(node, reading)
    version, digest = node.attrs["version"], node.attrs["hash"]
    return (
        {"type": "approved_block", "version": version, "hash": digest, "blocks": blocks} if blocks else None
    )


_READERS: Final[dict[str, Callable[[Node, DocumentReading], Block | None]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bulletList": _list,
    "orderedList": _list,
    "blockquote": _quote,
    "quotation": _quotation,
    "picture": _picture,
    "table": _table,
    "approvedBlock": _approved_block,
}
