"""Tokens of a text and rows without insertions, the basis of a comparison.

A *unit* is one letter with its accents, one space, or one note; a fact and a gap have one unit per
displayed letter. Both a marked text and the reading of a file are converted to lines, so that an
unchanged file gives the same lines as the text it was made from.

A *row* is the content of one paragraph without insertions. Inserted units are in the *gaps*
between its units; whole inserted paragraphs are in `behind` of the row they follow. A paragraph
split by a tracked change is therefore still one row, with the new end in one of its gaps.
"""

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import Json
from documents.canonical.nodes import Labels
from documents.interchange.reader.document import FileChange
from documents.interchange.suggest.marked_text import (
    ATOMS,
    TEXT_BLOCKS,
    SuggestedChange,
    attribute_words,
    change_of,
    quotation_speaker,
    text_blocks,
)

type BlockKey = tuple[tuple[str, str, str], ...]

NOTE: Final = "\ufffc"
_CLUSTER: Final = re.compile(
    ".(?:[\u0300-\u036f\u0483-\u0489\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[^\\w\\s])*", re.DOTALL
)
# Characters without words; whether a text preserves joiners depends on their neighbours.
_NOTHING: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
_SPACES: Final = re.compile("[\t\n\x0b\x0c\r \x85\u1680\u2000-\u2006\u2008\u2028\u2029\u205f\u3000]")


class UnitState(NamedTuple):
    """The suggestion on a unit.

    `kind`: insertion, deletion or empty. `who`: the name in the file. `id`: of the suggestion, or the number
    of the file's change. `out`: the number of the file's change that deletes another one's insertion.
    """

    kind: str = ""
    who: str = ""
    id: str = ""
    out: str = ""


PLAIN_STATE: Final = UnitState()


class TextUnit(NamedTuple):
    """One unit. `piece`: the index of its piece; `start`, `end`: its place in that piece's text."""

    text: str
    state: UnitState
    piece: int
    start: int = 0
    end: int = 0

    @property
    def is_space(self) -> bool:
        return self.text == " "


@dataclass(frozen=True, slots=True)
class LinePiece:
    """A node of a line. `shown`: its content in a file, with notes between NOTE characters."""

    node: Json
    state: UnitState
    shown: str


@dataclass
class DiffLine:
    """One line of text. `path`: the path of its block in a marked text; empty if it has no block.

    `fixed`: why no suggestion is possible here (a code of `reasons.py`), or empty. `end`: the suggestion on
    its end. `runs_on`: the end of the line before has a suggestion; at such an end white space counts.
    `around`: the kinds of the enclosing blocks, each with its number among all blocks.
    """

    kind: str
    pieces: list[LinePiece]
    path: tuple[int, ...] = ()
    fixed: str = ""
    end: UnitState = PLAIN_STATE
    around: tuple[tuple[str, int], ...] = ()
    style: str = ""
    runs_on: bool = False
    attrs: Json = field(default_factory=dict)

    @cached_property
    def units(self) -> list[TextUnit]:
        """Return the units; white space is collapsed, and stripped at edges unless suggested."""
        found: list[TextUnit] = []
        for index, piece in enumerate(self.pieces):
            for unit in _units(piece, index):
                if unit.is_space and found and found[-1].is_space and found[-1].state == unit.state:
                    continue
                found.append(unit)
        start, end = 0, len(found)
        while not self.runs_on and start < end and _is_space(found[start]):
            start += 1
        while not self.end.kind and end > start and _is_space(found[end - 1]):
            end -= 1
        return found[start:end]

    @cached_property
    def key(self) -> BlockKey:
        """Return a key equal for lines with the same words and suggestions by the same people."""
        segments: list[list[str]] = []
        for piece in self.pieces:
            kind, who, _id, out = piece.state
            state = [kind, f"{who}{NOTE}{out}" if out else who]
            shown = _NOTHING.sub("", piece.shown)
            if segments and segments[-1][:2] == state:
                segments[-1][2] += shown
            elif shown:
                segments.append([*state, shown])
        for segment in segments:
            segment[2] = normal_characters(segment[2])
        if not self.runs_on:
            _strip_edge(segments, 0)
        if not self.end.kind:
            _strip_edge(segments, -1)
        return tuple((kind, who, words) for kind, who, words in segments if words)

    @property
    def is_empty(self) -> bool:
        return not any(words.strip(ALL_SPACES) for _kind, _who, words in self.key)


def _units(piece: LinePiece, index: int) -> Iterator[TextUnit]:
    if piece.node["type"] == "text":
        for match in _CLUSTER.finditer(piece.node["text"]):
            words = " " if _SPACES.fullmatch(match[0]) else normal_characters(match[0])
            if words:
                yield TextUnit(words, piece.state, index, match.start(), match.end())
        return
    for number, words in enumerate(piece.shown.split(NOTE)):
        if number % 2:
            yield TextUnit(NOTE + words, piece.state, index)
        else:
            yield from (TextUnit(one, piece.state, index) for one in _CLUSTER.findall(words))


def _is_space(unit: TextUnit) -> bool:
    return unit.text in ALL_SPACES and not unit.state.kind


def _strip_edge(segments: list[list[str]], edge: int) -> None:
    """Strip white space without a suggestion at one edge of a line."""
    while segments and not segments[edge][0]:
        words = segments[edge][2]
        segments[edge][2] = words.rstrip(ALL_SPACES) if edge else words.lstrip(ALL_SPACES)
        if segments[edge][2]:
            break
        segments.pop(edge)


_INLINE: Final = frozenset({*ATOMS, "text"})


@dataclass(frozen=True, slots=True)
class FileDisplay:
    """Content of a file besides the text: names of suggesters, labels of gaps and pictures, rows of
    the letterhead, embedded pictures, and whether the format supports suggested paragraph ends."""

    name_of: Callable[[str], str]
    labels: Labels
    letterhead: Sequence[str] = ()
    pictures: Collection[str] = ()
    ends: bool = True


def lines_of_text(marked: Json, shown: FileDisplay) -> list[DiffLine]:
    """Return the lines of a marked text in the order of its file, without rows without words."""
    return _mark_joined_lines(_Text(marked, shown).lines())


def lines_of_reading(reading: Json, changes: Sequence[FileChange]) -> list[DiffLine]:
    """Return the lines of a file, including empty ones, whose ends count."""
    return _mark_joined_lines(list(_Reading(changes).lines(reading, ())))


def _mark_joined_lines(lines: list[DiffLine]) -> list[DiffLine]:
    for line, following in itertools.pairwise(lines):
        following.runs_on = bool(line.end.kind)
    return lines


class _Text:
    def __init__(self, marked: Json, shown: FileDisplay) -> None:
        self.marked = marked
        self.shown = shown
        self.blocks = {block.path: block for block in text_blocks(marked)}

    def lines(self) -> list[DiffLine]:
        head = [self._attached(row, "letterhead", (), ()) for row in self.shown.letterhead]
        return [*head, *self._lines(self.marked, (), (), None)]

    def _lines(
        self,
        node: Json,
        path: tuple[int, ...],
        around: tuple[tuple[str, int], ...],
        change: SuggestedChange | None,
    ) -> Iterator[DiffLine]:
        for index, child in enumerate(node.get("content") or ()):
            here = (*path, index)
            own = change or change_of(child)
            if child["type"] in TEXT_BLOCKS:
                if here in self.blocks:
                    yield self._row(here, around)
            elif child["type"] == "picture":
                yield from self._picture(child, here, around, own)
            elif child["type"] not in _INLINE:
                if child["type"] == "approvedBlock":
                    yield self._attached(self.shown.labels.approved, "attached", here, around)
                inside = list(self._lines(child, here, (*around, (child["type"], _number(here))), own))
                yield from inside
                if child["type"] == "quotation" and inside and (who := quotation_speaker(child)):
                    yield self._attached(who, "attached", here, around, own)

    def _picture(
        self,
        node: Json,
        path: tuple[int, ...],
        around: tuple[tuple[str, int], ...],
        change: SuggestedChange | None,
    ) -> Iterator[DiffLine]:
        if (node.get("attrs") or {}).get("id") not in self.shown.pictures:
            alt = self.shown.labels.picture % {"alt": attribute_words(node, "alt")}
            yield self._attached(f"[{alt}]", "attached", path, around, change)
        for name in ("caption", "credit"):
            if words := attribute_words(node, name):
                yield self._attached(words, "attached", path, around, change)

    def _attached(
        self,
        words: str,
        why: str,
        path: tuple[int, ...],
        around: tuple[tuple[str, int], ...],
        change: SuggestedChange | None = None,
    ) -> DiffLine:
        """Return a line for an attribute of the block at the path, or for no block."""
        piece = LinePiece({"type": "text", "text": words}, self._state(change), words)
        return DiffLine("attached", [piece], path, why, around=around)

    def _row(self, path: tuple[int, ...], around: tuple[tuple[str, int], ...]) -> DiffLine:
        block = self.blocks[path]
        pieces = []
        for node in block.node.get("content") or ():
            state = self._state(block.change or change_of(node))
            pieces.append(LinePiece(node, state, self._words(node)))
        end = self._state(block.end) if self.shown.ends else PLAIN_STATE
        fixed = "approved" if any(name == "approvedBlock" for name, _number in around) else ""
        return DiffLine(block.node["type"], pieces, path, fixed, end, around)

    def _state(self, change: SuggestedChange | None) -> UnitState:
        if change is None:
            return PLAIN_STATE
        return UnitState(change.kind, self.shown.name_of(change.id), change.id)

    def _words(self, node: Json) -> str:
        match node["type"]:
            case "footnote":
                return f"{NOTE}{attribute_words(node, 'text')}{NOTE}"
            case "fact":
                return f"{attribute_words(node, 'words')}{NOTE}{attribute_words(node, 'source')}{NOTE}"
            case "gap":
                name = self.shown.labels.gap % {"name": attribute_words(node, "name")}
                return attribute_words(node, "value") or f"[{name}]"
        return str(node["text"])


class _Reading:
    def __init__(self, changes: Sequence[FileChange]) -> None:
        self.changes = changes
        self.blocks = 0

    def lines(self, node: Json, around: tuple[tuple[str, int], ...]) -> Iterator[DiffLine]:
        for child in node.get("content") or ():
            if child["type"] in TEXT_BLOCKS:
                yield self._row(child, around)
            else:
                self.blocks += 1
                yield from self.lines(child, (*around, (child["type"], self.blocks)))

    def _row(self, node: Json, around: tuple[tuple[str, int], ...]) -> DiffLine:
        pieces = [self._piece(one) for one in node.get("content") or ()]
        end = node.get("end")
        state = self._state(end["kind"], end["id"]) if end else PLAIN_STATE
        attrs = node.get("attrs") or {}
        return DiffLine(
            node["type"], pieces, end=state, around=around, style=node.get("style", ""), attrs=attrs
        )

    def _piece(self, node: Json) -> LinePiece:
        kinds = {mark["type"]: mark["attrs"]["id"] for mark in node["marks"] if mark["type"] in _CHANGES}
        state = PLAIN_STATE
        if "insertion" in kinds:
            state = self._state("insertion", kinds["insertion"], out=kinds.get("deletion", ""))
        elif "deletion" in kinds:
            state = self._state("deletion", kinds["deletion"])
        shown = node["text"] if node["type"] == "text" else f"{NOTE}{node['attrs']['text']}{NOTE}"
        return LinePiece(node, state, shown)

    def _state(self, kind: str, number: str, out: str = "") -> UnitState:
        return UnitState(kind, self.changes[int(number)].author, number, out)


_CHANGES: Final = frozenset({"insertion", "deletion"})


def _number(path: tuple[int, ...]) -> int:
    """Return a number unique to this block."""
    number = 0
    for index in path:
        number = number * 100_003 + index + 1
    return number


# The text of a unit that is the inserted end of a paragraph.
END: Final = "\n"


class PlacedUnit(NamedTuple):
    """A unit with the number of its line and its place there. The end of a line has the place after
    its last unit."""

    unit: TextUnit
    line: int
    place: int

    @property
    def text(self) -> str:
        return self.unit.text

    @property
    def state(self) -> UnitState:
        return self.unit.state


@dataclass(slots=True)
class DiffRow:
    """`units`: without insertions; `gaps[n]`: inserted before the n-th unit; `behind`: whole
    paragraphs inserted after the row. `end`: the suggested deletion of its end, if any."""

    lines: list[int] = field(default_factory=list)
    units: list[PlacedUnit] = field(default_factory=list)
    gaps: list[list[PlacedUnit]] = field(default_factory=lambda: [[]])
    behind: list[list[PlacedUnit]] = field(default_factory=list)
    end: UnitState = PLAIN_STATE

    @property
    def words(self) -> str:
        return "".join(one.text for one in self.units)

    def add(self, placed: PlacedUnit) -> None:
        self.units.append(placed)
        self.gaps.append([])

    def with_insertions(self) -> Iterator[PlacedUnit]:
        for index, gap in enumerate(self.gaps):
            yield from gap
            yield from self.units[index : index + 1]


def split_into_rows(lines: Sequence[DiffLine], *, first: int = 0) -> list[DiffRow]:
    """Return the rows of some lines. The first row has no units: its `behind` precedes the others.

    `first`: the number of the first line.
    """
    rows = [DiffRow()]
    current = DiffRow()
    for number, line in enumerate(lines, first):
        current.lines.append(number)
        for place, unit in enumerate(line.units):
            if unit.state.kind == "insertion":
                current.gaps[-1].append(PlacedUnit(unit, number, place))
            else:
                current.add(PlacedUnit(unit, number, place))
        if line.end.kind == "insertion":
            current.gaps[-1].append(PlacedUnit(TextUnit(END, line.end, -1), number, len(line.units)))
        else:
            current.end = line.end
            _close_row(rows, current)
            current = DiffRow()
    if current.lines:
        _close_row(rows, current)
    return rows


def _close_row(rows: list[DiffRow], row: DiffRow) -> None:
    """Add a complete row; paragraphs inserted at its edges follow it or the one before."""
    before = rows[-1]
    if not row.units:
        _attach_paragraphs(before, _paragraphs(row.gaps[0]))
        return
    *whole, first = _paragraphs(row.gaps[0])
    _attach_paragraphs(before, whole)
    row.gaps[0] = first
    last, *whole = _paragraphs(row.gaps[-1])
    row.gaps[-1] = last
    _attach_paragraphs(row, whole)
    rows.append(row)


def _paragraphs(inserted: Iterable[PlacedUnit]) -> list[list[PlacedUnit]]:
    """Split inserted units at inserted ends."""
    parts: list[list[PlacedUnit]] = [[]]
    for placed in inserted:
        if placed.text == END:
            parts.append([])
        else:
            parts[-1].append(placed)
    return parts


def _attach_paragraphs(row: DiffRow, paragraphs: Iterable[list[PlacedUnit]]) -> None:
    row.behind += [one for one in paragraphs if any(not placed.unit.is_space for placed in one)]
