"""Excerpts: cutting passages out of a text without any other change. No database."""

from typing import Final

OMISSION_MARK: Final = "[…]"


def is_excerpt_of(shown: str, words: str) -> bool:
    """Whether `shown` is `words` with passages replaced by `CUT`, without any other change."""
    if shown == words:
        return True
    pieces = shown.split(OMISSION_MARK)
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
