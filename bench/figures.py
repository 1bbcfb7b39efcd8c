"""A measured figure, the table of all figures, and build/bench.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "build" / "bench.json"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value and its target; `reach` is None where the figure is only reported.

    `value` is None if it could not be measured: `why` gives the reason, and the target counts as
    missed.
    """

    group: str
    name: str
    value: float | None
    unit: str
    reach: float | None
    ok: bool
    why: str = ""


def at_most(group: str, name: str, value: float, unit: str, *, reach: float) -> Figure:
    return Figure(group=group, name=name, value=round(value, 2), unit=unit, reach=reach, ok=value <= reach)


def at_least(group: str, name: str, value: float, unit: str, *, reach: float) -> Figure:
    return Figure(group=group, name=name, value=round(value, 2), unit=unit, reach=reach, ok=value >= reach)


def told(group: str, name: str, value: float, unit: str) -> Figure:
    return Figure(group=group, name=name, value=round(value, 2), unit=unit, reach=None, ok=True)


def not_measured(group: str, name: str, why: str, *, unit: str = "", reach: float | None = None) -> Figure:
    return Figure(group=group, name=name, value=None, unit=unit, reach=reach, ok=False, why=why)


def write(figures: list[Figure]) -> None:
    """Replace build/bench.json."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) for figure in figures]
    RESULT.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> str:
    """Return the figures as aligned lines: value, target, and whether it is met."""
    lines = []
    for figure in figures:
        value = "-" if figure.value is None else f"{figure.value:g}"
        reach = "" if figure.reach is None else f"reach {figure.reach:g}"
        mark = "" if figure.reach is None and figure.ok else "met" if figure.ok else "MISSED"
        row = f"{figure.group:<9} {figure.name:<58} {value:>10} {figure.unit:<11} {reach:<12} {mark:<7}"
        lines.append(f"{row} {figure.why}".rstrip())
    return "\n".join(lines)
