"""Numbers as people write them. Pure."""

from collections.abc import Iterable
from itertools import pairwise


def number_ranges(numbers: Iterable[int]) -> str:
    """Return numbers as people write them: “12–18, 20”. "" for none."""
    ordered = sorted(set(numbers))
    if not ordered:
        return ""
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return ", ".join(
        str(start) if start == end else f"{start}–{end}" for start, end in zip(starts, ends, strict=True)
    )
