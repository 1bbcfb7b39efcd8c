"""Reader of the words of one row of a file, with its changes and comments."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from documents.canonical.characters import normal_characters
from documents.canonical.form import Json
from documents.canonical.html import normal_href
from documents.canonical.serialise import CanonicalError
from documents.interchange.pandoc.tree import Tree
from documents.interchange.reader import markers

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
            if isinstance(words, str):
                made += self._words(words, list(marks))
            else:
                made += self._note(words, [*marks, *self._around()])
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
                yield self._verbatim(kind, content), marks
            elif kind == "Note":
                yield content, marks

    def _verbatim(self, kind: str, content: list[Any]) -> str:
        if kind == "Math":
            self.left_out["formulas"] += 1
        return str(content[1])

    def _words(self, words: str, marks: list[Json]) -> list[Json]:
        made = []
        for piece in markers.split_at_signs(words):
            if isinstance(piece, str):
                made.append({"type": "text", "text": piece, "marks": [*marks, *self._around()]})
            else:
                self._sign(*piece)
        return made

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
        if last and last["type"] == one["type"] == "text" and _key(last) == _key(one):
            last["text"] += one["text"]
        else:
            made.append(one)
    return made


def _key(node: Json) -> str:
    return json.dumps(node["marks"], sort_keys=True)
