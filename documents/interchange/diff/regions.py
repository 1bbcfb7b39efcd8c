"""Where a file differs from its text at all: most lines of a long text are what they were."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from documents.canonical.alignment import Effort, opcodes
from documents.canonical.passages import Token
from documents.interchange.diff.tokens import Line


class Region(NamedTuple):
    """Lines `a` to `a_end` of the text and `b` to `b_end` of the file."""

    a: int
    a_end: int
    b: int
    b_end: int


def regions(text: Sequence[Line], file: Sequence[Line], effort: Effort) -> Iterator[Region]:
    """The regions that differ, in order. No row of words runs over the border of a region."""
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


def _region(a: int, a_end: int, b: int, b_end: int) -> Iterator[Region]:
    if a_end > a or b_end > b:
        yield Region(a, a_end, b, b_end)


def _runs_on(lines: Sequence[Line], number: int) -> bool:
    """Whether something is suggested about the end of the line before."""
    return number > 0 and bool(lines[number - 1].end.kind)
