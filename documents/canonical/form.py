"""The canonical form, its serialisation, hash and plain text.

These are plain dictionaries, so a document read from JSON needs no conversion.
`schema.validate` checks a document from outside.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, Literal, TypedDict

import rfc8785
from django.utils.functional import Promise

CANON: Final = 1

# Any value that `json.loads` returns, not validated yet.
type JsonValue = Any

type Json = dict[str, Any]  # a JSON object


class Strong(TypedDict):
    type: Literal["strong"]


class Emphasis(TypedDict):
    type: Literal["emphasis"]


class Link(TypedDict):
    """A link. `href` is absolute: http, https, mailto or tel."""

    type: Literal["link"]
    href: str


# In a list of marks the order is always link, strong, emphasis; each at most once.
type Mark = Link | Strong | Emphasis


class Text(TypedDict):
    type: Literal["text"]
    text: str
    marks: list[Mark]


class Fact(TypedDict):
    """A fact of the coalition's register, with its words and source by value."""

    type: Literal["fact"]
    id: str
    words: str
    source: str
    marks: list[Mark]


class Gap(TypedDict):
    """A placeholder in a holding statement. It is open while `value` is empty."""

    type: Literal["gap"]
    name: str
    kind: Literal["place", "date", "number"]
    value: str
    marks: list[Mark]


class FootnoteRef(TypedDict):
    """A reference to the footnote with this number. It carries no marks."""

    type: Literal["footnote_ref"]
    number: int


type Inline = Text | Fact | Gap | FootnoteRef


class Paragraph(TypedDict):
    type: Literal["paragraph"]
    content: list[Inline]


class Heading(TypedDict):
    """A heading. `level` is 2, 3 or 4; the title of the document is level 1."""

    type: Literal["heading"]
    level: int
    content: list[Inline]


class List(TypedDict):
    """A list. Items consist of paragraphs and lists; a nested list contains no further list.

    `start` is 1 for an unordered list.
    """

    type: Literal["list"]
    ordered: bool
    start: int
    items: list[list["Block"]]


class Quote(TypedDict):
    """An excerpt from a source, for instance a law: paragraphs and lists."""

    type: Literal["quote"]
    blocks: list["Block"]


class Quotation(TypedDict):
    """A quotation of a named person. `role` may be empty."""

    type: Literal["quotation"]
    blocks: list["Block"]
    speaker: str
    role: str


class PictureBlock(TypedDict):
    """A picture. `id` is the file's UUID and a key of the document's `pictures`."""

    type: Literal["picture"]
    id: str


class Cell(TypedDict):
    """A table cell: paragraphs and lists. An empty cell is preserved."""

    header: bool
    blocks: list["Block"]


class Table(TypedDict):
    """A table. Every row has the same number of cells; there are no merged cells."""

    type: Literal["table"]
    rows: list[list[Cell]]


class ApprovedBlock(TypedDict):
    """Content copied by value from an approved version, with that version's UUID and hash."""

    type: Literal["approved_block"]
    version: str
    hash: str
    blocks: list["Block"]


class Footnote(TypedDict):
    """A footnote. Footnotes follow all other blocks, numbered from 1 in text order."""

    type: Literal["footnote"]
    number: int
    words: str


type Block = Paragraph | Heading | List | Quote | Quotation | PictureBlock | Table | ApprovedBlock | Footnote


class Picture(TypedDict):
    sha256: str
    alt: str
    caption: str
    credit: str


class Attachment(TypedDict):
    sha256: str
    name: str
    type: str


class Document(TypedDict):
    canon: int
    language: str
    title: str
    lead: str
    blocks: list[Block]
    pictures: dict[str, Picture]
    attachments: list[Attachment]


# Eight characters can be matched by force in an hour, twenty cannot.
SHORT_LENGTH: Final = 20


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Serialise by RFC 8785. Equal documents give equal bytes, permanently."""
    return rfc8785.dumps(dict(document))


def canonical_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes as 64 lower-case hex characters."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def short_hash(full: str) -> str:
    """Return the first 20 characters in groups of four: `9f3a 71c0 e84b 0be2 77a9`."""
    start = full[:SHORT_LENGTH]
    return " ".join(start[index : index + 4] for index in range(0, len(start), 4))


_TOP_BLOCK: Final = re.compile(r"^(?:content|blocks)\[(\d+)\]")


class CanonicalError(ValueError):
    """A text that cannot be approved in its current state, with the reason in words.

    `code` is stable and meant for code and tests. `message` is a whole sentence in the language
    that is active when it is read; its template is a lazy translation whose named placeholders
    are filled from `params`. `path` locates the fault, for example `content[3].content[0]` in
    the editor's JSON, `blocks[3].content[0]` in a canonical document, or `title`.
    """

    def __init__(self, code: str, message: str | Promise, path: str = "", /, **params: object) -> None:
        self.code = code
        self.template = message
        self.path = path
        self.params = params
        super().__init__(code, message, path)

    @property
    def message(self) -> str:
        """Return the sentence for the person, in the active language."""
        template = str(self.template)
        return template % self.params if self.params else template

    @property
    def block(self) -> int | None:
        """Return the number of the block in the text, from 1, or None (title, lead)."""
        found = _TOP_BLOCK.match(self.path)
        return int(found.group(1)) + 1 if found else None

    def __str__(self) -> str:
        return self.message
