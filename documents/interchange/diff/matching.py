"""Matching of blocks, and rebasing a comparison onto a newer text."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

from documents.canonical.compare import Effort, best_pairs, common_ends, count_words, opcodes, word_pairs
from documents.canonical.passages import Token
from documents.interchange.diff.tokens import END, NOTE, DiffLine, DiffRow, PlacedUnit, TextUnit

_PAIRS_LIMIT: Final = 2_500


class RowMatch(NamedTuple):
    """Matching rows of the text and of the file.

    One and one, one and several (split, untracked), several and one (joined), or none on one side.
    """

    old: tuple[DiffRow, ...]
    new: tuple[DiffRow, ...]


def match_rows(old: Sequence[DiffRow], new: Sequence[DiffRow], effort: Effort) -> Iterator[RowMatch]:
    """Yield all rows of both sides as matches, in order."""
    keys = [[Token("row", row.words) for row in rows] for rows in (old, new)]
    for equal, a, a_end, b, b_end in opcodes(keys[0], keys[1], effort):
        if equal:
            for one, other in zip(old[a:a_end], new[b:b_end], strict=True):
                yield RowMatch((one,), (other,))
        else:
            yield from _differing(old[a:a_end], new[b:b_end])


def _differing(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> Iterator[RowMatch]:
    a = b = 0
    for a_from, a_to, b_from, b_to in [*_regrouped(old, new), (len(old), len(old), len(new), len(new))]:
        yield from _paired(old[a:a_from], new[b:b_from])
        if a_to > a_from:
            yield RowMatch(tuple(old[a_from:a_to]), tuple(new[b_from:b_to]))
        a, b = a_to, b_to


def _regrouped(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> Iterator[tuple[int, int, int, int]]:
    """Yield rows with the same words in another number of paragraphs."""
    a_words, b_words = (["".join(row.words.split()) for row in rows] for rows in (old, new))
    if len(old) * len(new) > _PAIRS_LIMIT:
        return
    done_a = done_b = 0
    for a, b in itertools.product(range(len(old)), range(len(new))):
        if a < done_a or b < done_b:
            continue
        a_end, b_end = _same_words(a_words, a, b_words, b)
        if a_end:
            yield a, a_end, b, b_end
            done_a, done_b = a_end, b_end


def _same_words(old: Sequence[str], a: int, new: Sequence[str], b: int) -> tuple[int, int]:
    """Return the ends of equal rows from `a` and `b`, one of them a single row, or (0, 0)."""
    one, other = (old[a], new) if old[a].startswith(new[b]) else (new[b], old)
    words = ""
    for end in range(b if other is new else a, len(other)):
        words += other[end]
        if not one.startswith(words):
            break
        if words == one:
            return (a + 1, end + 1) if other is new else (end + 1, b + 1)
    return 0, 0


def _paired(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> Iterator[RowMatch]:
    words = [[count_words(_tokens(row.units)) for row in rows] for rows in (old, new)]
    pairs = best_pairs(words[0], words[1])
    a = b = 0
    for a_next, b_next in [*pairs, (len(old), len(new))]:
        if a_next - a == b_next - b == 1:  # rewritten completely
            yield RowMatch((old[a],), (new[b],))
        else:
            yield from (RowMatch((row,), ()) for row in old[a:a_next])
            yield from (RowMatch((), (row,)) for row in new[b:b_next])
        if a_next < len(old):
            yield RowMatch((old[a_next],), (new[b_next],))
        a, b = a_next + 1, b_next + 1


class Stretch(NamedTuple):
    """Equal or differing units: from `a` to `a_end` of the text and from `b` to `b_end` of the file."""

    same: bool
    a: int
    a_end: int
    b: int
    b_end: int


def match_units(old: Sequence[PlacedUnit], new: Sequence[PlacedUnit], effort: Effort) -> list[Stretch]:
    """Return equal and differing stretches, in order; units of an equal one correspond.

    Words are matched without the spaces between them, so consecutive replaced words are one
    stretch. Spaces that differ only in number are equal.
    """
    if [one.text for one in old] == [one.text for one in new]:
        return [Stretch(True, 0, len(old), 0, len(new))]  # noqa: FBT003  the field says what it is
    tokens = _tokens(old), _tokens(new)
    pairs = list(word_pairs(*tokens, effort))
    return list(_stretches(*tokens, pairs))


def _stretches(
    old: Sequence[Token], new: Sequence[Token], pairs: Sequence[tuple[int, int]]
) -> Iterator[Stretch]:
    # The index of the first unit of each token; `details` of a token is its number of units.
    a_units, b_units = (
        [0, *itertools.accumulate(int(token.details[0]) for token in tokens)] for tokens in (old, new)
    )
    a = b = 0
    for a_next, b_next in [*pairs, (len(old), len(new))]:
        start, end = common_ends(old[a:a_next], new[b:b_next])
        last = a_next < len(old)
        for same, a_from, a_to, b_from, b_to in (
            (True, a, a + start, b, b + start),
            (False, a + start, a_next - end, b + start, b_next - end),
            (True, a_next - end, a_next + last, b_next - end, b_next + last),
        ):
            if a_to > a_from or b_to > b_from:
                yield Stretch(same, a_units[a_from], a_units[a_to], b_units[b_from], b_units[b_to])
        a, b = a_next + 1, b_next + 1


def _tokens(units: Sequence[PlacedUnit]) -> list[Token]:
    """Return words, spaces, punctuation and notes.

    `details` is the number of units: equal tokens have as many.
    """
    groups: list[list[PlacedUnit]] = []
    for placed in units:
        if groups and _go_together(groups[-1][-1], placed):
            groups[-1].append(placed)
        else:
            groups.append([placed])
    tokens = []
    for group in groups:
        words = "".join(one.text for one in group)
        kind = "note" if words.startswith(NOTE) else "word"
        tokens.append(Token(kind, words, details=(str(len(group)),)))
    return tokens


def _go_together(before: PlacedUnit, placed: PlacedUnit) -> bool:
    """Whether two adjacent units belong to one word; an insertion is separate from the words around it."""
    inserted = {one.state.kind == "insertion" for one in (before, placed)}
    return len(inserted) == 1 and _in_word(before.text) and _in_word(placed.text)


def _in_word(text: str) -> bool:
    return text[0].isalnum() or text[0] in "_'’\u2010\u2011-"


# In place of the number of a file's change: nobody recorded who made it.
UNTRACKED: Final = -1


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
    """`edits` in text order. `taken`, `refused`: ids of suggestions accepted or rejected in the file, which
    stay open here. `not_taken`: what cannot be imported, as (code of `reasons.py`, words)."""

    edits: list[RequestedEdit] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    not_taken: list[tuple[str, str]] = field(default_factory=list)


class Rebase:
    """Mapping of lines and units from `before` to `now`. Equal lines need no search.

    `lines`: the current number of each line that was not deleted.
    """

    def __init__(self, before: Sequence[DiffLine], now: Sequence[DiffLine]) -> None:
        self.before = before
        self.now = now
        self.effort = Effort()
        self.lines: dict[int, int] = {}
        self.units: dict[int, dict[int, int]] = {}
        keys = [[Token("line", repr(line.key)) for line in side] for side in (self.before, self.now)]
        for equal, a, a_end, b, b_end in opcodes(keys[0], keys[1], self.effort):
            if equal:
                self.lines |= dict(zip(range(a, a_end), range(b, b_end), strict=True))
                continue
            words = [
                [count_words(_tokens(_placed(line))) for line in side]
                for side in (self.before[a:a_end], self.now[b:b_end])
            ]
            for one, other in best_pairs(words[0], words[1]):
                if self.before[a + one].fixed == self.now[b + other].fixed:
                    self.lines[a + one] = b + other

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
        now = self.lines.get(spot.line)
        if now is None:
            return None
        units = self._units(spot.line)
        if spot.place - 1 in units:
            return Spot(now, units[spot.place - 1] + 1)
        if spot.place in units:
            return Spot(now, units[spot.place])
        before = [there for index, there in units.items() if index < spot.place]
        return Spot(now, max(before) + 1 if before else 0)

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


# Suggestions of a row that were accepted or rejected in the file, if it has no other untracked
# changes: the file's row then equals the text's row with some suggestions settled, without
# guessing.

_SPACES: Final = re.compile(" +")


def settle_row(old: DiffRow, new: DiffRow) -> tuple[DiffRow, list[Stretch]] | None:
    """Return the text's row as settled in the file, or None if the file has other changes too.

    Its units include insertions accepted in the file. The stretches are as `match_units` returns
    them; units of the row in differing ones are accepted deletions.
    """
    runs = list(_runs(old))
    if all(not run.kind for run in runs):
        return None
    letters = [index for index, one in enumerate(new.units) if not one.unit.is_space]
    there = _parsed(runs, [new.units[index].text for index in letters])
    if there is None:
        return None
    row = DiffRow(lines=old.lines, behind=old.behind, end=old.end)
    pairs: list[tuple[int, int]] = []
    settled = ""
    for run, is_there in zip(runs, there, strict=True):
        if run.kind == "insertion" and not is_there:
            row.gaps[-1] += run.units
            continue
        for placed in run.units:
            if is_there and not placed.unit.is_space:
                pairs.append((len(row.units), letters[len(pairs)]))
            row.add(placed)
        settled += "".join(one.text for one in run.units) if is_there else ""
    if _collapsed(settled) != _collapsed(new.words):
        return None
    return row, list(_rebase_stretches(row, new, pairs))


def with_accepted(old: DiffRow, new: DiffRow) -> DiffRow:
    """As `settle_row`, if other words were changed too.

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
    for (kind, _id, _is_end), run in groupby(
        row.with_insertions(), key=lambda one: (one.state.kind, one.state.id, one.text == END)
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


def _rebase_stretches(old: DiffRow, new: DiffRow, pairs: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
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
