"""From the canonical document to Markdown (CommonMark with tables and footnotes as pandoc reads them)."""

import re
from typing import Final

from documents.canonical.characters import ALL_SPACES
from documents.canonical.form import Block, Document, Inline, List, Mark, Quotation, Table
from documents.canonical.labels import Labels, labels_for
from documents.canonical.notes import Notes
from documents.canonical.walk import footnote_words

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>&~|$^]")
_LINE_START: Final = re.compile(r"^([#+=:-]|\d+(?=[.)]))")
_ADDRESS_SPECIAL: Final = re.compile(r"[()<>\\*_\[\]]")


def render_markdown(document: Document, *, labels: Labels | None = None, with_title: bool = True) -> str:
    """Return the words of a document as Markdown that ends with a line break.

    Every character that Markdown would read as a sign is escaped, so words stay
    words. Pictures stand as their description: a file has no address here.
    """
    writer = _Writer(document, labels or labels_for(document["language"]))
    parts = []
    if with_title:
        parts = [f"# {escape(document['title'])}", escape(document["lead"])]
    parts += [writer.block(block) for block in document["blocks"] if block["type"] != "footnote"]
    parts += [f"[^{number}]: {escape(words)}" for number, words in enumerate(writer.notes.words, 1)]
    if document["attachments"]:
        parts.append(f"**{escape(writer.labels.attachments)}**")
        parts.append("\n".join(f"- {escape(one['name'])}" for one in document["attachments"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(words: str) -> str:
    """Words as a line of Markdown that reads as these words and nothing else."""
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
        return "\n\n".join(self.block(block) for block in blocks)

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
                words = [self.labels.picture % {"alt": picture["alt"]}, picture["caption"], picture["credit"]]
                return escape(f"[{words[0]}] {' '.join(filter(None, words[1:]))}".rstrip())
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
        """A pipe table; the blocks of a cell stand in one line, as pipe tables demand."""
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
        line = "".join(self.one(one) for one in content)
        return _LINE_START.sub(_escape_start, line)

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


def _marked(words: str, marks: list[Mark]) -> str:
    """White space stays outside the signs, where Markdown demands it."""
    core = words.strip(ALL_SPACES)
    if not core or not marks:
        return _SPECIAL.sub(r"\\\g<0>", words)
    before, after = words[: words.index(core)], words[words.index(core) + len(core) :]
    text = _SPECIAL.sub(r"\\\g<0>", core)
    for mark in reversed(marks):
        match mark["type"]:
            case "link":
                text = f"[{text}]({_ADDRESS_SPECIAL.sub(_percent, mark['href'])})"
            case "strong":
                text = f"**{text}**"
            case "emphasis":
                text = f"*{text}*"
    return f"{before}{text}{after}"


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found.group()):02X}"


def _prefix(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(f"{first if index == 0 else rest}{line}".rstrip() for index, line in enumerate(lines))
