"""The changes of a file: edits at places of the text it was made from, and notes about them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

from documents.canonical.alignment import Effort, best_pairs, opcodes
from documents.canonical.passages import Token
from documents.interchange.diff.matching import Stretch, count_row_words, match_units
from documents.interchange.diff.rows import END, DiffRow, PlacedUnit
from documents.interchange.diff.tokens import DiffLine, TextUnit

UNTRACKED: Final = -1


"""In place of the number of a file's change: nobody recorded who made it."""


class Spot(NamedTuple):
    """The place before the unit `place` of the line `line`, or after its last unit."""

    line: int
    place: int


@dataclass(frozen=True, slots=True)
class InsertedUnits:
    """Units to insert at a spot; END splits the line there. `change`: its number in the file."""

    at: Spot
    units: tuple[tuple[TextUnit, DiffLine], ...]
    change: int


@dataclass(frozen=True, slots=True)
class DeletedUnits:
    """Units of one line to delete, by index."""

    line: int
    units: tuple[int, ...]
    change: int


@dataclass(frozen=True, slots=True)
class InsertedRow:
    """A whole row to insert after a line (-1: before all). `source`: the row's line in the file."""

    behind: int
    units: tuple[tuple[TextUnit, DiffLine], ...]
    source: DiffLine
    change: int


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """The end of a line to delete, which joins it with the next one."""

    line: int
    change: int


type RequestedEdit = InsertedUnits | DeletedUnits | InsertedRow | JoinedLine


@dataclass(slots=True)
class RequestedEdits:
    """`edits` in text order. `taken`, `refused`: ids of suggestions accepted or rejected in the
    file, which stay open here. `not_taken`: what cannot be imported, as (code of `reasons.py`,
    words)."""

    edits: list[RequestedEdit] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    not_taken: list[tuple[str, str]] = field(default_factory=list)


# --- rebase ---
# Mapping of places in the text as it was when a file was made to the current text.


class Rebase:
    """Mapping of lines and units from `before` to `now`. Equal lines need no search."""

    def __init__(self, before: Sequence[DiffLine], now: Sequence[DiffLine]) -> None:
        self.before = before
        self.now = now
        self.effort = Effort()
        self.lines: dict[int, int] = {}
        self.units: dict[int, dict[int, int]] = {}
        self._match_lines()

    def line(self, line: int) -> int | None:
        """Return the current number of the line, or None if it was deleted."""
        return self.lines.get(line)

    def line_or_before(self, line: int) -> int:
        """Return the current line, or the nearest remaining one before it; -1 is before all."""
        while line >= 0 and line not in self.lines:
            line -= 1
        return self.lines[line] if line >= 0 else -1

    def unit(self, line: int, index: int) -> int | None:
        """Return the current index of a unit, or None if it was deleted."""
        return self._units(line).get(index) if line in self.lines else None

    def spot(self, spot: Spot) -> Spot | None:
        """Return the current spot, after the unit preceding it or before the unit following it."""
        now = self.line(spot.line)
        if now is None:
            return None
        units = self._units(spot.line)
        if spot.place - 1 in units:
            return Spot(now, units[spot.place - 1] + 1)
        if spot.place in units:
            return Spot(now, units[spot.place])
        before = [there for index, there in units.items() if index < spot.place]
        return Spot(now, max(before) + 1 if before else 0)

    def _match_lines(self) -> None:
        keys = [[Token("line", repr(line.key)) for line in side] for side in (self.before, self.now)]
        for equal, a, a_end, b, b_end in opcodes(keys[0], keys[1], self.effort):
            if equal:
                self.lines |= dict(zip(range(a, a_end), range(b, b_end), strict=True))
                continue
            words = [
                [count_row_words(_placed(line)) for line in side]
                for side in (self.before[a:a_end], self.now[b:b_end])
            ]
            for one, other in best_pairs(words[0], words[1]):
                if self.before[a + one].fixed == self.now[b + other].fixed:
                    self.lines[a + one] = b + other

    def _units(self, line: int) -> dict[int, int]:
        if line not in self.units:
            old, new = _placed(self.before[line]), _placed(self.now[self.lines[line]])
            self.units[line] = {
                a: b
                for stretch in match_units(old, new, self.effort)
                if stretch.same
                for a, b in zip(range(stretch.a, stretch.a_end), range(stretch.b, stretch.b_end), strict=True)
            }
        return self.units[line]


def _placed(line: DiffLine) -> list[PlacedUnit]:
    return [PlacedUnit(unit, 0, index) for index, unit in enumerate(line.units)]


# --- settled ---
# Suggestions of a row that were accepted or rejected in the file, if it has no other untracked
# changes: the file's row then equals the text's row with some suggestions settled, without
# guessing.


_SPACES: Final = re.compile(" +")


class SettledRow(NamedTuple):
    """`row`: the text's row, whose units include insertions accepted in the file. `stretches`: as
    returned by `match_units`; units of the row in differing stretches are accepted deletions."""

    row: DiffRow
    stretches: list[Stretch]


def settle_row(old: DiffRow, new: DiffRow) -> SettledRow | None:
    """Return the text's row as settled in the file, or None if the file has other changes too."""
    runs = list(_runs(old))
    if all(not run.kind for run in runs):
        return None
    letters = [index for index, one in enumerate(new.units) if not one.unit.is_space]
    there = _parsed(runs, [new.units[index].text for index in letters])
    if there is None:
        return None
    row = DiffRow(lines=old.lines, behind=old.behind, end=old.end)
    pairs: list[tuple[int, int]] = []
    said = ""
    for run, is_there in zip(runs, there, strict=True):
        if run.kind == "insertion" and not is_there:
            row.gaps[-1] += run.units
            continue
        for placed in run.units:
            if is_there and not placed.unit.is_space:
                pairs.append((len(row.units), letters[len(pairs)]))
            row.add(placed)
        said += "".join(one.text for one in run.units) if is_there else ""
    if _collapsed(said) != _collapsed(new.words):
        return None
    return SettledRow(row, list(_stretches(row, new, pairs)))


def with_accepted(old: DiffRow, new: DiffRow) -> DiffRow:
    """As `settled`, if other words were changed too.

    An insertion becomes part of the row if its words occur more often in the file's row.
    """
    row = DiffRow(lines=old.lines, behind=old.behind, end=old.end)
    for run in _runs(old):
        words = "".join(one.text for one in run.units).strip()
        if run.kind == "insertion" and not (words and new.words.count(words) > old.words.count(words)):
            row.gaps[-1] += run.units
            continue
        for placed in run.units:
            row.add(placed)
    return row


@dataclass(frozen=True, slots=True)
class _Run:
    """Adjacent units of one suggestion, or of none."""

    kind: str
    units: list[PlacedUnit]

    @property
    def letters(self) -> list[str]:
        return [one.text for one in self.units if not one.unit.is_space]


def _runs(row: DiffRow) -> Iterator[_Run]:
    every = [placed for index, gap in enumerate(row.gaps) for placed in (*gap, *row.units[index : index + 1])]
    for (kind, _id, _is_end), run in groupby(
        every, key=lambda one: (one.state.kind, one.state.id, one.text == END)
    ):
        yield _Run(kind, list(run))


def _parsed(runs: Sequence[_Run], letters: Sequence[str]) -> list[bool] | None:
    """Return for each run whether the file contains it, so that together they equal its letters.

    None if there is no solution; of several the one with the fewest settled suggestions.
    """
    ways: dict[int, tuple[int, list[bool]]] = {0: (0, [])}  # by the number of matched letters
    for run in runs:
        following: dict[int, tuple[int, list[bool]]] = {}
        for place, (cost, chosen) in ways.items():
            end = place + len(run.letters)
            options = []
            if letters[place:end] == run.letters:
                options.append((end, cost + (run.kind == "insertion"), [*chosen, True]))
            if run.kind:
                options.append((place, cost + (run.kind == "deletion"), [*chosen, False]))
            for at, price, way in options:
                if at not in following or price < following[at][0]:
                    following[at] = (price, way)
        ways = following
    return ways[len(letters)][1] if len(letters) in ways else None


def _collapsed(words: str) -> str:
    return _SPACES.sub(" ", words).strip()


def _stretches(old: DiffRow, new: DiffRow, pairs: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    start, a, b = 0, 0, 0  # of the equal units so far: start in the row, and both ends
    for a_next, b_next in [*_with_spaces(old, new, pairs), (len(old.units), len(new.units))]:
        if (a_next, b_next) != (a, b):
            if a > start:
                yield Stretch(same=True, a=start, a_end=a, b=b - (a - start), b_end=b)
            yield Stretch(same=False, a=a, a_end=a_next, b=b, b_end=b_next)
            start = a_next
        a, b = a_next + 1, b_next + 1
    a, b = a - 1, b - 1
    if a > start:
        yield Stretch(same=True, a=start, a_end=a, b=b - (a - start), b_end=b)


def _with_spaces(old: DiffRow, new: DiffRow, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs, and between them the spaces that both rows have."""
    a = b = 0
    for a_next, b_next in [*pairs, (len(old.units), len(new.units))]:
        spaces = (index for index in range(a, a_next) if old.units[index].unit.is_space)
        yield from zip(spaces, range(b, b_next), strict=False)
        if a_next < len(old.units):
            yield a_next, b_next
        a, b = a_next + 1, b_next + 1
