"""Rows: lines without their insertions, the common basis of both sides of a comparison.

A *row* is the content of one paragraph without insertions. Inserted units are in the *gaps*
between its units; whole inserted paragraphs are in `behind` of the row they follow. A paragraph
split by a tracked change is therefore still one row, with the new end in one of its gaps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from documents.interchange.diff.tokens import PLAIN_STATE, DiffLine, TextUnit, UnitState

END: Final = "\n"


"""The text of a unit that is the inserted end of a paragraph."""


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
