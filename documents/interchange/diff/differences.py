"""Search for the regions in which a file differs from its text; most lines of a long text are equal."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from documents.canonical.compare import Effort, opcodes
from documents.canonical.form import Json
from documents.canonical.passages import Token
from documents.interchange.diff.matching import (
    UNTRACKED,
    DeletedUnits,
    InsertedRow,
    InsertedUnits,
    JoinedLine,
    RequestedEdit,
    RequestedEdits,
    RowMatch,
    Spot,
    Stretch,
    match_rows,
    match_units,
    settle_row,
    with_accepted,
)
from documents.interchange.diff.tokens import (
    END,
    NOTE,
    DiffLine,
    DiffRow,
    PlacedUnit,
    TextUnit,
    split_into_rows,
)


def differing_regions(
    text: Sequence[DiffLine], file: Sequence[DiffLine], effort: Effort
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the differing regions, in order: lines from `a` to `a_end` of the text and from `b` to `b_end`
    of the file, as (a, a_end, b, b_end). No row crosses the border of a region."""

    def runs_on(lines: Sequence[DiffLine], number: int) -> bool:
        """Whether the end of the previous line belongs to a suggestion."""
        return number > 0 and bool(lines[number - 1].end.kind)

    old, new = ([Token("line", repr((line.key, line.end[:2]))) for line in side] for side in (text, file))
    a = b = 0
    for equal, a_from, a_to, b_from, _b_to in opcodes(old, new, effort):
        if not equal:
            continue
        start, end = a_from, a_to
        while start < end and runs_on(text, start) | runs_on(file, b_from + start - a_from):
            start += 1
        while end > start and text[end - 1].end.kind:
            end -= 1
        if end == start:
            continue
        shift = b_from - a_from
        if start > a or start + shift > b:
            yield a, start, b, start + shift
        a, b = end, end + shift
    if len(text) > a or len(file) > b:
        yield a, len(text), b, len(file)


# Differences between a file and the text it was made from: tracked and untracked changes.
#
# A suggestion of the text that is unchanged in the file is not a difference. One accepted or
# rejected in the file stays open, since only people here decide; the decision is reported.


def find_requested_edits(text: Sequence[DiffLine], file: Sequence[DiffLine]) -> RequestedEdits:
    """Return the changes of the file. `text`: the lines of its content when it was made."""
    comparing = _LineComparison(text, file)
    for region in differing_regions(text, file, comparing.effort):
        comparing.compare(*region)
    return comparing.requested


class _LineComparison:
    def __init__(self, text: Sequence[DiffLine], file: Sequence[DiffLine]) -> None:
        self.text = text
        self.file = file
        self.requested = RequestedEdits()
        self.effort = Effort()
        self.beside: DiffLine | None = None  # the line of the file after which new content is

    def compare(self, a: int, a_end: int, b: int, b_end: int) -> None:
        """Compare the lines of a differing region."""
        old = split_into_rows(self.text[a:a_end], first=a)
        new = split_into_rows(self.file[b:b_end], first=b)
        # The first row represents what precedes the others.
        matches = [RowMatch((old[0],), (new[0],)), *match_rows(old[1:], new[1:], self.effort)]
        last, self.beside = a - 1, self.file[b - 1] if b else None
        for index, match in enumerate(matches):
            if not match.old:
                continue
            if index:
                if not match.new:
                    self._lost_row(match.old[0])
                elif len(match.old) == len(match.new):
                    following = matches[index + 1] if index + 1 < len(matches) else None
                    self._row(match.old[0], match.new[0], following)
                else:
                    self._regrouped(match)
                last = match.old[-1].lines[-1]
                self.beside = self.file[match.new[-1].lines[-1]] if match.new else self.beside
            added = list(itertools.takewhile(lambda one: not one.old, matches[index + 1 :]))
            self._added(match, [one.new[0] for one in added], last)

    def _added(self, match: RowMatch, rows: list[DiffRow], last: int) -> None:
        """Compare what follows a row: inserted paragraphs, and rows without a counterpart."""
        old = [one for row in match.old for one in row.behind]
        accepted = [row for row in rows if self._accept_words(old, row.words)]
        last = self._behind(
            [one for one in old if one], [one for row in match.new for one in row.behind], last
        )
        for row in rows:
            if row not in accepted:
                units = [one for one in row.with_insertions() if one.state.kind != "deletion"]
                if any(not one.unit.is_space for one in units):
                    self._add_row(units, last, UNTRACKED)
                self._behind([], row.behind, last)

    def _accept_words(self, suggested: Iterable[list[PlacedUnit]], words: str) -> bool:
        """Whether one of the suggested insertions has these words: it was accepted in the file, and is
        emptied."""
        for units in suggested:
            if units and "".join(one.text for one in units).strip() == words:
                self.requested.taken |= {one.state.id for one in units}
                units.clear()
                return True
        return False

    # --- one row and its counterpart ---------------------------------------------------------------

    def _row(self, old: DiffRow, new: DiffRow, following: RowMatch | None) -> None:
        self._end(old, new, following)
        if len(old.lines) == len(new.lines) == 1 and (
            self.text[old.lines[0]].key == self.file[new.lines[0]].key
        ):
            return
        # Suggestions accepted or rejected in the file, if its other changes are tracked.
        settled = settle_row(old, new)
        if settled is not None:
            old, stretches = settled
        else:
            old = with_accepted(old, new)
            stretches = match_units(old.units, new.units, self.effort)
        for stretch in stretches:
            if stretch.same:
                self._equal(old, new, stretch)
            elif settled is None:
                self._replaced(old, new, stretch)
            else:
                self._accept_deletions(old.units[stretch.a : stretch.a_end])
        self._gaps(old, new, stretches)

    def _equal(self, old: DiffRow, new: DiffRow, stretch: Stretch) -> None:
        gone: list[tuple[PlacedUnit, int]] = []
        struck = ""
        for a, b in zip(range(stretch.a, stretch.a_end), range(stretch.b, stretch.b_end), strict=True):
            was, now = old.units[a], new.units[b]
            if now.state.kind == "deletion" and not was.state.kind:
                gone.append((was, int(now.state.id)))
            elif was.state.kind == "deletion" and not now.state.kind:
                self.requested.refused.add(was.state.id)
            elif was.state.kind == "insertion":
                self.requested.taken.add(was.state.id)
                struck += was.text if now.state.kind else ""
        self._delete(gone)
        if struck:
            self.requested.not_taken.append(("inside_suggestion", struck))

    def _replaced(self, old: DiffRow, new: DiffRow, stretch: Stretch) -> None:
        lost = old.units[stretch.a : stretch.a_end]
        if _differs_only_in_spaces(old, stretch, lost + new.units[stretch.b : stretch.b_end]):
            return
        self._delete_untracked(lost)
        come = [one for one in new.units[stretch.b : stretch.b_end] if one.state.kind != "deletion"]
        # Not new if they are an insertion of the text that was accepted in the file.
        suggested = old.gaps[stretch.a : stretch.a_end + 1]
        if come and not self._accept_words(suggested, "".join(one.text for one in come).strip()):
            self._insert(_spot_before(old, stretch.a_end), come, UNTRACKED)

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
                if again := "".join(one.text for one in now[b:b_end] if one.state.out):
                    self.requested.not_taken.append(("inside_suggestion", again))  # deleted again
            else:
                self.requested.refused |= {one.state.id for one in was[a:a_end]}
                for change, run in groupby(now[b:b_end], key=lambda one: one.state.id):
                    self._insert(at, list(run), int(change))
            if a_end > a:
                last = was[a_end - 1]
                at = Spot(last.line, last.place + 1) if last.text != END else Spot(last.line + 1, 0)

    def _behind(self, old: list[list[PlacedUnit]], new: list[list[PlacedUnit]], line: int) -> int:
        """Compare whole paragraphs inserted after a row. Return the last line that they follow."""
        keys, others = (
            ["".join(f"{one.text}\x00{one.state.who}" for one in paragraph) for paragraph in side]
            for side in (old, new)
        )
        last = line
        for _tag, a, a_end, b, b_end in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
            pairs = min(a_end - a, b_end - b)
            for was, now in zip(old[a : a + pairs], new[b : b + pairs], strict=True):
                self._inserted(was, now, Spot(was[0].line, was[0].place))
                last = was[-1].line
            self.requested.refused |= {one.state.id for was in old[a + pairs : a_end] for one in was}
            for now in new[b + pairs : b_end]:
                self._add_row(now, last, int(now[0].state.id))
        return last

    # --- rows without a counterpart ----------------------------------------------------------------

    def _add_row(self, units: Sequence[PlacedUnit], behind: int, change: int) -> None:
        kept = tuple((one.unit, self.file[one.line]) for one in units if not one.state.out)
        source = self.file[units[0].line]
        if not kept:
            return
        cell = _cell_number(source)
        if cell and (self.beside is None or cell != _cell_number(self.beside)):
            self.requested.not_taken.append(("table", "".join(unit.text for unit, _line in kept)))
        else:
            self.requested.edits.append(InsertedRow(behind, kept, source, change))

    def _lost_row(self, row: DiffRow) -> None:
        if all(self.text[line].fixed for line in row.lines):
            self.requested.not_taken.append((self.text[row.lines[0]].fixed, row.words))
            return
        self._delete_untracked(row.units)

    def _regrouped(self, match: RowMatch) -> None:
        """Handle the same words split into another number of paragraphs, untracked."""
        if len(match.new) == 1:
            for row in match.old[:-1]:
                self.requested.edits.append(JoinedLine(row.lines[-1], UNTRACKED))
            return
        old, position = match.old[0], 0
        for row in match.new[:-1]:
            position = _behind_words(old, position, row.words)
            end = TextUnit(END, row.units[-1].state, -1)
            self._insert(_spot_before(old, position), [row.units[-1]._replace(unit=end)], UNTRACKED)

    def _end(self, old: DiffRow, new: DiffRow, following: RowMatch | None) -> None:
        """Record a deleted end as a join of two paragraphs, unless one is deleted as a whole."""
        if old.end.kind and not new.end.kind:
            self.requested.refused.add(old.end.id)
        if old.end.kind or new.end.kind != "deletion" or _is_gone(new):
            return
        if following is not None and following.old and following.new and not _is_gone(following.new[0]):
            self.requested.edits.append(JoinedLine(old.lines[-1], int(new.end.id)))

    # --- the requested edits -----------------------------------------------------------------------

    def _accept_deletions(self, lost: Sequence[PlacedUnit]) -> None:
        self.requested.taken |= {one.state.id for one in lost if one.state.kind == "deletion"}

    def _delete_untracked(self, lost: Sequence[PlacedUnit]) -> None:
        self._accept_deletions(lost)
        self._delete([(one, UNTRACKED) for one in lost if not one.state.kind])

    def _delete(self, units: Sequence[tuple[PlacedUnit, int]]) -> None:
        """Record deletions as runs of adjacent units in one line and of one change."""
        run: list[int] = []
        for index, (placed, change) in enumerate(units):
            run.append(placed.place)
            following = units[index + 1] if index + 1 < len(units) else None
            if following is None or (following[0].line, following[1]) != (placed.line, change):
                words = "".join(self.text[placed.line].units[place].text for place in run)
                self._add(placed.line, DeletedUnits(placed.line, tuple(run), change), words)
                run = []

    def _insert(self, at: Spot, units: Sequence[PlacedUnit], change: int) -> None:
        kept = tuple((one.unit, self.file[one.line]) for one in units if not one.state.out)
        if kept:
            words = "".join(unit.text for unit, _line in kept)
            self._add(at.line, InsertedUnits(at, kept, change), words)

    def _add(self, line: int, edit: RequestedEdit, words: str) -> None:
        if self.text[line].fixed:
            self.requested.not_taken.append((self.text[line].fixed, words))
        else:
            self.requested.edits.append(edit)


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


def _is_gone(row: DiffRow) -> bool:
    return all(one.state.kind == "deletion" for one in row.units)


def _behind_words(row: DiffRow, position: int, words: str) -> int:
    """Return the position after as many letters as the words have, ignoring spaces."""
    left = sum(not one.isspace() for one in words)
    while left > 0 and position < len(row.units):
        left -= sum(not one.isspace() for one in row.units[position].text)
        position += 1
    return position


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
