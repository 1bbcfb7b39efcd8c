"""Reading of pandoc's tree: blocks, inline text, changes and comments.

A reading is a `doc` like a marked text, but the ids of its suggestions are numbers of the file's
changes, and those of its comments numbers of the file's comments. Rows have two additional keys:
`style` (the name of the file's style) and `end` (the change that the end of the row belongs to).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from documents.canonical.characters import normal_characters
from documents.canonical.form import CanonicalError, Json
from documents.canonical.html import normal_href
from documents.interchange.pandoc.tree import Tree
from documents.interchange.reader import markers
from documents.interchange.reader.markers import INSERTED, remove_forbidden_characters

type End = tuple[str, int]

_SPACES: Final = frozenset({"Space", "SoftBreak", "LineBreak"})
_MARKS: Final = {"Strong": "bold", "Emph": "italic"}
_PLAIN: Final = frozenset({"Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"})
_CHANGES: Final = frozenset({"insertion", "deletion"})


class InlineReader:
    """Reader of consecutive rows. A change may begin in one row and end in another.

    `left_out` counts unsupported content, by the codes of `reasons.py`.
    """

    def __init__(self, left_out: Counter[str]) -> None:
        self.left_out = left_out
        self.open: list[End] = []
        self.comments: list[int] = []
        self.end: End | None = None
        """The change that the end of the last row read belongs to."""

    def read(self, inlines: list[Tree]) -> list[Json]:
        """Return the row's inline content in the editor's JSON."""
        self.end = None
        made: list[Json] = []
        for words, marks in self._flat(inlines, ()):
            if not isinstance(words, str):
                made += self._note(words, [*marks, *self._around()])
                continue
            for piece in markers.split_at_signs(words):
                if isinstance(piece, str):
                    made.append({"type": "text", "text": piece, "marks": [*marks, *self._around()]})
                else:
                    self._sign(*piece)
        # Markers may have set it meanwhile: the paragraph mark's change precedes an open one.
        if self.open and not self.end:
            self.end = self.open[-1]
        return _merged(made)

    def _flat(
        self, inlines: list[Tree], marks: tuple[Json, ...]
    ) -> Iterator[tuple[str | list[Tree], tuple[Json, ...]]]:
        """Yield words, and notes as their blocks, in order, each with the marks around it."""
        for inline in inlines:
            kind: str = inline["t"]
            content: Any = inline.get("c")
            if kind == "Str":
                yield str(content), marks
            elif kind in _SPACES:
                yield " ", marks
            elif kind in _MARKS:
                yield from self._flat(content, _with(marks, {"type": _MARKS[kind]}))
            elif kind in _PLAIN:
                yield from self._flat(content, marks)
            elif kind in {"Span", "Quoted", "Cite"}:
                yield from self._flat(content[1], marks)
            elif kind == "Link":
                yield from self._flat(content[1], _with(marks, *_link(content[2][0])))
            elif kind in {"Code", "Math"}:
                self.left_out.update(["formulas"] if kind == "Math" else [])
                yield str(content[1]), marks
            elif kind == "Note":
                yield content, marks

    def _sign(self, kind: str, number: int) -> None:
        match kind:
            case markers.INSERTED | markers.DELETED:
                self.open.append((kind, number))
            case markers.CHANGE_END:
                if self.open:
                    self.open.pop()
            case markers.MARK_INSERTED:
                self.end = (markers.INSERTED, number)
            case markers.MARK_DELETED:
                self.end = (markers.DELETED, number)
            case markers.COMMENT:
                self.comments.append(number)
            case markers.COMMENT_END:
                self.comments = [one for one in self.comments if one != number]

    def _around(self) -> list[Json]:
        """Return the marks of the open changes and comments."""
        made: list[Json] = [{"type": "comment", "attrs": {"id": str(number)}} for number in self.comments]
        for kind, number in self.open:
            name = "insertion" if kind == markers.INSERTED else "deletion"
            made.append({"type": name, "attrs": {"id": str(number)}})
        return made

    def _note(self, blocks: list[Tree], marks: list[Json]) -> list[Json]:
        """Return a note with the marks around it.

        A note with changed words becomes two: the old text as a deletion and the new text as an
        insertion, by the author of the first change in it.
        """
        inner = InlineReader(self.left_out)
        rows = [inner.read(list(_row_of(block))) for block in blocks]
        before, after = _words_of(rows, without="insertion"), _words_of(rows, without="deletion")
        around = _change_in(marks)
        if hidden := sum(href not in after for href in _hrefs(rows)):
            self.left_out["note_links"] += hidden
        if around is not None or before == after:
            words = before if around is not None and around["type"] == "deletion" else after
            return [_footnote(words, marks)] if words else []
        changes = (_change_in(one["marks"]) for row in rows for one in row)
        attrs = next(one["attrs"] for one in changes if one is not None)
        states = ((before, "deletion"), (after, "insertion"))
        return [_footnote(words, [*marks, {"type": kind, "attrs": attrs}]) for words, kind in states if words]


def _change_in(marks: Iterable[Json]) -> Json | None:
    """Return the mark of a change: the insertion's, if words were inserted and deleted again."""
    found = sorted((one for one in marks if one["type"] in _CHANGES), key=lambda one: str(one["type"]))
    return found[-1] if found else None


def _words_of(rows: Iterable[list[Json]], *, without: str) -> str:
    """Return the words of a note, without those in changes of the kind `without`."""
    shown = (
        "".join(one.get("text", "") for one in row if without not in {mark["type"] for mark in one["marks"]})
        for row in rows
    )
    return normal_characters(" ".join(shown)).strip()


def _hrefs(rows: Iterable[list[Json]]) -> set[str]:
    """Return the link addresses in a note, in their written form."""
    marks = (mark for row in rows for one in row for mark in one["marks"] if mark["type"] == "link")
    return {str(mark["attrs"]["href"]).removeprefix("mailto:").rstrip("/") for mark in marks}


def _footnote(words: str, marks: list[Json]) -> Json:
    return {"type": "footnote", "attrs": {"text": words}, "marks": marks}


def _row_of(block: Tree) -> Iterator[Tree]:
    """Yield every inline of a block of a note, whatever its type."""
    content: Any = block.get("c")
    if block["t"] in {"Para", "Plain"}:
        yield from content
    elif block["t"] == "Div":
        for one in content[1]:
            yield from _row_of(one)
    elif block["t"] == "BlockQuote":
        for one in content:
            yield from _row_of(one)


def _with(marks: tuple[Json, ...], *more: Json) -> tuple[Json, ...]:
    kinds = {mark["type"] for mark in more}
    return (*(mark for mark in marks if mark["type"] not in kinds), *more)


def _link(href: str) -> list[Json]:
    """Return the mark of an allowed link; empty for another one."""
    try:
        return [{"type": "link", "attrs": {"href": normal_href(href, "")}}]
    except CanonicalError:
        return []


def _merged(content: list[Json]) -> list[Json]:
    """Merge neighbours with equal marks."""
    made: list[Json] = []
    for one in content:
        last = made[-1] if made else None
        if last and last["type"] == one["type"] == "text" and last["marks"] == one["marks"]:
            last["text"] += one["text"]
        else:
            made.append(one)
    return made


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
                start = min(max(content[0][0], 1), 9999)
                return self.list_block("orderedList", content[1], style, lists, attrs={"start": start})
            case "BlockQuote":
                inside = in_rows(self.blocks(content, style, lists))
                return [{"type": "blockquote", "content": inside}] if inside else []
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

    def list_block(
        self, kind: str, items: list[list[Tree]], style: str, lists: int, **attrs: Json
    ) -> list[Json]:
        if lists >= _DEEPEST_LIST:  # too deep for our texts: its rows go into the item around it
            return [one for item in items for one in self.blocks(item, style, lists)]
        made = []
        for item in items:
            blocks = in_rows(self.blocks(item, style, lists + 1))
            if blocks and blocks[0]["type"] != "paragraph":
                blocks.insert(0, {"type": "paragraph"})
            if blocks:
                made.append({"type": "listItem", "content": blocks})
        return [{"type": kind, "content": made, **attrs}] if made else []

    def table(self, content: list[Any]) -> list[Json]:
        caption = self.blocks(content[1][1], "Table Caption")
        head = [(row, True) for row in content[3][1]]
        body = [(row, False) for one in content[4] for row in [*one[2], *one[3]]]
        foot = [(row, False) for row in content[5][1]]
        rows = [self.table_row(row, header=header) for row, header in [*head, *body, *foot]]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return caption
        made = [
            {"type": "tableRow", "content": [*row, *_empty_cells("tableCell", width - len(row))]}
            for row in rows
        ]
        return [*caption, {"type": "table", "content": made}]

    def table_row(self, row: list[Any], *, header: bool) -> list[Json]:
        """Return a row's cells; a cell that spans several columns is followed by empty ones."""
        cells: list[Json] = []
        kind = "tableHeader" if header else "tableCell"
        for _attributes, _alignment, _rows, columns, blocks in row[1]:
            inside = in_rows(self.blocks(blocks, ""))
            cells.append({"type": kind, "content": inside or [{"type": "paragraph"}]})
            cells += _empty_cells(kind, min(int(columns), 60) - 1)
        return cells


def _empty_cells(kind: str, count: int) -> list[Json]:
    return [{"type": kind, "content": [{"type": "paragraph"}]} for _ in range(count)]


def in_rows(blocks: list[Json]) -> list[Json]:
    """Return what items, quotes and cells allow: paragraphs and lists; other blocks become rows."""
    made: list[Json] = []
    for block in blocks:
        if block["type"] in _IN_ROWS:
            made.append(block)
        elif block["type"] == "heading":
            row = {**block, "type": "paragraph"}
            row.pop("attrs", None)
            made.append(row)
        elif block["type"] in {"tableRow", "tableCell", "tableHeader", "table", "blockquote"}:
            made += in_rows(block["content"])
    return made


# Letters that are kept of a header, to tell whether it is one of ours.
LONGEST_MARGIN: Final = 300


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
    """Metadata collected while a file is prepared. `left_out`: what was dropped, by the codes of
    `reasons.py`. `margins`: the words of its headers and footers, which are not part of its text."""

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
