"""Traversal of a canonical document in reading order."""

from collections.abc import Iterator, Sequence
from typing import Final

from documents.canonical.form import Block, Document, Inline


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield every block, each before the blocks inside it."""
    for block in blocks:
        yield block
        for inner in inner_blocks(block):
            yield from walk(inner)


def inner_blocks(block: Block) -> list[list[Block]]:
    """Return the sequences of blocks directly inside a block: items, cells, or its one body."""
    if block["type"] == "list":
        return block["items"]
    if block["type"] == "table":
        return [cell["blocks"] for row in block["rows"] for cell in row]
    if block["type"] == "quote" or block["type"] == "quotation" or block["type"] == "approved_block":
        return [block["blocks"]]
    return []


def inlines(blocks: Sequence[Block]) -> Iterator[Inline]:
    """Yield every text run, fact, gap and footnote reference."""
    for block in walk(blocks):
        if block["type"] == "paragraph" or block["type"] == "heading":
            yield from block["content"]


def footnote_words(document: Document) -> dict[int, str]:
    """Return the words of each footnote by its number."""
    return {block["number"]: block["words"] for block in document["blocks"] if block["type"] == "footnote"}


def href_of(one: Inline) -> str:
    """Return the address that a run links to, or an empty string."""
    if one["type"] == "footnote_ref":
        return ""
    return next((mark["href"] for mark in one["marks"] if mark["type"] == "link"), "")


# An open gap in the canonical bytes, for queries: keys are sorted, and quotation marks in text
# are escaped.
OPEN_GAP: Final = '"type":"gap","value":""'

# Content that an approved block does not copy, in the canonical bytes: pictures belong to their
# draft, gaps to holding statements, and approved words are copied from their own text.
WHOLE_ONLY: Final = ('"type":"picture"', '"type":"gap"', '"type":"approved_block"')


def open_gaps(document: Document) -> list[str]:
    """Return the names of the open gaps, in order. A text with open gaps cannot be published."""
    return [one["name"] for one in inlines(document["blocks"]) if one["type"] == "gap" and not one["value"]]
