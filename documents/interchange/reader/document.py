"""Conversion of a prepared file's pandoc tree to a *reading*: the editor's JSON with the file's
own changes.

A reading is a `doc` like a marked text, but the ids of its suggestions are numbers of the file's
changes, and those of its comments numbers of the file's comments. Rows have two additional keys:
`style` (the name of the file's style) and `end` (the change that the end of the row belongs to).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from documents.canonical.form import Json
from documents.interchange.pandoc.tree import Tree
from documents.interchange.reader.inline import InlineReader
from documents.interchange.reader.markers import INSERTED, remove_forbidden_characters

_DEEPEST_LIST: Final = 2
_IN_ROWS: Final = frozenset({"paragraph", "bulletList", "orderedList"})


def read_tree(tree: Tree, left_out: Counter[str]) -> Json:
    """Return the reading of a tree. Any pandoc output becomes rows of words; nothing raises.

    Unsupported content is counted in `left_out`.
    """
    return {"type": "doc", "content": _Reader(left_out).blocks(tree["blocks"], "")}


class _Reader:
    def __init__(self, left_out: Counter[str]) -> None:
        self.rows = InlineReader(left_out)

    def blocks(self, blocks: Iterable[Tree], style: str, lists: int = 0) -> list[Json]:
        return [made for block in blocks for made in self.block(block, style, lists)]

    def block(self, block: Tree, style: str, lists: int) -> list[Json]:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                return [self.row("paragraph", content, style)]
            case "Header":
                level = min(max(content[0], 2), 4)
                named = style or f"Heading {content[0]}"
                return [{**self.row("heading", content[2], named), "attrs": {"level": level}}]
            case "BulletList":
                return self.list_block("bulletList", content, style, lists)
            case "OrderedList":
                made = self.list_block("orderedList", content[1], style, lists)
                start = min(max(content[0][0], 1), 9999)
                return [
                    {**one, "attrs": {"start": start}} if one["type"] == "orderedList" else one
                    for one in made
                ]
            case "BlockQuote":
                return self.quote(self.blocks(content, style, lists))
            case "Div":
                named = dict(content[0][2]).get("custom-style", "")
                return self.blocks(content[1], str(named) or style, lists)
            case "Table":
                return self.table(content)
        return self.others(block, style, lists)

    def others(self, block: Tree, style: str, lists: int) -> list[Json]:
        """Return rows of words for blocks that our texts do not support."""
        content: Any = block.get("c")
        match block["t"]:
            case "LineBlock":
                return [self.row("paragraph", line, style) for line in content]
            case "CodeBlock":
                lines = str(content[1]).split("\n")
                return [self.row("paragraph", [{"t": "Str", "c": line}], style) for line in lines]
            case "Figure":
                return self.blocks([*content[2], *content[1][1]], style, lists)
            case "DefinitionList":
                made = []
                for term, definitions in content:
                    made.append(self.row("paragraph", term, style))
                    made += [one for blocks in definitions for one in self.blocks(blocks, style, lists)]
                return made
        return []

    def row(self, kind: str, inlines: list[Tree], style: str) -> Json:
        content = self.rows.read(inlines)
        made: Json = {"type": kind, "content": content, "style": style}
        end = self.rows.end
        if end is not None:
            made["end"] = {"kind": "insertion" if end[0] == INSERTED else "deletion", "id": str(end[1])}
        return made

    def list_block(self, kind: str, items: list[list[Tree]], style: str, lists: int) -> list[Json]:
        if lists >= _DEEPEST_LIST:  # too deep for our texts: its rows go into the item around it
            return [one for item in items for one in self.blocks(item, style, lists)]
        made = []
        for item in items:
            blocks = in_rows(self.blocks(item, style, lists + 1))
            if blocks and blocks[0]["type"] != "paragraph":
                blocks.insert(0, {"type": "paragraph"})
            if blocks:
                made.append({"type": "listItem", "content": blocks})
        return [{"type": kind, "content": made}] if made else []

    def quote(self, blocks: list[Json]) -> list[Json]:
        inside = in_rows(blocks)
        return [{"type": "blockquote", "content": inside}] if inside else []

    def table(self, content: list[Any]) -> list[Json]:
        caption = self.blocks(content[1][1], "Table Caption")
        head = [(row, True) for row in content[3][1]]
        body = [(row, False) for one in content[4] for row in [*one[2], *one[3]]]
        foot = [(row, False) for row in content[5][1]]
        rows = [self.table_row(row, header=header) for row, header in [*head, *body, *foot]]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return caption
        made = []
        for row in rows:
            empty = [
                {"type": "tableCell", "content": [{"type": "paragraph"}]} for _ in range(width - len(row))
            ]
            made.append({"type": "tableRow", "content": [*row, *empty]})
        return [*caption, {"type": "table", "content": made}]

    def table_row(self, row: list[Any], *, header: bool) -> list[Json]:
        """Return a row's cells; a cell that spans several columns is followed by empty ones."""
        cells: list[Json] = []
        kind = "tableHeader" if header else "tableCell"
        for _attributes, _alignment, _rows, columns, blocks in row[1]:
            inside = in_rows(self.blocks(blocks, ""))
            cells.append({"type": kind, "content": inside or [{"type": "paragraph"}]})
            empty = {"type": kind, "content": [{"type": "paragraph"}]}
            cells += [dict(empty) for _ in range(min(int(columns), 60) - 1)]
        return cells


def in_rows(blocks: list[Json]) -> list[Json]:
    """Return what items, quotes and cells allow: paragraphs and lists; other blocks become rows."""
    made: list[Json] = []
    for block in blocks:
        if block["type"] in _IN_ROWS:
            made.append(block)
        elif block["type"] == "heading":
            made.append(
                {key: value for key, value in {**block, "type": "paragraph"}.items() if key != "attrs"}
            )
        elif block["type"] in {"tableRow", "tableCell", "tableHeader", "table", "blockquote"}:
            made += in_rows(block["content"])
    return made


# --- metadata ---
# Metadata of a file: changes and comments with their authors, and what was left out.


LONGEST_MARGIN: Final = 300


"""Letters that are kept of a header, to tell whether it is one of ours."""


@dataclass(slots=True)
class FileChange:
    """One tracked change of the file. `at` is as written there, or empty."""

    author: str
    at: str


@dataclass(slots=True)
class FileComment:
    """One comment of the file. `parent`: the number of the comment that it answers; `resolved`: its
    state in the file."""

    author: str
    at: str
    words: str
    parent: int | None = None
    resolved: bool = False


@dataclass(slots=True)
class FileMetadata:
    """Metadata collected while a file is prepared. `left_out`: what was dropped, by the codes
    of `reasons.py`. `margins`: the words of its headers and footers, which are not part of its
    text."""

    changes: list[FileChange] = field(default_factory=list)
    comments: list[FileComment] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    margins: list[str] = field(default_factory=list)
    token: str = ""
    saved_by: str = ""

    def add_change(self, author: str | None, at: str | None) -> int:
        """Store the author and time of a change, and return its number."""
        self.changes.append(FileChange((author or "").strip(), (at or "").strip()))
        return len(self.changes) - 1

    def add_margin(self, words: str) -> None:
        """Store the words of a header or footer, each once."""
        words = " ".join(remove_forbidden_characters(words).split())[:LONGEST_MARGIN]
        if words and words not in self.margins:
            self.margins.append(words)

    def cleaned(self, words: str) -> str:
        """Remove characters that no text may contain, and record that there were some."""
        kept = remove_forbidden_characters(words)
        if kept != words:
            self.left_out["characters"] += 1
        return kept

    def as_json(self) -> dict[str, Any]:
        return {
            "changes": [[one.author, one.at] for one in self.changes],
            "comments": [[one.author, one.at, one.words, one.parent, one.resolved] for one in self.comments],
            "left_out": dict(self.left_out),
            "margins": self.margins,
            "token": self.token,
            "saved_by": self.saved_by,
        }
