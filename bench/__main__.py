"""`make bench`: run the groups, print the table, write build/bench.json.

Exit with 1 if a figure misses its target. A group that cannot run counts as a missed figure; the
other groups still run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from django.core.management import CommandError
from django.db import DatabaseError

from bench import (
    approval,
    calendar,
    campaign,
    door,
    front,
    large,
    packages,
    pages,
    realtime,
    start,
    uploads,
    workers,
)
from bench.campaign import impact, postcards, posters
from bench.figures import RESULT, ROOT, Figure, not_measured, table, write

GROUPS: dict[str, Callable[[str | None], list[Figure]]] = {
    "pages": pages.measure,
    "nginx": front.measure,
    "workers": workers.measure,
    "start": start.measure,
    "calendar": calendar.measure,
    "realtime": realtime.measure,
    "door": door.measure,
    "campaign": campaign.measure,
    "postcards": postcards.measure,
    "posters": posters.measure,
    "impact": impact.measure,
    "approval": approval.measure,
    "uploads": uploads.measure,
    "packages": packages.measure,
    "large": large.measure,
}


def main() -> None:
    only = os.environ.get("ONLY", "")
    if only and only not in GROUPS:
        sys.exit(f"There is no group {only!r}. There are: {', '.join(GROUPS)}.")
    peer = os.environ.get("PEER") or None
    figures: list[Figure] = []
    for name in [only] if only else GROUPS:
        print(f"Measuring {name}", flush=True)
        begun = time.monotonic()
        figures += _measured(name, peer)
        write(figures)
        print(f"  {time.monotonic() - begun:.0f} s", flush=True)
    print(f"\n{table(figures)}\n\nAlso in {RESULT.relative_to(ROOT)}")
    sys.exit(not all(figure.ok for figure in figures))


def _measured(name: str, peer: str | None) -> list[Figure]:
    try:
        return GROUPS[name](peer)
    # Raised by groups when a part of the machine is missing or answers unexpectedly.
    except (RuntimeError, OSError, subprocess.SubprocessError, DatabaseError, CommandError) as fault:
        why = " ".join(str(fault).split()) or type(fault).__name__
        return [not_measured(name, "the group could not be measured", why)]


if __name__ == "__main__":
    main()
