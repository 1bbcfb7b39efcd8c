"""A canonical document as a sequence of passages of tokens, for comparison.

A passage is the content of one line or paragraph. Its `path` lists the enclosing lists,
quotes, tables and approved blocks. Footnotes, facts and gaps are single tokens of their
passage.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from documents.canonical.form import Attachment, Block, Cell, Document, Inline, Mark, Picture, Quotation
from documents.canonical.nodes import footnote_words, inlines
from documents.canonical.serialise import canonical_hash, short_hash

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
    return found + [_attachment(one) for one in document["attachments"]]


def _attachment(one: Attachment) -> Passage:
    file = Token("file", short_hash(one["sha256"]), details=(one["sha256"], one["type"]))
    return Passage("attachment", (*words(one["name"]), Token("word", " "), file))


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
                yield from _picture(block["id"], self.pictures[block["id"]], path)
            case "table":
                cells = (cell for row in block["rows"] for cell in row)
                yield from (passage for cell in cells for passage in self.cell(cell, path))
            case "approved_block":
                step = Step("approved_block", (block["version"], block["hash"]))
                yield from self.blocks(block["blocks"], (*path, step))

    def cell(self, cell: Cell, path: tuple[Step, ...]) -> Iterator[Passage]:
        inside = (*path, Step("header" if cell["header"] else "cell"))
        if cell["blocks"]:
            yield from self.blocks(cell["blocks"], inside)
        else:
            yield Passage("empty", (), inside)

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


def _picture(name: str, picture: Picture, path: tuple[Step, ...]) -> Iterator[Passage]:
    file = Token("file", short_hash(picture["sha256"]), details=(picture["sha256"], name))
    yield Passage("picture", (*words(picture["alt"]), Token("word", " "), file), path)
    yield from _parts(path, caption=picture["caption"], credit=picture["credit"])


def _parts(path: tuple[Step, ...], **parts: str) -> Iterator[Passage]:
    for kind, text in parts.items():
        if text:
            yield Passage(kind, words(text), path)


# --- quotations ---
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
        for said in _among(inside, document["language"]):
            found.setdefault(said.digest, said)
    return list(found.values())


def quotations_in_approved_blocks(document: Document) -> dict[str, set[str]]:
    """Return digest → UUIDs of the versions in whose approved blocks the quotation appears."""
    found: dict[str, set[str]] = defaultdict(set)
    for block in document["blocks"]:
        if block["type"] == "approved_block":
            for said in _among(block["blocks"], document["language"]):
                found[said.digest].add(block["version"])
    return dict(found)


def _among(blocks: Iterable[Block], language: str) -> Iterator[QuotedStatement]:
    for block in blocks:
        if block["type"] == "quotation":
            yield _said(block, language)


def _said(block: Quotation, language: str) -> QuotedStatement:
    words = " ".join(part for part in (_words(one) for one in inlines(block["blocks"])) if part)
    digest = canonical_hash(
        {"blocks": block["blocks"], "speaker": block["speaker"], "role": block["role"], "language": language}
    )
    return QuotedStatement(" ".join(words.split()), block["speaker"], block["role"], language, digest)


def _words(one: Inline) -> str:
    match one["type"]:
        case "text":
            return one["text"]
        case "fact":
            return one["words"]
        case "gap":
            return one["value"]
    return ""
