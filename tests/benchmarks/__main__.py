"""`make bench`: run the groups, print the table, write build/bench.json. Exits 1 if a figure is missed."""

import os
import sys
from collections.abc import Callable

from tests.benchmarks import approval, calendar, door, pages, realtime, start
from tests.benchmarks.figures import RESULT, ROOT, Figure, table, write

GROUPS: dict[str, Callable[[str | None], list[Figure]]] = {
    "pages": pages.measure,
    "start": start.measure,
    "calendar": calendar.measure,
    "realtime": realtime.measure,
    "door": door.measure,
    "approval": approval.measure,
}


def main() -> None:
    only = os.environ.get("ONLY", "")
    if only and only not in GROUPS:
        sys.exit(f"There is no group {only!r}. There are: {', '.join(GROUPS)}.")
    peer = os.environ.get("PEER") or None
    figures: list[Figure] = []
    for name in [only] if only else GROUPS:
        print(f"Measuring {name}", flush=True)
        figures.extend(GROUPS[name](peer))
    write(figures)
    print(f"\n{table(figures)}\n\nAlso in {RESULT.relative_to(ROOT)}")
    sys.exit(not all(figure.ok for figure in figures))


if __name__ == "__main__":
    main()
