"""Places of the text as it was when a file was made, found again in the text as it is now."""

from collections.abc import Sequence

from documents.canonical.alignment import Effort, best_pairs, opcodes
from documents.canonical.passages import Token
from documents.interchange.diff.edits import Spot
from documents.interchange.diff.matching import counted, match_units
from documents.interchange.diff.rows import Placed
from documents.interchange.diff.tokens import Line


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
