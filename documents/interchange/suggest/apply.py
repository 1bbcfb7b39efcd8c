"""Writing what a file asks for into the marked text, as suggestions in the names of those who changed it."""

import copy
from collections.abc import Sequence

from documents.interchange.diff.edits import Asked, Edit, Gone, Joined, NewRow, Words
from documents.interchange.diff.rebase import Rebase
from documents.interchange.diff.tokens import Json, Line
from documents.interchange.suggest.new_rows import put_rows
from documents.interchange.suggest.result import Authors, Suggested
from documents.interchange.suggest.rewrite import LineEdits, rewrite


def suggest(
    asked: Asked, *, before: Sequence[Line], now: Sequence[Line], marked: Json, authors: Authors
) -> Suggested:
    """What `asked` (found against the lines `before`) makes of the text as it is now: `marked`, whose lines
    are `now`. The arguments stay as they are. Whatever finds no place is told in `not_taken`."""
    done = Suggested(copy.deepcopy(marked), authors, not_taken=list(asked.not_taken))
    placing = _Placing(Rebase(before, now), done)
    for edit in asked.edits:
        placing.place(edit)
    # From the end to the beginning, so that places in front stay what they are.
    for number in sorted({*placing.lines, *placing.rows}, reverse=True):
        if number in placing.rows:
            put_rows(done, now, number, placing.rows[number])
        if number in placing.lines:
            rewrite(done, now, number, placing.lines[number])
    done.ids.reverse()
    return done


class _Placing:
    """Gathers the edits by the line of the text now."""

    def __init__(self, rebase: Rebase, done: Suggested) -> None:
        self.rebase = rebase
        self.done = done
        self.lines: dict[int, LineEdits] = {}
        self.rows: dict[int, list[NewRow]] = {}

    def place(self, edit: Edit) -> None:
        match edit:
            case NewRow():
                self.rows.setdefault(self.rebase.line_or_before(edit.behind), []).append(edit)
            case Joined():
                self._joined(edit)
            case Gone():
                self._gone(edit)
            case Words():
                self._words(edit)

    def _line(self, line: int) -> LineEdits:
        return self.lines.setdefault(line, LineEdits())

    def _joined(self, edit: Joined) -> None:
        line = self.rebase.line(edit.line)
        if line is None:
            self.done.not_taken.append(("moved", "¶"))
        else:
            self._line(line).joined = edit.change

    def _gone(self, edit: Gone) -> None:
        for index in edit.units:
            now = self.rebase.unit(edit.line, index)
            if now is not None:  # otherwise somebody took it out since
                self._line(self.rebase.lines[edit.line]).gone[now] = edit.change

    def _words(self, edit: Words) -> None:
        spot = self.rebase.spot(edit.at)
        if spot is None:
            self.done.not_taken.append(("moved", "".join(unit.text for unit, _line in edit.units)))
        else:
            self._line(spot.line).words.setdefault(spot.place, []).append(edit)
