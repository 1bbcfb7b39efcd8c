"""A measured figure, the table of all and build/bench.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "build" / "bench.json"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One value beside what it must reach; `reach` is None where the figure is told and not judged."""

    group: str
    name: str
    value: float
    unit: str
    reach: float | None
    ok: bool


def at_most(group: str, name: str, value: float, unit: str, *, reach: float) -> Figure:
    return Figure(group=group, name=name, value=round(value, 2), unit=unit, reach=reach, ok=value <= reach)


def at_least(group: str, name: str, value: float, unit: str, *, reach: float) -> Figure:
    return Figure(group=group, name=name, value=round(value, 2), unit=unit, reach=reach, ok=value >= reach)


def told(group: str, name: str, value: float, unit: str) -> Figure:
    return Figure(group=group, name=name, value=round(value, 2), unit=unit, reach=None, ok=True)


def write(figures: list[Figure]) -> None:
    """Replace build/bench.json."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) for figure in figures]
    RESULT.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> str:
    """The figures as aligned lines; a figure that does not reach its mark is said to."""
    lines = []
    for figure in figures:
        mark = "" if figure.reach is None else f"reach {figure.reach:g}" + ("" if figure.ok else "  MISSED")
        lines.append(f"{figure.group:<9} {figure.name:<52} {figure.value:>10g} {figure.unit:<11} {mark}")
    return "\n".join(line.rstrip() for line in lines)
