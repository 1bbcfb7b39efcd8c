"""The content of a text as lines: each paragraph, heading, item, cell or field, with its place.

Read from the editor's JSON without checking whether it could be approved, since the checklist
is for unfinished texts. Unknown nodes are skipped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from documents.canonical.form import JsonValue
from documents.checklist.lexicon import load_checklist_words

TITLE: Final = "title"
LEAD: Final = "lead"
_TEXTBLOCKS: Final = frozenset({"paragraph", "heading"})


@dataclass
class TextLine:
    """One line of text. `block` counts the blocks of the body from 1; 0 is title and lead.

    `kind`: the outermost of quotation, quote, table, list, or else heading, paragraph, title,
    lead, picture. `facts`: the spans of facts, which carry their source. `sourced`: the line has
    a footnote or a link. `gaps`: the names of open gaps.
    """

    block: int
    kind: str
    text: str
    facts: list[tuple[int, int]] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    @property
    def sourced(self) -> bool:
        return bool(self.footnotes or self.links)


@dataclass(frozen=True)
class AttributedQuotation:
    """A quotation with its speaker and its words."""

    block: int
    speaker: str
    words: str


@dataclass(frozen=True)
class PictureInText:
    """A picture in the text; texts that are None default to those of its file."""

    block: int
    file: str
    alt: str | None
    caption: str | None
    credit: str | None


@dataclass(frozen=True)
class FactInText:
    """A fact as cited in the text: the id of its version, its words, its source."""

    block: int
    id: str
    words: str
    source: str


@dataclass
class TextReading:
    """The content of one text that the rules check."""

    lines: list[TextLine] = field(default_factory=list)
    quotations: list[AttributedQuotation] = field(default_factory=list)
    pictures: list[PictureInText] = field(default_factory=list)
    facts: list[FactInText] = field(default_factory=list)


def read_text(*, title: str, lead: str, body: JsonValue) -> TextReading:
    """Return the lines of title, lead and body in text order, with quotations and pictures."""
    reading = TextReading()
    reading.lines += [
        TextLine(0, kind, words) for kind, words in ((TITLE, title), (LEAD, lead)) if words.strip()
    ]
    for number, block in enumerate(_content(body), start=1):
        _read_block(block, number, "", reading)
    return reading


_KINDS: Final = {
    "quotation": "quotation",
    "blockquote": "quote",
    "table": "table",
    "bulletList": "list",
    "orderedList": "list",
    "heading": "heading",
    "approvedBlock": "approved",
}


def _read_block(block: JsonValue, number: int, kind: str, reading: TextReading) -> None:
    """Read a block recursively; the depth is limited when a text is saved."""
    name, attrs = block.get("type"), block.get("attrs") or {}
    kind = kind or _KINDS.get(name, "")
    if name in _TEXTBLOCKS:
        line = _read_line(block, number, kind or "paragraph")
        if kind != "approved":  # its words belong to its version
            reading.facts += _read_facts(block, number)
        if line.text.strip() or line.gaps:
            reading.lines.append(line)
        return
    if name == "picture":
        _read_picture(attrs, number, reading)
        return
    begun = len(reading.lines)
    for inner in _content(block):
        _read_block(inner, number, kind, reading)
    if name == "quotation":
        said = " ".join(line.text for line in reading.lines[begun:])
        reading.quotations.append(AttributedQuotation(number, _words(attrs.get("speaker")).strip(), said))
        reading.lines += [
            TextLine(number, "speaker", words)
            for words in (_words(attrs.get("speaker")), _words(attrs.get("role")))
            if words.strip()
        ]


def _read_picture(attrs: JsonValue, number: int, reading: TextReading) -> None:
    said = {key: attrs.get(key) for key in ("alt", "caption", "credit")}
    reading.pictures.append(PictureInText(number, _words(attrs.get("id")), **said))
    reading.lines += [
        TextLine(number, "picture", words) for words in said.values() if words and words.strip()
    ]


def _read_line(block: JsonValue, number: int, kind: str) -> TextLine:
    line = TextLine(number, kind, "")
    for one in _content(block):
        attrs = one.get("attrs") or {}
        match one.get("type"):
            case "text":
                line.text += _words(one.get("text"))
                line.links += _link_addresses(one)
            case "fact":
                begun = len(line.text)
                line.text += _words(attrs.get("words"))
                line.facts.append((begun, len(line.text)))
            case "footnote":
                line.footnotes.append(_words(attrs.get("text")))
            case "gap":
                line.text += _words(attrs.get("value"))
                if not _words(attrs.get("value")).strip():
                    line.gaps.append(_words(attrs.get("name")))
    return line


def _read_facts(block: JsonValue, number: int) -> Iterator[FactInText]:
    for one in _content(block):
        if one.get("type") == "fact":
            attrs = one.get("attrs") or {}
            yield FactInText(number, *(_words(attrs.get(name)) for name in ("id", "words", "source")))


def _link_addresses(one: JsonValue) -> Iterator[str]:
    for mark in one.get("marks") or []:
        if mark.get("type") == "link":
            yield _words((mark.get("attrs") or {}).get("href"))


def _content(node: JsonValue) -> list[JsonValue]:
    content = node.get("content") if isinstance(node, dict) else None
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _words(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


# --- numbers ---
# Numbers in running text without a source.
#
# A number makes a claim if it counts or measures. Dates, times, telephone numbers, addresses,
# articles of law, durations, ordinals and the numbers of rooms and versions do not: they are
# matched first, and the remaining numbers are claims. Pure; measured on the demo's texts
# (docs/kinds.md).


_SENTENCE: Final = re.compile(r"[.!?…;]\s")
_NUMBER: Final = re.compile(
    r"(?<![\w№#/@.-])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|(?<![\w№#/@.-])\d+(?:[.,]\d+)*"
)
# The same in every language.
_NO_CLAIM: Final = (
    r"\[[^\[\]\n]*\]",  # a placeholder
    r"https?://\S+|\S+@\S+\.\w+",
    r"(?<!\d)(?:19|20|21)\d\d\s?[–—-]\s?(?:(?:19|20|21)\d\d|\d\d)(?!\d)",  # years
    # A year, unless it counts something.
    r"(?<!\d)(?:19|20|21)\d\d(?![\d \u00a0]?\d)(?!\s?(?:%|пайыз|процент|теңге|тенге|адам|человек|people))",
    r"(?<!\d)\d{1,2}[.]\d{1,2}[.]\d{2,4}|(?<!\d)\d{4}-\d{2}-\d{2}",
    r"(?<!\d)\d{1,2}:\d{2}(?:\s?[–—-]\s?\d{1,2}:\d{2})?",
    r"(?:UTC|GMT)\s?[+−-]\s?\d{1,2}(?::\d{2})?|24/7",
    r"\+?\d[\d\s()\u00a0-]{8,}\d",  # telephones
    r"^\s*\d{1,2}[.)]\s",  # numbering
    r"(?:№|No\.|N)\s?[\d/-]+(?:-[IVXLCІ]+)?",
)


@dataclass(frozen=True)
class Number:
    """A number without a source, and its place in the line."""

    words: str
    start: int


def unsourced_numbers(line: TextLine, language: str) -> list[Number]:
    """Return the numbers of the line that make a claim and have no source in it.

    A source is a footnote or a link in the line, or words that name one (“according to …”) in the
    same sentence; a fact has its own source.
    """
    if line.sourced:
        return []
    hidden = [*line.facts, *(found.span() for found in _no_claim(language).finditer(line.text))]
    source = load_checklist_words(language).source
    return [
        Number(found[0], found.start())
        for found in _NUMBER.finditer(line.text)
        if not any(start <= found.start() < end for start, end in hidden)
        and not source.search(_sentence(line.text, found.start()))
    ]


def _sentence(text: str, at: int) -> str:
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    begin = max((end for end in ends if end <= at), default=0)
    return text[begin : min((end for end in ends if end > at), default=len(text))]


@cache
def _no_claim(language: str) -> re.Pattern[str]:
    every = "|".join(f"(?:{one})" for one in (*_NO_CLAIM, *load_checklist_words(language).no_claim))
    return re.compile(every, re.IGNORECASE | re.MULTILINE)
