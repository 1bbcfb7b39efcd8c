"""Lines of units, for comparing what a file says with what the text said.

A *unit* is one letter with its accents, one space, or one note; a fact and a gap are as many units as they
show letters. Both a marked text and the reading of a file become lines (`lines_of.py`), so that an untouched
file gives the same lines as the text it was made of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from documents.canonical.characters import ALL_SPACES, normal_characters

type Json = dict[str, Any]
type Key = tuple[tuple[str, str, str], ...]

NOTE: Final = "\ufffc"
_CLUSTER: Final = re.compile(
    ".(?:[\u0300-\u036f\u0483-\u0489\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[^\\w\\s])*", re.DOTALL
)
# What carries no words; whether joiners stay in a text depends on their neighbours.
_NOTHING: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
_ROOM: Final = re.compile("[\t\n\x0b\x0c\r \x85\u1680\u2000-\u2006\u2008\u2028\u2029\u205f\u3000]")


class State(NamedTuple):
    """What is suggested about a unit: `kind` is insertion, deletion or nothing, `who` the name in the file,
    `id` of the suggestion or the number of the file's change. `out`: the number of the file's change that
    deletes what another one inserted."""

    kind: str = ""
    who: str = ""
    id: str = ""
    out: str = ""


PLAIN: Final = State()


class Unit(NamedTuple):
    """`piece`: the index of the piece it stands in; `start`, `end`: its place in that piece's text."""

    text: str
    state: State
    piece: int
    start: int = 0
    end: int = 0

    @property
    def is_space(self) -> bool:
        return self.text == " "


@dataclass(frozen=True, slots=True)
class Piece:
    """A node of a line. `shown`: what a file shows of it, notes between NOTE signs."""

    node: Json
    state: State
    shown: str


@dataclass
class Line:
    """One row of words. `path`: where its block stands in a marked text; empty for a row of none.

    `fixed`: why nothing can be suggested here (a code of `reasons.py`), or nothing. `end`: what is suggested
    about its end; `runs_on`: something is suggested about the end of the line before it. At such an end white
    space counts. `around`: the kinds of the blocks around it, each with its number among all blocks.
    """

    kind: str
    pieces: list[Piece]
    path: tuple[int, ...] = ()
    fixed: str = ""
    end: State = PLAIN
    around: tuple[tuple[str, int], ...] = ()
    style: str = ""
    runs_on: bool = False
    attrs: Json = field(default_factory=dict)

    @cached_property
    def units(self) -> list[Unit]:
        """Its units; white space counts once, and not at the edges unless it is suggested there."""
        found: list[Unit] = []
        for index, piece in enumerate(self.pieces):
            for unit in _units(piece, index):
                if unit.is_space and found and found[-1].is_space and found[-1].state == unit.state:
                    continue
                found.append(unit)
        start, end = 0, len(found)
        while not self.runs_on and start < end and _is_room(found[start]):
            start += 1
        while not self.end.kind and end > start and _is_room(found[end - 1]):
            end -= 1
        return found[start:end]

    @cached_property
    def key(self) -> Key:
        """Equal for lines that say the same in the same suggestions of the same people."""
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


def _units(piece: Piece, index: int) -> Iterator[Unit]:
    if piece.node["type"] == "text":
        for match in _CLUSTER.finditer(piece.node["text"]):
            words = " " if _ROOM.fullmatch(match[0]) else normal_characters(match[0])
            if words:
                yield Unit(words, piece.state, index, match.start(), match.end())
        return
    for number, words in enumerate(piece.shown.split(NOTE)):
        if number % 2:
            yield Unit(NOTE + words, piece.state, index)
        else:
            yield from (Unit(one, piece.state, index) for one in _CLUSTER.findall(words))


def _is_room(unit: Unit) -> bool:
    return unit.text in ALL_SPACES and not unit.state.kind


def _strip_edge(segments: list[list[str]], edge: int) -> None:
    """No plain white space at one edge of a line."""
    while segments and not segments[edge][0]:
        words = segments[edge][2]
        segments[edge][2] = words.rstrip(ALL_SPACES) if edge else words.lstrip(ALL_SPACES)
        if segments[edge][2]:
            break
        segments.pop(edge)
