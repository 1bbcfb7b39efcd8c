"""Rendering of the canonical document as plain text, for mail and for copying."""

import re
import textwrap

from documents.canonical.form import Block, Cell, Document, Inline, List, Quotation, Table
from documents.canonical.nodes import Labels, Notes, footnote_words, href_of, labels_for


def render_text(
    document: Document, *, width: int | None = 72, labels: Labels | None = None, with_title: bool = True
) -> str:
    """Return the words of a document as plain text that ends with a line break.

    Lines are wrapped at `width` characters, never inside a word or an address; with None each
    paragraph is one line. The addresses of links follow their words in parentheses; footnotes
    and the sources of facts are at the end.
    """
    writer = _Writer(document, width, labels or labels_for(document["language"]))
    head = [document["title"], document["lead"]] if with_title else []
    parts = [writer.wrapped(words) for words in head if words]
    parts += [writer.block(block) for block in document["blocks"] if block["type"] != "footnote"]
    return "\n\n".join([*parts, *writer.end(document)]) + "\n"


class _Writer:
    def __init__(self, document: Document, width: int | None, labels: Labels) -> None:
        self.pictures = document["pictures"]
        self.width = width
        self.labels = labels
        self.notes = Notes(footnote_words(document))

    def wrapped(self, words: str) -> str:
        if self.width is None:
            return words
        return textwrap.fill(words, self.width, break_long_words=False, break_on_hyphens=False)

    def hung(self, blocks: list[Block], first: str, rest: str) -> str:
        """Return blocks with a hanging marker: a number, a dash, a quotation mark."""
        text = self.inside(len(rest), blocks, "\n")
        return _hang(text, first, rest)

    def inside(self, indent: int, blocks: list[Block], between: str) -> str:
        width = self.width
        if width is not None:
            self.width = max(20, width - indent)
        text = between.join(self.block(block) for block in blocks)
        self.width = width
        return text

    def block(self, block: Block) -> str:
        match block["type"]:
            case "paragraph" | "heading":
                return self.wrapped(self.inline(block["content"]))
            case "list":
                return self.list_block(block)
            case "quote":
                return _hang(self.inside(2, block["blocks"], "\n\n"), "> ", "> ")
            case "quotation":
                return self.quotation(block)
            case "picture":
                picture = self.pictures[block["id"]]
                words = self.labels.picture % {"alt": picture["alt"]}
                return self.wrapped(
                    " ".join(filter(None, [f"[{words}]", picture["caption"], picture["credit"]]))
                )
            case "table":
                return self.table(block)
            case "approved_block":
                label = f"[{self.labels.approved}]"
                return _hang("\n\n".join([label, self.inside(2, block["blocks"], "\n\n")]), "| ", "| ")
            case "footnote":
                return ""

    def list_block(self, block: List) -> str:
        signs = [
            f"{block['start'] + index}. " if block["ordered"] else "- "
            for index in range(len(block["items"]))
        ]
        return "\n".join(
            self.hung(item, sign, " " * len(sign)) for sign, item in zip(signs, block["items"], strict=True)
        )

    def quotation(self, block: Quotation) -> str:
        who = ", ".join(part for part in (block["speaker"], block["role"]) if part)
        words = self.inside(2, block["blocks"], "\n\n")
        return _hang(f"{words}\n— {who}", "> ", "> ")

    def table(self, block: Table) -> str:
        """Render row by row, each cell under its column name: columns do not fit into a mail."""
        first = block["rows"][0]
        named = len(block["rows"]) > 1 and all(cell["header"] for cell in first)
        names = [self.inside(0, cell["blocks"], " ") for cell in first] if named else [""] * len(first)
        rows = block["rows"][1:] if named else block["rows"]
        return "\n\n".join("\n".join(map(self.cell, names, row)) for row in rows)

    def cell(self, name: str, cell: Cell) -> str:
        words = self.inside(2, cell["blocks"], "\n") or "–"
        return f"{name}:\n{_hang(words, '  ', '  ')}" if name else _hang(words, "- ", "  ")

    def inline(self, content: list[Inline]) -> str:
        """Return the runs, with the address of a link after the last of its runs."""
        parts: list[str] = []
        for index, one in enumerate(content):
            parts.append(self.one(one))
            href = href_of(one)
            following = content[index + 1] if index + 1 < len(content) else None
            if href and (following is None or href_of(following) != href):
                parts.append(_address(href, one))
            if one["type"] == "fact":
                parts.append(f" [{self.notes.refer(one).number}]")
        return "".join(parts).strip(" ")

    def one(self, one: Inline) -> str:
        match one["type"]:
            case "text":
                return one["text"]
            case "fact":
                return one["words"]
            case "gap":
                return one["value"] or f"[{self.labels.gap % {'name': one['name']}}]"
            case "footnote_ref":
                return f" [{self.notes.refer(one).number}]"

    def end(self, document: Document) -> list[str]:
        parts = []
        if self.notes.words:
            parts += [self.labels.notes, "\n".join(self.note(*one) for one in enumerate(self.notes.words, 1))]
        if document["attachments"]:
            names = "\n".join(f"- {attachment['name']}" for attachment in document["attachments"])
            parts += [self.labels.attachments, names]
        return parts

    def note(self, number: int, words: str) -> str:
        sign = f"[{number}] "
        if self.width is None:
            return sign + words
        rest = " " * len(sign)
        return textwrap.fill(
            sign + words, self.width, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )


def _hang(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(f"{first if index == 0 else rest}{line}".rstrip() for index, line in enumerate(lines))


def _address(href: str, one: Inline) -> str:
    """Return the address in parentheses, unless the link's text is the address."""
    if one["type"] != "text":
        return f" ({href})"
    words = one["text"].strip()
    shown = href.removeprefix("mailto:").removeprefix("tel:")
    if words in {href, shown} or (href.startswith("tel:") and re.sub(r"[^+\d]", "", words) == shown):
        return ""
    return f"({shown}) " if one["text"].endswith(" ") else f" ({shown})"
