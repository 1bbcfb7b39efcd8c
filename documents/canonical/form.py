"""The types of canon 1. Every key of a type is always present.

These are plain dictionaries, so a document read from JSON needs no conversion.
`schema.validate` checks a document from outside.
"""

from typing import Any, Final, Literal, TypedDict

CANON: Final = 1

type JsonValue = Any


"""Any value that `json.loads` returns, not validated yet."""

type Json = dict[str, Any]  # a JSON object


class Strong(TypedDict):
    type: Literal["strong"]


class Emphasis(TypedDict):
    type: Literal["emphasis"]


class Link(TypedDict):
    """A link. `href` is absolute: http, https, mailto or tel."""

    type: Literal["link"]
    href: str


type Mark = Link | Strong | Emphasis


"""In a list of marks the order is always link, strong, emphasis; each at most once."""


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
