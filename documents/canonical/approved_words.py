"""Texts made only of approved blocks: their content, and its comparison with the sources. No I/O.

An approved block holds the text of a whole version by value, with its hash. A text consists only of
approved text if every block is one and matches the version it names, and its title, lead and files
come from these versions too. Parts of a version are never enough: without the sentence before it, a
sentence can say the contrary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from documents.canonical.form import Block, Document
from documents.canonical.nodes import footnote_words
from documents.canonical.serialise import canonical_hash


@dataclass(frozen=True)
class ApprovedBlockRef:
    """An approved block of a text: the hash of the version it names, and the hash of its
    content."""

    version: str
    source: str
    words: str


def approved_block_refs(document: Document) -> list[ApprovedBlockRef]:
    """Return the approved blocks of a text in their order."""
    notes = footnote_words(document)
    return [
        ApprovedBlockRef(
            block["version"], block["hash"], _hash_of(block["blocks"], notes, document["language"])
        )
        for block in _blocks_of(document)
        if block["type"] == "approved_block"
    ]


def has_only_approved_blocks(document: Document) -> bool:
    """Whether the text contains nothing but approved blocks."""
    blocks = _blocks_of(document)
    return bool(blocks) and all(block["type"] == "approved_block" for block in blocks)


def has_picture_in_approved_block(document: Document) -> bool:
    """Whether an approved block contains a picture. Such a text is never published
    (`walk.WHOLE_ONLY`): the block's hash (`words_hash`) covers neither a picture's bytes nor its
    description."""
    return any(_has_picture(block) for block in _blocks_of(document) if block["type"] == "approved_block")


def words_hash(document: Document) -> str:
    """Return the hash of a version's blocks, the same in every text that includes them: without
    title and lead, footnotes by their text instead of their numbers, pictures by their ids
    alone."""
    return _hash_of(_blocks_of(document), footnote_words(document), document["language"])


def matches_sources(document: Document, sources: Mapping[str, Document]) -> bool:
    """Whether the text says nothing but what these versions say. `sources`: by their hashes, which
    the caller has verified."""
    used = [sources.get(one.source) for one in approved_block_refs(document)]
    known = [source for source in used if source is not None and source["language"] == document["language"]]
    if not has_only_approved_blocks(document) or len(known) != len(used):
        return False
    same = not has_picture_in_approved_block(document) and all(
        words_hash(source) == one.words
        for one, source in zip(approved_block_refs(document), known, strict=True)
    )
    return same and head_matches_sources(document, known)


def head_matches_sources(document: Document, sources: list[Document]) -> bool:
    """Whether title, lead and attached files come from these versions. The lead may be missing."""
    files = [file for source in sources for file in source["attachments"]]
    return (
        document["title"] in {source["title"] for source in sources}
        and document["lead"] in {"", *(source["lead"] for source in sources)}
        and all(file in files for file in document["attachments"])
    )


def unwrap_approved_blocks(document: Document) -> Document:
    """Return the text with its approved blocks as ordinary ones."""
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
    """Return the blocks with footnotes by their text: their numbers differ from text to text."""
    if isinstance(node, list):
        return [_with_notes(one, notes) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "footnote_ref":
        return {"type": "footnote_ref", "words": notes[node["number"]]}
    return {key: _with_notes(value, notes) for key, value in node.items()}
