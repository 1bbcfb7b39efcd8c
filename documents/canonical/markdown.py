"""Rendering of the canonical document as Markdown (CommonMark with tables and footnotes)."""

import itertools
import re
import unicodedata
from typing import Final

from documents.canonical.characters import ALL_SPACES
from documents.canonical.form import Block, Document, Inline, List, Mark, Quotation, Table
from documents.canonical.nodes import Labels, Notes, footnote_words, labels_for

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>&~|$^!]")
_LINE_START: Final = re.compile(r"^([#+=:%-]|\d+(?=[.)]))")
_NOTE_START: Final = re.compile(r"^(\[\^\d+\]):")
_NOTHING: Final = "<!-- -->"


"""Markdown reads this as nothing; it keeps apart what would run together."""


_ADDRESS_SPECIAL: Final = re.compile(r"[()<>\\*_\[\]]")


def render_markdown(document: Document, *, labels: Labels | None = None, with_title: bool = True) -> str:
    """Return the words of a document as Markdown that ends with a line break.

    Every character with a meaning in Markdown is escaped. Pictures are rendered as their
    description, since files have no address here.
    """
    writer = _Writer(document, labels or labels_for(document["language"]))
    parts = []
    if with_title:
        parts = [f"# {escape(document['title'])}", escape(document["lead"])]
    parts.append(writer.blocks(document["blocks"]))
    parts += [f"[^{number}]: {escape(words)}" for number, words in enumerate(writer.notes.words, 1)]
    if document["attachments"]:
        parts.append(f"**{escape(writer.labels.attachments)}**")
        parts.append("\n".join(f"- {escape(one['name'])}" for one in document["attachments"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(words: str) -> str:
    """Escape a line of text so that Markdown renders exactly these words."""
    return _LINE_START.sub(_escape_start, _SPECIAL.sub(r"\\\g<0>", words))


def _escape_start(found: re.Match[str]) -> str:
    sign = found.group(1)
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


class _Writer:
    def __init__(self, document: Document, labels: Labels) -> None:
        self.pictures = document["pictures"]
        self.labels = labels
        self.notes = Notes(footnote_words(document))

    def blocks(self, blocks: list[Block]) -> str:
        """Join blocks with an empty line, and separate adjacent lists that would merge."""
        parts: list[str] = []
        for before, block in itertools.pairwise([None, *blocks]):
            if block is None or block["type"] == "footnote":
                continue
            if before is not None and before["type"] == block["type"] == "list":
                parts.append(_NOTHING)
            parts.append(self.block(block))
        return "\n\n".join(parts)

    def block(self, block: Block) -> str:
        match block["type"]:
            case "paragraph":
                return self.inline(block["content"])
            case "heading":
                return f"{'#' * block['level']} {self.inline(block['content'])}"
            case "list":
                return self.list_block(block)
            case "quote":
                return _prefix(self.blocks(block["blocks"]), "> ", "> ")
            case "quotation":
                return self.quotation(block)
            case "picture":
                picture = self.pictures[block["id"]]
                alt = f"[{self.labels.picture % {'alt': picture['alt']}}]"
                return escape(" ".join(filter(None, [alt, picture["caption"], picture["credit"]])))
            case "table":
                return self.table(block)
            case "approved_block":
                words = f"*{escape(self.labels.approved)}*\n\n{self.blocks(block['blocks'])}"
                return _prefix(words, "> ", "> ")
            case "footnote":
                return ""

    def list_block(self, block: List) -> str:
        items = []
        for index, item in enumerate(block["items"]):
            sign = f"{block['start'] + index}. " if block["ordered"] else "- "
            items.append(_prefix(self.blocks(item), sign, " " * len(sign)))
        return "\n".join(items)

    def quotation(self, block: Quotation) -> str:
        who = ", ".join(part for part in (block["speaker"], block["role"]) if part)
        return _prefix(f"{self.blocks(block['blocks'])}\n\n— {escape(who)}", "> ", "> ")

    def table(self, block: Table) -> str:
        """Return a pipe table; a cell's blocks share one line, as the syntax demands."""
        rows = [[self.cell(cell["blocks"]) for cell in row] for row in block["rows"]]
        if not all(cell["header"] for cell in block["rows"][0]):
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def cell(self, blocks: list[Block]) -> str:
        parts = []
        for block in blocks:
            if block["type"] == "list":
                signs = (
                    f"{block['start'] + index}\\." if block["ordered"] else "•"
                    for index in range(len(block["items"]))
                )
                parts += [
                    f"{sign} {self.cell(item)}" for sign, item in zip(signs, block["items"], strict=False)
                ]
            else:
                parts.append(self.block(block))
        return " ".join(parts)

    def inline(self, content: list[Inline]) -> str:
        line = ""
        for before, one in itertools.pairwise([None, *content]):
            if one is not None:
                line += (_NOTHING if _signs_collide(before, one) else "") + self.one(one)
        return _NOTE_START.sub(r"\1\:", _LINE_START.sub(_escape_start, line))

    def one(self, one: Inline) -> str:
        match one["type"]:
            case "text":
                return _marked(one["text"], one["marks"])
            case "fact":
                return f"{_marked(one['words'], one['marks'])}[^{self.notes.refer(one).number}]"
            case "gap":
                words = one["value"] or f"[{self.labels.gap % {'name': one['name']}}]"
                return _marked(words, one["marks"])
            case "footnote_ref":
                return f"[^{self.notes.refer(one).number}]"


def _is_stressed(one: Inline) -> bool:
    return one["type"] != "footnote_ref" and any(mark["type"] != "link" for mark in one["marks"])


def _edges(one: Inline) -> tuple[str, str]:
    """Return the first and the last character; notes and open gaps are in brackets."""
    match one["type"]:
        case "text":
            return one["text"][0], one["text"][-1]
        case "fact":
            return one["words"][0], "]"
        case "gap" if one["value"]:
            return one["value"][0], one["value"][-1]
    return "[", "]"


def _signs_collide(before: Inline | None, one: Inline) -> bool:
    """Whether emphasis delimiters would merge, or fail between a full stop and a letter."""
    if before is None or not (_is_stressed(before) or _is_stressed(one)):
        return False
    left, right = _edges(before)[1], _edges(one)[0]
    if left in ALL_SPACES or right in ALL_SPACES:
        return False
    if _is_stressed(before) and _is_stressed(one):
        return True
    inner, outer = (left, right) if _is_stressed(before) else (right, left)
    return _is_sign(inner) and not _is_sign(outer)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _marked(words: str, marks: list[Mark]) -> str:
    """Add the mark delimiters, with white space outside them as Markdown demands."""
    core = words.strip(ALL_SPACES)
    text = _SPECIAL.sub(r"\\\g<0>", core)
    if not core or not marks:
        return _SPECIAL.sub(r"\\\g<0>", words)
    for mark in reversed(marks):
        match mark["type"]:
            case "link":
                text = f"[{text}]({_ADDRESS_SPECIAL.sub(_percent, mark['href'])})"
            case "strong":
                text = f"**{text}**"
            case "emphasis":
                text = f"*{text}*"
    start = words.index(core)
    return f"{words[:start]}{text}{words[start + len(core) :]}"


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found.group()):02X}"


def _prefix(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(f"{first if index == 0 else rest}{line}".rstrip() for index, line in enumerate(lines))
