"""What a file asks for: edits at places of the text that the file was made of, and remarks about them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

from documents.canonical.alignment import Effort, best_pairs, opcodes
from documents.canonical.passages import Token
from documents.interchange.diff.matching import Stretch, counted, match_units
from documents.interchange.diff.rows import END, Placed, Row
from documents.interchange.diff.tokens import Line, Unit

UNTRACKED: Final = -1


"""In place of the number of a file's change: nobody recorded who made it."""


class Spot(NamedTuple):
    """Before the unit `place` of the line `line`; behind the last one at the end."""

    line: int
    place: int


@dataclass(frozen=True, slots=True)
class Words:
    """Units to insert at a spot; a unit END splits the line there. `change`: the file's number of it."""

    at: Spot
    units: tuple[tuple[Unit, Line], ...]
    change: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Units of one line to delete, by their indices."""

    line: int
    units: tuple[int, ...]
    change: int


@dataclass(frozen=True, slots=True)
class NewRow:
    """A whole row to insert behind a line; -1 is before all. `source` says what it is in the file."""

    behind: int
    units: tuple[tuple[Unit, Line], ...]
    source: Line
    change: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The end of a line to delete, so that its words run on into the next one."""

    line: int
    change: int


type Edit = Words | Gone | NewRow | Joined


@dataclass(slots=True)
class Asked:
    """`edits` in the order of the text. `taken`, `refused`: ids of suggestions that the file has accepted or
    rejected: here they stay open. `not_taken`: what cannot come in, as (code of `reasons.py`, words)."""

    edits: list[Edit] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    not_taken: list[tuple[str, str]] = field(default_factory=list)


# --- rebase ---
# Places of the text as it was when a file was made, found again in the text as it is now.


class Rebase:
    """From lines and units of `before` to those of `now`. Where both are the same, nothing is looked for."""

    def __init__(self, before: Sequence[Line], now: Sequence[Line]) -> None:
        self.before = before
        self.now = now
        self.effort = Effort()
        self.lines: dict[int, int] = {}
        self.units: dict[int, dict[int, int]] = {}
        self._match_lines()

    def line(self, line: int) -> int | None:
        """The line now, or None if it is gone."""
        return self.lines.get(line)

    def line_or_before(self, line: int) -> int:
        """The line now, or the nearest one before it that is still there; -1 is before all."""
        while line >= 0 and line not in self.lines:
            line -= 1
        return self.lines[line] if line >= 0 else -1

    def unit(self, line: int, index: int) -> int | None:
        """The index of a unit now, or None if it is gone."""
        return self._units(line).get(index) if line in self.lines else None

    def spot(self, spot: Spot) -> Spot | None:
        """The place behind the unit that stood before it, or before the one that stood behind it."""
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
                [counted(_placed(line)) for line in side]
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


def _placed(line: Line) -> list[Placed]:
    return [Placed(unit, 0, index) for index, unit in enumerate(line.units)]


# --- settled ---
# Which suggestions of a row a file has accepted or rejected, where nothing else in it was changed without a
# trace: then what the file says is the row with some of its suggestions settled, and nothing is guessed.


_ROOM: Final = re.compile(" +")


class Settled(NamedTuple):
    """`row`: the row of the text, where insertions that the file has accepted are among the units that stand.
    `stretches` as `match_units` gives them; units of the row in those that differ were accepted deletions."""

    row: Row
    stretches: list[Stretch]


def settled(old: Row, new: Row) -> Settled | None:
    """The row of the text with what the file has settled, or None if the file says something else, too."""
    runs = list(_runs(old))
    if all(not run.kind for run in runs):
        return None
    letters = [index for index, one in enumerate(new.units) if not one.unit.is_space]
    there = _parsed(runs, [new.units[index].text for index in letters])
    if there is None:
        return None
    row = Row(lines=old.lines, behind=old.behind, end=old.end)
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
    return Settled(row, list(_stretches(row, new, pairs)))


def with_accepted(old: Row, new: Row) -> Row:
    """The same where other words were changed, too: an insertion whose words the file has once more than the
    row has them stands among the units."""
    row = Row(lines=old.lines, behind=old.behind, end=old.end)
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
    """Neighbouring units of one suggestion, or of none."""

    kind: str
    units: list[Placed]

    @property
    def letters(self) -> list[str]:
        return [one.text for one in self.units if not one.unit.is_space]


def _runs(row: Row) -> Iterator[_Run]:
    every = [placed for index, gap in enumerate(row.gaps) for placed in (*gap, *row.units[index : index + 1])]
    for (kind, _id, _is_end), run in groupby(
        every, key=lambda one: (one.state.kind, one.state.id, one.text == END)
    ):
        yield _Run(kind, list(run))


def _parsed(runs: Sequence[_Run], letters: Sequence[str]) -> list[bool] | None:
    """Whether the file has the words of each run, so that together they are its letters; None if they cannot
    be. Of several ways that with the fewest suggestions settled."""
    ways: dict[int, tuple[int, list[bool]]] = {0: (0, [])}  # by how many letters are said
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
    return _ROOM.sub(" ", words).strip()


def _stretches(old: Row, new: Row, pairs: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    start, a, b = 0, 0, 0  # of what stayed until now: where it began in the row, and both ends
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


def _with_spaces(old: Row, new: Row, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pairs, and between them the spaces that both rows have."""
    a = b = 0
    for a_next, b_next in [*pairs, (len(old.units), len(new.units))]:
        spaces = (index for index in range(a, a_next) if old.units[index].unit.is_space)
        yield from zip(spaces, range(b, b_next), strict=False)
        if a_next < len(old.units):
            yield a_next, b_next
        a, b = a_next + 1, b_next + 1
