"""Search for the regions in which a file differs from its text; most lines of a long text are
equal."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from documents.canonical.alignment import Effort, opcodes
from documents.canonical.form import Json
from documents.canonical.passages import Token
from documents.interchange.diff.matching import RowMatch, Stretch, match_rows, match_units
from documents.interchange.diff.rebase import (
    UNTRACKED,
    DeletedUnits,
    InsertedRow,
    InsertedUnits,
    JoinedLine,
    RequestedEdits,
    SettledRow,
    Spot,
    settle_row,
    with_accepted,
)
from documents.interchange.diff.rows import END, DiffRow, PlacedUnit, split_into_rows
from documents.interchange.diff.tokens import NOTE, DiffLine, TextUnit


class DifferingRegion(NamedTuple):
    """Lines from `a` to `a_end` of the text and from `b` to `b_end` of the file."""

    a: int
    a_end: int
    b: int
    b_end: int


def differing_regions(
    text: Sequence[DiffLine], file: Sequence[DiffLine], effort: Effort
) -> Iterator[DifferingRegion]:
    """Yield the differing regions, in order. No row crosses the border of a region."""
    old, new = ([Token("line", repr((line.key, line.end[:2]))) for line in side] for side in (text, file))
    a = b = 0
    for equal, a_from, a_to, b_from, _b_to in opcodes(old, new, effort):
        if not equal:
            continue
        start, end = a_from, a_to
        while start < end and _runs_on(text, start) | _runs_on(file, b_from + start - a_from):
            start += 1
        while end > start and text[end - 1].end.kind:
            end -= 1
        if end == start:
            continue
        yield from _region(a, start, b, b_from + start - a_from)
        a, b = end, b_from + end - a_from
    yield from _region(a, len(text), b, len(file))


def _region(a: int, a_end: int, b: int, b_end: int) -> Iterator[DifferingRegion]:
    if a_end > a or b_end > b:
        yield DifferingRegion(a, a_end, b, b_end)


def _runs_on(lines: Sequence[DiffLine], number: int) -> bool:
    """Whether the end of the previous line belongs to a suggestion."""
    return number > 0 and bool(lines[number - 1].end.kind)


# --- differences ---
# Differences between a file and the text it was made from: tracked and untracked changes.
#
# A suggestion of the text that is unchanged in the file is not a difference. One accepted or
# rejected in the file stays open, since only people here decide; the decision is reported.


def find_requested_edits(text: Sequence[DiffLine], file: Sequence[DiffLine]) -> RequestedEdits:
    """Return the changes of the file. `text`: the lines of its content when it was made."""
    comparing = _LineComparison(text, file)
    for region in differing_regions(text, file, comparing.effort):
        comparing.compare(region)
    return comparing.asked


class _LineComparison:
    def __init__(self, text: Sequence[DiffLine], file: Sequence[DiffLine]) -> None:
        self.text = text
        self.file = file
        self.asked = RequestedEdits()
        self.effort = Effort()
        self.beside: DiffLine | None = None  # the line of the file after which new content is

    def compare(self, region: DifferingRegion) -> None:
        """Compare the lines of a differing region."""
        old = split_into_rows(self.text[region.a : region.a_end], first=region.a)
        new = split_into_rows(self.file[region.b : region.b_end], first=region.b)
        # The first row represents what precedes the others.
        matches = [RowMatch((old[0],), (new[0],)), *match_rows(old[1:], new[1:], self.effort)]
        last, beside = region.a - 1, self.file[region.b - 1] if region.b else None
        for index, match in enumerate(matches):
            if not match.old:
                continue
            if index:
                self._match(match, matches[index + 1] if index + 1 < len(matches) else None)
                last = match.old[-1].lines[-1]
                beside = self.file[match.new[-1].lines[-1]] if match.new else beside
            added = list(itertools.takewhile(lambda one: not one.old, matches[index + 1 :]))
            self._added(match, [one.new[0] for one in added], last, beside)

    def _match(self, match: RowMatch, following: RowMatch | None) -> None:
        if not match.new:
            self._lost_row(match.old[0])
        elif len(match.old) == len(match.new):
            self._row(match.old[0], match.new[0], following)
        else:
            self._regrouped(match)

    def _added(self, match: RowMatch, rows: list[DiffRow], last: int, beside: DiffLine | None) -> None:
        """Compare what follows a row: inserted paragraphs, and rows without a counterpart."""
        self.beside = beside
        old = [one for row in match.old for one in row.behind]
        taken = [row for row in rows if self._takes(row, old)]
        last = self._behind(old, [one for row in match.new for one in row.behind], last)
        for row in rows:
            if row not in taken:
                self._new_row(row, last)

    def _takes(self, row: DiffRow, suggested: list[list[PlacedUnit]]) -> bool:
        """Whether the row is a suggested paragraph that was accepted in the file."""
        for paragraph in suggested:
            if "".join(one.text for one in paragraph).strip() == row.words:
                self.asked.taken |= {one.state.id for one in paragraph}
                suggested.remove(paragraph)
                return True
        return False

    # --- one row and its counterpart ---------------------------------------------------------------

    def _row(self, old: DiffRow, new: DiffRow, following: RowMatch | None) -> None:
        self._end(old, new, following)
        if self._is_untouched(old, new):
            return
        exactly = settle_row(old, new)
        if exactly is not None:
            self._settled(exactly, new)
            return
        old = with_accepted(old, new)
        stretches = match_units(old.units, new.units, self.effort)
        for stretch in stretches:
            if stretch.same:
                self._kept(old, new, stretch)
            else:
                self._replaced(old, new, stretch)
        self._gaps(old, new, stretches)

    def _settled(self, exactly: SettledRow, new: DiffRow) -> None:
        """Record suggestions accepted or rejected in the file; its other changes are tracked."""
        row, stretches = exactly
        for stretch in stretches:
            if stretch.same:
                self._kept(row, new, stretch)
            else:
                lost = row.units[stretch.a : stretch.a_end]
                self.asked.taken |= {one.state.id for one in lost if one.state.kind == "deletion"}
        self._gaps(row, new, stretches)

    def _is_untouched(self, old: DiffRow, new: DiffRow) -> bool:
        keys = [
            [lines[number].key for number in row.lines] for lines, row in ((self.text, old), (self.file, new))
        ]
        return len(old.lines) == 1 and keys[0] == keys[1]

    def _kept(self, old: DiffRow, new: DiffRow, stretch: Stretch) -> None:
        gone: list[tuple[PlacedUnit, int]] = []
        struck = ""
        for a, b in zip(range(stretch.a, stretch.a_end), range(stretch.b, stretch.b_end), strict=True):
            was, now = old.units[a], new.units[b]
            if now.state.kind == "deletion" and not was.state.kind:
                gone.append((was, int(now.state.id)))
            elif was.state.kind == "deletion" and not now.state.kind:
                self.asked.refused.add(was.state.id)
            elif was.state.kind == "insertion":
                self.asked.taken.add(was.state.id)
                struck += was.text if now.state.kind else ""
        self._delete(gone)
        if struck:
            self.asked.not_taken.append(("inside_suggestion", struck))

    def _replaced(self, old: DiffRow, new: DiffRow, stretch: Stretch) -> None:
        lost = old.units[stretch.a : stretch.a_end]
        if _differs_only_in_spaces(old, stretch, lost + new.units[stretch.b : stretch.b_end]):
            return
        self.asked.taken |= {one.state.id for one in lost if one.state.kind == "deletion"}
        self._delete([(one, UNTRACKED) for one in lost if not one.state.kind])
        come = [one for one in new.units[stretch.b : stretch.b_end] if one.state.kind != "deletion"]
        if come and not self._was_suggested(old, stretch, come):
            self._insert(_spot_before(old, stretch.a_end), come, UNTRACKED)

    def _was_suggested(self, old: DiffRow, stretch: Stretch, come: Sequence[PlacedUnit]) -> bool:
        """Whether the new words are an insertion of the text that was accepted in the file."""
        words = "".join(one.text for one in come).strip()
        for gap in range(stretch.a, stretch.a_end + 1):
            suggested = old.gaps[gap]
            if suggested and "".join(one.text for one in suggested).strip() == words:
                self.asked.taken |= {one.state.id for one in suggested}
                old.gaps[gap] = []
                return True
        return False

    # --- what was inserted -------------------------------------------------------------------------

    def _gaps(self, old: DiffRow, new: DiffRow, stretches: Sequence[Stretch]) -> None:
        """Compare each insertion of the file with the text's insertions at the same place."""
        there: dict[int, list[PlacedUnit]] = {}
        for position, inserted in enumerate(new.gaps):
            if inserted:
                there.setdefault(_counterpart(position, stretches), []).extend(inserted)
        for position in range(len(old.gaps)):
            was, now = old.gaps[position], there.get(position, [])
            if was or now:
                self._inserted(was, now, _spot_before(old, position))

    def _inserted(self, was: Sequence[PlacedUnit], now: Sequence[PlacedUnit], spot: Spot) -> None:
        keys, others = ([(one.text, one.state.who) for one in side] for side in (was, now))
        at = spot
        for tag, a, a_end, b, b_end in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
            if tag == "equal":
                self._unchanged(was[a:a_end], now[b:b_end])
            else:
                self.asked.refused |= {one.state.id for one in was[a:a_end]}
                for run in _runs(now[b:b_end]):
                    self._insert(at, run, int(run[0].state.id))
            if a_end > a:
                last = was[a_end - 1]
                at = Spot(last.line, last.place + 1) if last.text != END else Spot(last.line + 1, 0)

    def _unchanged(self, was: Sequence[PlacedUnit], now: Sequence[PlacedUnit]) -> None:
        """Handle insertions in both the text and the file; report those deleted again."""
        out = [one.text for one, other in zip(was, now, strict=True) if other.state.out]
        if out:
            self.asked.not_taken.append(("inside_suggestion", "".join(out)))

    def _behind(self, old: list[list[PlacedUnit]], new: list[list[PlacedUnit]], line: int) -> int:
        """Compare whole paragraphs inserted after a row. Return the last line that they follow."""
        keys, others = ([_units_text(one) for one in side] for side in (old, new))
        last = line
        for tag, a, a_end, b, b_end in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
            if tag == "equal":
                for was, now in zip(old[a:a_end], new[b:b_end], strict=True):
                    self._inserted(was, now, Spot(was[0].line, was[0].place))
                    last = was[-1].line
                continue
            pairs = min(a_end - a, b_end - b)
            for was, now in zip(old[a : a + pairs], new[b : b + pairs], strict=True):
                self._inserted(was, now, Spot(was[0].line, was[0].place))
                last = was[-1].line
            self.asked.refused |= {one.state.id for was in old[a + pairs : a_end] for one in was}
            for now in new[b + pairs : b_end]:
                self._add_row(now, last, int(now[0].state.id))
        return last

    # --- rows without a counterpart ----------------------------------------------------------------

    def _new_row(self, row: DiffRow, behind: int) -> None:
        units = [one for one in _with_insertions(row) if one.state.kind != "deletion"]
        if any(not one.unit.is_space for one in units):
            self._add_row(units, behind, UNTRACKED)
        self._behind([], row.behind, behind)

    def _add_row(self, units: Sequence[PlacedUnit], behind: int, change: int) -> None:
        kept = tuple((one.unit, self.file[one.line]) for one in units if not one.state.out)
        source = self.file[units[0].line]
        in_table, same = (
            _cell_number(source),
            self.beside is not None and _cell_number(source) == _cell_number(self.beside),
        )
        if not kept:
            return
        if in_table and not same:
            self.asked.not_taken.append(("table", "".join(unit.text for unit, _line in kept)))
        else:
            self.asked.edits.append(InsertedRow(behind, kept, source, change))

    def _lost_row(self, row: DiffRow) -> None:
        if all(self.text[line].fixed for line in row.lines):
            self._fixed(row)
            return
        self.asked.taken |= {one.state.id for one in row.units if one.state.kind == "deletion"}
        self._delete([(one, UNTRACKED) for one in row.units if not one.state.kind])

    def _regrouped(self, match: RowMatch) -> None:
        """Handle the same words split into another number of paragraphs, untracked."""
        if len(match.new) == 1:
            for row in match.old[:-1]:
                self.asked.edits.append(JoinedLine(row.lines[-1], UNTRACKED))
            return
        old, position = match.old[0], 0
        for row in match.new[:-1]:
            position = _behind_words(old, position, row.words)
            end = TextUnit(END, row.units[-1].state, -1)
            self._insert(_spot_before(old, position), [row.units[-1]._replace(unit=end)], UNTRACKED)

    def _end(self, old: DiffRow, new: DiffRow, following: RowMatch | None) -> None:
        """Record a deleted end as a join of two paragraphs, unless one is deleted as a whole."""
        if old.end.kind and not new.end.kind:
            self.asked.refused.add(old.end.id)
        if old.end.kind or new.end.kind != "deletion" or _is_gone(new):
            return
        if following is not None and following.old and following.new and not _is_gone(following.new[0]):
            self.asked.edits.append(JoinedLine(old.lines[-1], int(new.end.id)))

    # --- keeping what is asked for -----------------------------------------------------------------

    def _delete(self, units: Sequence[tuple[PlacedUnit, int]]) -> None:
        """Record deletions as runs of adjacent units in one line and of one change."""
        run: list[int] = []
        for index, (placed, change) in enumerate(units):
            run.append(placed.place)
            following = units[index + 1] if index + 1 < len(units) else None
            if following is None or (following[0].line, following[1]) != (placed.line, change):
                self._add_gone(placed.line, tuple(run), change)
                run = []

    def _add_gone(self, line: int, units: tuple[int, ...], change: int) -> None:
        if self.text[line].fixed:
            words = "".join(self.text[line].units[index].text for index in units)
            self.asked.not_taken.append((self.text[line].fixed, words))
        else:
            self.asked.edits.append(DeletedUnits(line, units, change))

    def _insert(self, at: Spot, units: Sequence[PlacedUnit], change: int) -> None:
        kept = tuple((one.unit, self.file[one.line]) for one in units if not one.state.out)
        if not kept:
            return
        if self.text[at.line].fixed:
            self.asked.not_taken.append(
                (self.text[at.line].fixed, "".join(unit.text for unit, _line in kept))
            )
        else:
            self.asked.edits.append(InsertedUnits(at, kept, change))

    def _fixed(self, row: DiffRow) -> None:
        self.asked.not_taken.append((self.text[row.lines[0]].fixed, row.words))


def _spot_before(row: DiffRow, position: int) -> Spot:
    """Return the spot before the unit at a position: directly after the previous unit."""
    if position:
        before = row.units[position - 1]
        return Spot(before.line, before.place + 1)
    first = row.units[0]
    return Spot(first.line, first.place)


def _differs_only_in_spaces(row: DiffRow, stretch: Stretch, differing: Sequence[PlacedUnit]) -> bool:
    """Whether the difference is only in the number of spaces."""
    beside = row.units[max(0, stretch.a - 1) : stretch.a] + row.units[stretch.a_end : stretch.a_end + 1]
    return all(one.unit.is_space for one in differing) and any(one.unit.is_space for one in beside)


def _cell_number(line: DiffLine) -> int:
    """Return the number of the table cell that contains a line, or 0."""
    return next((number for name, number in line.around if name in {"tableCell", "tableHeader"}), 0)


def _counterpart(position: int, stretches: Sequence[Stretch]) -> int:
    """Return the position in the text's row that matches a position in the file's row."""
    for stretch in stretches:
        if stretch.same and stretch.b <= position < stretch.b_end:
            return stretch.a + position - stretch.b
        if stretch.b <= position < stretch.b_end:
            return stretch.a_end
    return stretches[-1].a_end if stretches else 0


def _runs(units: Sequence[PlacedUnit]) -> Iterator[list[PlacedUnit]]:
    """Yield runs of adjacent units of one change."""
    run: list[PlacedUnit] = []
    for one in units:
        if run and run[-1].state.id != one.state.id:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _with_insertions(row: DiffRow) -> Iterator[PlacedUnit]:
    for gap, unit in zip(row.gaps, row.units, strict=False):
        yield from gap
        yield unit
    yield from row.gaps[-1]


def _units_text(units: Sequence[PlacedUnit]) -> str:
    return "".join(f"{one.text}\x00{one.state.who}" for one in units)


def _is_gone(row: DiffRow) -> bool:
    return all(one.state.kind == "deletion" for one in row.units)


def _behind_words(row: DiffRow, position: int, words: str) -> int:
    """Return the position after as many letters as the words have, ignoring spaces."""
    left = sum(not one.isspace() for one in words)
    while left > 0 and position < len(row.units):
        left -= sum(not one.isspace() for one in row.units[position].text)
        position += 1
    return position


# --- inserted ---
# Conversion of a file's units to the editor's inline nodes.


_MARKS = frozenset({"bold", "italic", "link"})


def inline(units: Iterable[tuple[TextUnit, DiffLine]], *, plain: bool, identifier: str = "") -> list[Json]:
    """Return the nodes, marked as an insertion if there is an `identifier`.

    `plain`: only words, without marks and notes, as for a title and a lead.
    """
    made: list[Json] = []
    for unit, line in units:
        if unit.text.startswith(NOTE):
            if not plain:
                made.append({"type": "footnote", "attrs": {"text": unit.text.removeprefix(NOTE)}})
            continue
        source = line.pieces[unit.piece].node
        marks = [one for one in source.get("marks") or () if one["type"] in _MARKS and not plain]
        last = made[-1] if made else None
        if last is not None and last["type"] == "text" and last["marks"] == marks:
            last["text"] += unit.text
        else:
            made.append({"type": "text", "text": unit.text, "marks": marks})
    for node in made:
        if identifier:
            node["marks"] = [*node.get("marks", ()), {"type": "insertion", "attrs": {"id": identifier}}]
        elif not node.get("marks"):
            node.pop("marks", None)
    return made
