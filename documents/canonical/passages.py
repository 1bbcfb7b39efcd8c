"""Passages of a text and which of its words were approved.

A passage is the content of one line or paragraph. Its `path` lists the enclosing lists, quotes, tables and
approved blocks. Footnotes, facts and gaps are single tokens of their passage.

An approved block holds the text of a whole version by value, with its hash. A text consists only of approved
text if every block is one and matches the version it names, and its title, lead and files come from these
versions too. Parts of a version are never enough: without the sentence before it, a sentence can say the
contrary.
"""

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from documents.canonical.form import Block, Cell, Document, Gap, Inline, Mark, canonical_hash, short_hash
from documents.canonical.nodes import footnote_words, inlines

_WORD: Final = re.compile(
    r"\s"
    r"|\w[\w\u0300-\u036f]*(?:['’\u2010\u2011-]\w[\w\u0300-\u036f]*)*"
    # A flag, or an emoji with its skin tone, variation and joined parts, is one word.
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    r"|[^\w\s](?:[\u0300-\u036f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    r"|\u200d[^\w\s])*"
)


class Token(NamedTuple):
    """A word, a space, a punctuation mark; or a whole footnote, fact, gap or file.

    `details`: what the hash covers besides the words, such as a source or a file's hash.
    """

    kind: str
    text: str
    marks: tuple[tuple[str, str], ...] = ()
    details: tuple[str, ...] = ()

    @property
    def is_space(self) -> bool:
        return self.kind == "word" and self.text.isspace()

    @property
    def counts(self) -> bool:
        """Whether the token counts as a word in a summary."""
        return self.kind != "word" or any(one.isalnum() for one in self.text)


class Step(NamedTuple):
    """One element around a passage, with the details that the hash covers."""

    name: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    kind: str
    tokens: tuple[Token, ...]
    path: tuple[Step, ...] = ()

    @property
    def form(self) -> tuple[str, tuple[Step, ...]]:
        """Return the form without the words."""
        return self.kind, self.path


def words(text: str, marks: tuple[tuple[str, str], ...] = ()) -> tuple[Token, ...]:
    """Split a text into words, spaces and punctuation; joined together they equal the text."""
    return tuple(Token("word", found, marks) for found in _WORD.findall(text))


def passages_of(document: Document) -> list[Passage]:
    """Return the passages of the body and the attachments, without title and lead."""
    reader = _Reader(document)
    found = list(reader.blocks(document["blocks"], ()))
    for one in document["attachments"]:
        tokens = _file_tokens(one["name"], one["sha256"], one["type"])
        found.append(Passage("attachment", tokens))
    return found


def _file_tokens(name: str, sha256: str, detail: str) -> tuple[Token, ...]:
    file = Token("file", short_hash(sha256), details=(sha256, detail))
    return (*words(name), Token("word", " "), file)


def _marks(marks: list[Mark]) -> tuple[tuple[str, str], ...]:
    return tuple((mark["type"], mark["href"] if mark["type"] == "link" else "") for mark in marks)


class _Reader:
    def __init__(self, document: Document) -> None:
        self.footnotes = footnote_words(document)
        self.pictures = document["pictures"]

    def blocks(self, blocks: list[Block], path: tuple[Step, ...]) -> Iterator[Passage]:
        for block in blocks:
            yield from self.block(block, path)

    def block(self, block: Block, path: tuple[Step, ...]) -> Iterator[Passage]:
        match block["type"]:
            case "paragraph":
                yield Passage("paragraph", self.inline(block["content"]), path)
            case "heading":
                yield Passage(f"heading-{block['level']}", self.inline(block["content"]), path)
            case "list":
                step = Step("ordered" if block["ordered"] else "list", (str(block["start"]),))
                yield from self.blocks([one for item in block["items"] for one in item], (*path, step))
            case "quote":
                yield from self.blocks(block["blocks"], (*path, Step("quote")))
            case "quotation":
                inside = (*path, Step("quotation"))
                yield from self.blocks(block["blocks"], inside)
                yield from _parts(inside, speaker=block["speaker"], role=block["role"])
            case "picture":
                picture = self.pictures[block["id"]]
                yield Passage("picture", _file_tokens(picture["alt"], picture["sha256"], block["id"]), path)
                yield from _parts(path, caption=picture["caption"], credit=picture["credit"])
            case "table":
                for cell in (cell for row in block["rows"] for cell in row):
                    yield from self.cell(cell, (*path, Step("header" if cell["header"] else "cell")))
            case "approved_block":
                step = Step("approved_block", (block["version"], block["hash"]))
                yield from self.blocks(block["blocks"], (*path, step))

    def cell(self, cell: Cell, path: tuple[Step, ...]) -> Iterator[Passage]:
        yield from self.blocks(cell["blocks"], path)
        if not cell["blocks"]:
            yield Passage("empty", (), path)

    def inline(self, content: list[Inline]) -> tuple[Token, ...]:
        return tuple(token for one in content for token in self.tokens(one))

    def tokens(self, one: Inline) -> tuple[Token, ...]:
        match one["type"]:
            case "text":
                return words(one["text"], _marks(one["marks"]))
            case "fact":
                return (Token("fact", one["words"], _marks(one["marks"]), (one["source"], one["id"])),)
            case "gap":
                return (Token("gap", one["value"], _marks(one["marks"]), (one["name"], one["kind"])),)
            case "footnote_ref":
                return (Token("footnote", self.footnotes[one["number"]]),)


def _parts(path: tuple[Step, ...], **parts: str) -> Iterator[Passage]:
    for kind, text in parts.items():
        if text:
            yield Passage(kind, words(text), path)


# The quotations of a text, each with the digest that its speaker's consent is bound to. No I/O.
#
# The digest covers the words with their marks, the speaker, the role and the language: a change of
# any of them needs a new consent. For quotations inside an approved block the speaker's answer at the
# source counts too (`quotations_in_approved_blocks`).


@dataclass(frozen=True)
class QuotedStatement:
    """One quotation: the words as plain text, the speaker, and the digest of all its parts."""

    words: str
    speaker: str
    role: str
    language: str
    digest: str


def quotations_of(document: Document) -> list[QuotedStatement]:
    """Return every quotation of the text in its order, repeated ones once."""
    found: dict[str, QuotedStatement] = {}
    for block in document["blocks"]:
        inside = block["blocks"] if block["type"] == "approved_block" else [block]
        for quotation in _quotations_among(inside, document["language"]):
            found.setdefault(quotation.digest, quotation)
    return list(found.values())


def quotations_in_approved_blocks(document: Document) -> dict[str, set[str]]:
    """Return digest → UUIDs of the versions in whose approved blocks the quotation appears."""
    found: dict[str, set[str]] = defaultdict(set)
    for block in document["blocks"]:
        if block["type"] == "approved_block":
            for quotation in _quotations_among(block["blocks"], document["language"]):
                found[quotation.digest].add(block["version"])
    return dict(found)


def _quotations_among(blocks: Iterable[Block], language: str) -> Iterator[QuotedStatement]:
    for block in blocks:
        if block["type"] == "quotation":
            plain = " ".join(_plain_words(one) for one in inlines(block["blocks"]))
            parts = {"blocks": block["blocks"], "speaker": block["speaker"], "role": block["role"]}
            digest = canonical_hash({**parts, "language": language})
            words = " ".join(plain.split())
            yield QuotedStatement(words, block["speaker"], block["role"], language, digest)


def _plain_words(one: Inline) -> str:
    match one["type"]:
        case "text":
            return one["text"]
        case "fact":
            return one["words"]
        case "gap":
            return one["value"]
    return ""


@dataclass(frozen=True)
class ApprovedBlockRef:
    """An approved block of a text: the hash of the version it names, and the hash of its content."""

    version: str
    source: str
    words: str


def approved_block_refs(document: Document) -> list[ApprovedBlockRef]:
    """Return the approved blocks of a text in their order."""
    return [
        ApprovedBlockRef(block["version"], block["hash"], _hash_of(block["blocks"], document))
        for block in document["blocks"]
        if block["type"] == "approved_block"
    ]


def has_only_approved_blocks(document: Document) -> bool:
    """Whether the text contains nothing but approved blocks."""
    blocks = _blocks_of(document)
    return bool(blocks) and all(block["type"] == "approved_block" for block in blocks)


def has_picture_in_approved_block(document: Document) -> bool:
    """Whether an approved block contains a picture. Such a text is never published (`nodes.WHOLE_ONLY`): the
    block's hash (`words_hash`) covers neither a picture's bytes nor its description."""
    return any(_has_picture(block) for block in document["blocks"] if block["type"] == "approved_block")


def words_hash(document: Document) -> str:
    """Return the hash of a version's blocks, the same in every text that includes them: without title and
    lead, footnotes by their text instead of their numbers, pictures by their ids alone."""
    return _hash_of(_blocks_of(document), document)


def matches_sources(document: Document, sources: Mapping[str, Document]) -> bool:
    """Whether the text says nothing but what these versions say. `sources`: by their hashes, which
    the caller has verified."""
    known = []
    for one in approved_block_refs(document):
        source = sources.get(one.source)
        if not source or source["language"] != document["language"] or words_hash(source) != one.words:
            return False
        known.append(source)
    return (
        has_only_approved_blocks(document)
        and not has_picture_in_approved_block(document)
        and head_matches_sources(document, known)
    )


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


def _hash_of(blocks: list[Block], document: Document) -> str:
    notes = footnote_words(document)
    return canonical_hash({"blocks": _with_notes(blocks, notes), "language": document["language"]})


def _with_notes(node: Any, notes: Mapping[int, str]) -> Any:
    """Return the blocks with footnotes by their text: their numbers differ from text to text."""
    if isinstance(node, list):
        return [_with_notes(one, notes) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "footnote_ref":
        return {"type": "footnote_ref", "words": notes[node["number"]]}
    return {key: _with_notes(value, notes) for key, value in node.items()}


# Gaps of a holding statement, counted from 0 in the order of the text.


def gaps_of(document: Document) -> list[Gap]:
    """Return every gap of the text, open or filled."""
    return [one for one in inlines(document["blocks"]) if one["type"] == "gap"]


def filled_since(before: Document, after: Document) -> list[int]:
    """Return the positions, among all gaps from 0, of those open before and filled now."""
    pairs = zip(gaps_of(before), gaps_of(after), strict=False)
    return [place for place, (one, other) in enumerate(pairs) if not one["value"] and other["value"]]


def reopen_gaps(document: Document, places: Iterable[int]) -> Document:
    """Return the document with these gaps open again. Raises IndexError for a missing one."""
    opened = copy.deepcopy(document)
    gaps = gaps_of(opened)
    for place in places:
        gaps[place]["value"] = ""
    return opened


def gap_values_at(document: Document, places: Iterable[int]) -> list[dict[str, str]]:
    """Return the values of these gaps, each name once, in the order of the text."""
    gaps = gaps_of(document)
    found = {gaps[place]["name"]: gaps[place] for place in places}
    return [{"name": one["name"], "kind": one["kind"], "value": one["value"]} for one in found.values()]
