"""The words of a text as lines: what stands in one paragraph, heading, item, cell or field, and where.

Read from the editor's JSON without asking whether it could be approved, since the checklist is for texts
that are still being written. Unknown parts are passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from documents.checklist.lexicon import words_of

type Json = Any

TITLE: Final = "title"
LEAD: Final = "lead"
_TEXTBLOCKS: Final = frozenset({"paragraph", "heading"})


@dataclass
class Line:
    """Words in a row. `block` counts the blocks of the body from 1; 0 is title and lead.

    `kind` is where the words stand: the outermost of quotation, quote, table, list, or heading, paragraph,
    title, lead, picture. `facts` are the spans of words that carry their source, `sourced` says whether a
    footnote or a link stands in the line, `gaps` names the gaps that nobody has filled.
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
class Speech:
    """A quotation with its speaker, and the words that were said."""

    block: int
    speaker: str
    words: str


@dataclass(frozen=True)
class Shown:
    """A picture as it stands in the text; words that are None are those of its file."""

    block: int
    file: str
    alt: str | None
    caption: str | None
    credit: str | None


@dataclass(frozen=True)
class Stated:
    """A fact as the text states it: the version that it names, its words, its source."""

    block: int
    id: str
    words: str
    source: str


@dataclass
class Reading:
    """Everything that the rules look at in one text."""

    lines: list[Line] = field(default_factory=list)
    quotations: list[Speech] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    facts: list[Stated] = field(default_factory=list)


def read(*, title: str, lead: str, body: Json) -> Reading:
    """The lines of title, lead and body in the order of the text, and its quotations and pictures."""
    reading = Reading()
    reading.lines += [Line(0, kind, words) for kind, words in ((TITLE, title), (LEAD, lead)) if words.strip()]
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


def _read_block(block: Json, number: int, kind: str, reading: Reading) -> None:
    """Blocks nest as deep as the editor lets them; what is deeper was refused at saving."""
    name, attrs = block.get("type"), block.get("attrs") or {}
    kind = kind or _KINDS.get(name, "")
    if name in _TEXTBLOCKS:
        line = _line(block, number, kind or "paragraph")
        if kind != "approved":  # its words are those of its version
            reading.facts += _facts(block, number)
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
        reading.quotations.append(Speech(number, _words(attrs.get("speaker")).strip(), said))
        reading.lines += [
            Line(number, "speaker", words)
            for words in (_words(attrs.get("speaker")), _words(attrs.get("role")))
            if words.strip()
        ]


def _read_picture(attrs: Json, number: int, reading: Reading) -> None:
    said = {key: attrs.get(key) for key in ("alt", "caption", "credit")}
    reading.pictures.append(Shown(number, _words(attrs.get("id")), **said))
    reading.lines += [Line(number, "picture", words) for words in said.values() if words and words.strip()]


def _line(block: Json, number: int, kind: str) -> Line:
    line = Line(number, kind, "")
    for one in _content(block):
        attrs = one.get("attrs") or {}
        match one.get("type"):
            case "text":
                line.text += _words(one.get("text"))
                line.links += _links(one)
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


def _facts(block: Json, number: int) -> Iterator[Stated]:
    for one in _content(block):
        if one.get("type") == "fact":
            attrs = one.get("attrs") or {}
            yield Stated(number, *(_words(attrs.get(name)) for name in ("id", "words", "source")))


def _links(one: Json) -> Iterator[str]:
    for mark in one.get("marks") or []:
        if mark.get("type") == "link":
            yield _words((mark.get("attrs") or {}).get("href"))


def _content(node: Json) -> list[Json]:
    content = node.get("content") if isinstance(node, dict) else None
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _words(value: Json) -> str:
    return value if isinstance(value, str) else ""


# --- numbers ---
# Numbers in running text that no source stands behind.
#
# A number claims something if it counts or measures. Dates, times, telephone numbers, addresses, articles
# of
# law, durations, ordinals and the numbers of rooms and versions do not: they are looked for first, and what
# is left is a claim. Pure; measured on the demo's texts (docs/kinds.md).


_SENTENCE: Final = re.compile(r"[.!?…;]\s")
_NUMBER: Final = re.compile(
    r"(?<![\w№#/@.-])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|(?<![\w№#/@.-])\d+(?:[.,]\d+)*"
)
# The same in every language.
_NO_CLAIM: Final = (
    r"\[[^\[\]\n]*\]",  # what is still to be filled in
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
    """A number without a source, and where it stands in its line."""

    words: str
    start: int


def unsourced(line: Line, language: str) -> list[Number]:
    """The numbers of the line that claim something and have no source in it.

    A source is a footnote or a link in the line, or words that name one (“according to …”) in the same
    sentence; what a fact says has its own.
    """
    if line.sourced:
        return []
    hidden = [*line.facts, *(found.span() for found in _no_claim(language).finditer(line.text))]
    source = words_of(language).source
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
    every = "|".join(f"(?:{one})" for one in (*_NO_CLAIM, *words_of(language).no_claim))
    return re.compile(every, re.IGNORECASE | re.MULTILINE)
