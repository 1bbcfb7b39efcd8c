"""Texts made only of approved blocks: what stands in them, and whether it is what their sources say. Pure.

An approved block holds the words of a whole version by value, with its hash. A text is made only of approved
words if every block of it is one, its words those of the version it names, and its title, lead and files are
taken from these versions too. Parts of a version are never enough: a sentence without the one before it can
say the contrary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from documents.canonical.form import Block, Document
from documents.canonical.serialise import canonical_hash
from documents.canonical.walk import footnote_words


@dataclass(frozen=True)
class Framed:
    """An approved block of a text: the hash of the version it names, and the hash of its words."""

    version: str
    source: str
    words: str


def framed_in(document: Document) -> list[Framed]:
    """The approved blocks of a text in their order."""
    notes = footnote_words(document)
    return [
        Framed(block["version"], block["hash"], _hash_of(block["blocks"], notes, document["language"]))
        for block in _blocks_of(document)
        if block["type"] == "approved_block"
    ]


def is_framed(document: Document) -> bool:
    """Whether nothing stands in the text but approved blocks."""
    blocks = _blocks_of(document)
    return bool(blocks) and all(block["type"] == "approved_block" for block in blocks)


def frames_pictures(document: Document) -> bool:
    """Whether a picture stands in an approved block. No text is published with one (`walk.WHOLE_ONLY`): the
    hash of a block's words (`words_hash`) holds neither a picture's bytes nor its description."""
    return any(_has_picture(block) for block in _blocks_of(document) if block["type"] == "approved_block")


def words_hash(document: Document) -> str:
    """The hash of a version's blocks, as it is in every text that takes them over: without title and lead,
    footnotes by their words, whatever their numbers are there; of pictures their ids alone."""
    return _hash_of(_blocks_of(document), footnote_words(document), document["language"])


def says_only(document: Document, sources: Mapping[str, Document]) -> bool:
    """Whether the text says nothing but what these versions say. `sources`: by their hashes; whoever calls
    has made sure that they are theirs."""
    used = [sources.get(one.source) for one in framed_in(document)]
    known = [source for source in used if source is not None and source["language"] == document["language"]]
    if not is_framed(document) or len(known) != len(used):
        return False
    same = not frames_pictures(document) and all(
        words_hash(source) == one.words for one, source in zip(framed_in(document), known, strict=True)
    )
    return same and heads_are_of(document, known)


def heads_are_of(document: Document, sources: list[Document]) -> bool:
    """Whether title, lead and attached files are taken from these versions. A text may do without a lead."""
    files = [file for source in sources for file in source["attachments"]]
    return (
        document["title"] in {source["title"] for source in sources}
        and document["lead"] in {"", *(source["lead"] for source in sources)}
        and all(file in files for file in document["attachments"])
    )


def unframed(document: Document) -> Document:
    """The text as it reads: its approved blocks as ordinary ones."""
    blocks: list[Block] = []
    for block in document["blocks"]:
        blocks.extend(block["blocks"] if block["type"] == "approved_block" else [block])
    return {**document, "blocks": blocks}


def _blocks_of(document: Document) -> list[Block]:
    return [block for block in document["blocks"] if block["type"] != "footnote"]


def _has_picture(node: Any) -> bool:
    if isinstance(node, list):
        return any(_has_picture(one) for one in node)
    if not isinstance(node, dict):
        return False
    return node.get("type") == "picture" or any(_has_picture(one) for one in node.values())


def _hash_of(blocks: list[Block], notes: Mapping[int, str], language: str) -> str:
    return canonical_hash({"blocks": _with_notes(blocks, notes), "language": language})


def _with_notes(node: Any, notes: Mapping[int, str]) -> Any:
    """The blocks with footnotes by their words: their numbers differ from text to text."""
    if isinstance(node, list):
        return [_with_notes(one, notes) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "footnote_ref":
        return {"type": "footnote_ref", "words": notes[node["number"]]}
    return {key: _with_notes(value, notes) for key, value in node.items()}
