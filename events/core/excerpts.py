"""Cutting passages out of somebody's words without changing any of the others. No database."""

from typing import Final

CUT: Final = "[…]"


def is_cut_of(shown: str, words: str) -> bool:
    """Whether `shown` is `words` with passages replaced by `CUT`: nothing is added, changed or moved."""
    if shown == words:
        return True
    pieces = shown.split(CUT)
    if len(pieces) == 1:
        return False
    first, *middle, last = pieces
    if not words.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        found = words.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return words.endswith(last) and place + len(last) <= len(words)
