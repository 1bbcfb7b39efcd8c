"""The words of a text as lines: what stands in one paragraph, heading, item, cell or field, and where.

Read from the editor's JSON without asking whether it could be approved, since the checklist is for texts
that are still being written. Unknown parts are passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

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
