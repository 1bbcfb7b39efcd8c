"""The shapes of canon 1. Every key of a shape is always present.

These are plain dictionaries, so that a document read from JSON is the document.
`schema.validate` checks one that comes from outside.
"""

from typing import Any, Final, Literal, TypedDict

CANON: Final = 1

type Json = Any
"""A value as `json.loads` gives it, before anything is known about it."""


class Strong(TypedDict):
    type: Literal["strong"]


class Emphasis(TypedDict):
    type: Literal["emphasis"]


class Link(TypedDict):
    """`href` is absolute: http, https, mailto or tel."""

    type: Literal["link"]
    href: str


type Mark = Link | Strong | Emphasis
"""In a list of marks the order is always link, strong, emphasis; each at most once."""


class Text(TypedDict):
    type: Literal["text"]
    text: str
    marks: list[Mark]


class Fact(TypedDict):
    """A fact of the coalition's list, its words and its source by value."""

    type: Literal["fact"]
    id: str
    words: str
    source: str
    marks: list[Mark]


class Gap(TypedDict):
    """A place to fill in a holding statement. It is open while `value` is empty."""

    type: Literal["gap"]
    name: str
    kind: Literal["place", "date", "number"]
    value: str
    marks: list[Mark]


class FootnoteRef(TypedDict):
    """Points to the footnote with this number. It carries no marks."""

    type: Literal["footnote_ref"]
    number: int


type Inline = Text | Fact | Gap | FootnoteRef


class Paragraph(TypedDict):
    type: Literal["paragraph"]
    content: list[Inline]


class Heading(TypedDict):
    """`level` is 2, 3 or 4; the title of the document is level 1."""

    type: Literal["heading"]
    level: int
    content: list[Inline]


class List(TypedDict):
    """Items are lists of paragraphs and lists; a list inside a list holds no list.

    `start` is 1 for a list that is not ordered.
    """

    type: Literal["list"]
    ordered: bool
    start: int
    items: list[list["Block"]]


class Quote(TypedDict):
    """Words of a source, a law for instance: paragraphs and lists."""

    type: Literal["quote"]
    blocks: list["Block"]


class Quotation(TypedDict):
    """What a named person says. `role` may be empty."""

    type: Literal["quotation"]
    blocks: list["Block"]
    speaker: str
    role: str


class PictureBlock(TypedDict):
    """`id` is the file's UUID and a key of the document's `pictures`."""

    type: Literal["picture"]
    id: str


class Cell(TypedDict):
    """Paragraphs and lists. A cell may be empty, its place still counts."""

    header: bool
    blocks: list["Block"]


class Table(TypedDict):
    """Every row has the same number of cells; there are no merged cells."""

    type: Literal["table"]
    rows: list[list[Cell]]


class ApprovedBlock(TypedDict):
    """Words taken over from an approved version: its UUID and hash, content by value."""

    type: Literal["approved_block"]
    version: str
    hash: str
    blocks: list["Block"]


class Footnote(TypedDict):
    """Stands after all other blocks, numbered from 1 in the order of the text."""

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
