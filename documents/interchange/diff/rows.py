"""Lines as the rows of words that stand without anybody's insertions: what both sides of a comparison share.

A *row* is what one paragraph says as it stands. What was inserted into it hangs in the *gaps* between its
units; paragraphs that were inserted whole hang behind the row that they follow. So a paragraph that somebody
split by a tracked change is one row still, with the new end in one of its gaps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from documents.interchange.diff.tokens import PLAIN, Line, State, Unit

END: Final = "\n"
"""The text of a unit that is the inserted end of a paragraph."""


class Placed(NamedTuple):
    """A unit and where it stands: the number of its line, and its place there. The end of a line has the
    place behind its last unit."""

    unit: Unit
    line: int
    place: int

    @property
    def text(self) -> str:
        return self.unit.text

    @property
    def state(self) -> State:
        return self.unit.state


@dataclass(slots=True)
class Row:
    """`units` stand; `gaps[n]` was inserted before the n-th of them; `behind` are whole paragraphs that were
    inserted after the row. `end` is the deletion of its end, if somebody suggests that."""

    lines: list[int] = field(default_factory=list)
    units: list[Placed] = field(default_factory=list)
    gaps: list[list[Placed]] = field(default_factory=lambda: [[]])
    behind: list[list[Placed]] = field(default_factory=list)
    end: State = PLAIN

    @property
    def words(self) -> str:
        return "".join(one.text for one in self.units)

    def add(self, placed: Placed) -> None:
        self.units.append(placed)
        self.gaps.append([])


def rows_of(lines: Sequence[Line], *, first: int = 0) -> list[Row]:
    """The rows of some lines. The first row has no units: behind it hangs what stands before the others.

    `first`: the number of the first line.
    """
    rows = [Row()]
    current = Row()
    for number, line in enumerate(lines, first):
        current.lines.append(number)
        for place, unit in enumerate(line.units):
            if unit.state.kind == "insertion":
                current.gaps[-1].append(Placed(unit, number, place))
            else:
                current.add(Placed(unit, number, place))
        if line.end.kind == "insertion":
            current.gaps[-1].append(Placed(Unit(END, line.end, -1), number, len(line.units)))
        else:
            current.end = line.end
            _close(rows, current)
            current = Row()
    if current.lines:
        _close(rows, current)
    return rows


def _close(rows: list[Row], row: Row) -> None:
    """A row is complete: what was inserted whole at its edges is hung behind the row before it or itself."""
    before = rows[-1]
    if not row.units:
        _hang(before, _paragraphs(row.gaps[0]))
        return
    *whole, first = _paragraphs(row.gaps[0])
    _hang(before, whole)
    row.gaps[0] = first
    last, *whole = _paragraphs(row.gaps[-1])
    row.gaps[-1] = last
    _hang(row, whole)
    rows.append(row)


def _paragraphs(inserted: Iterable[Placed]) -> list[list[Placed]]:
    """What was inserted, cut at inserted ends."""
    parts: list[list[Placed]] = [[]]
    for placed in inserted:
        if placed.text == END:
            parts.append([])
        else:
            parts[-1].append(placed)
    return parts


def _hang(row: Row, paragraphs: Iterable[list[Placed]]) -> None:
    row.behind += [one for one in paragraphs if any(not placed.unit.is_space for placed in one)]
