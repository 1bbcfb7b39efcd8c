"""Matching of a file's rows with the text's rows, and of their units."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from documents.canonical.alignment import Effort, best_pairs, opcodes
from documents.canonical.passages import Token
from documents.interchange.diff.rows import DiffRow, PlacedUnit
from documents.interchange.diff.tokens import NOTE

_PAIRS_LIMIT: Final = 2_500


class RowMatch(NamedTuple):
    """Matching rows of the text and of the file.

    One and one, one and several (split, untracked), several and one (joined), or none on one side.
    """

    old: tuple[DiffRow, ...]
    new: tuple[DiffRow, ...]


def match_rows(old: Sequence[DiffRow], new: Sequence[DiffRow], effort: Effort) -> Iterator[RowMatch]:
    """Yield all rows of both sides as matches, in order."""
    keys = [[Token("row", row.words) for row in rows] for rows in (old, new)]
    for equal, a, a_end, b, b_end in opcodes(keys[0], keys[1], effort):
        if equal:
            for one, other in zip(old[a:a_end], new[b:b_end], strict=True):
                yield RowMatch((one,), (other,))
        else:
            yield from _differing(old[a:a_end], new[b:b_end])


def _differing(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> Iterator[RowMatch]:
    a = b = 0
    for a_from, a_to, b_from, b_to in [*_regrouped(old, new), (len(old), len(old), len(new), len(new))]:
        yield from _paired(old[a:a_from], new[b:b_from])
        if a_to > a_from:
            yield RowMatch(tuple(old[a_from:a_to]), tuple(new[b_from:b_to]))
        a, b = a_to, b_to


def _regrouped(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> Iterator[tuple[int, int, int, int]]:
    """Yield rows with the same words in another number of paragraphs."""
    a_words, b_words = (
        ["".join(row.words.split()) for row in old],
        ["".join(row.words.split()) for row in new],
    )
    starts = {(a, b) for a, b in product(range(len(old)), range(len(new)))} if _is_small(old, new) else set()
    done_a = done_b = 0
    for a, b in sorted(starts):
        if a < done_a or b < done_b:
            continue
        a_end, b_end = _same_words(a_words, a, b_words, b)
        if a_end:
            yield a, a_end, b, b_end
            done_a, done_b = a_end, b_end


def _same_words(old: Sequence[str], a: int, new: Sequence[str], b: int) -> tuple[int, int]:
    """Return the ends of equal rows from `a` and `b`, one of them a single row, or (0, 0)."""
    one, other = (old[a], new) if old[a].startswith(new[b]) else (new[b], old)
    start = b if other is new else a
    said = ""
    for end in range(start, len(other)):
        said += other[end]
        if not one.startswith(said):
            break
        if said == one:
            return (a + 1, end + 1) if other is new else (end + 1, b + 1)
    return 0, 0


def _is_small(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> bool:
    return len(old) * len(new) <= _PAIRS_LIMIT


def _paired(old: Sequence[DiffRow], new: Sequence[DiffRow]) -> Iterator[RowMatch]:
    pairs = best_pairs(
        [count_row_words(row.units) for row in old], [count_row_words(row.units) for row in new]
    )
    a = b = 0
    for a_next, b_next in [*pairs, (len(old), len(new))]:
        if a_next - a == b_next - b == 1:  # rewritten completely
            yield RowMatch((old[a],), (new[b],))
        else:
            yield from (RowMatch((row,), ()) for row in old[a:a_next])
            yield from (RowMatch((), (row,)) for row in new[b:b_next])
        if a_next < len(old):
            yield RowMatch((old[a_next],), (new[b_next],))
        a, b = a_next + 1, b_next + 1


def count_row_words(units: Sequence[PlacedUnit]) -> Counter[str]:
    """Count the words of a row, or its punctuation if it has no words."""
    tokens = _tokens(units)
    words = Counter(token.text.casefold() for token in tokens if token.counts)
    return words or Counter(token.text for token in tokens)


# --- inside a row -----------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """Equal or differing units: from `a` to `a_end` of the text and from `b` to `b_end` of the
    file."""

    same: bool
    a: int
    a_end: int
    b: int
    b_end: int


def match_units(old: Sequence[PlacedUnit], new: Sequence[PlacedUnit], effort: Effort) -> list[Stretch]:
    """Return equal and differing stretches, in order; units of an equal one correspond.

    Words are matched without the spaces between them, so consecutive replaced words are one
    stretch. Spaces that differ only in number are equal.
    """
    if [one.text for one in old] == [one.text for one in new]:
        return [Stretch(True, 0, len(old), 0, len(new))]  # noqa: FBT003  the field says what it is
    a_tokens, b_tokens = _tokens(old), _tokens(new)
    a_words = [index for index, token in enumerate(a_tokens) if not token.is_space]
    b_words = [index for index, token in enumerate(b_tokens) if not token.is_space]
    pairs = [
        (a_words[a + offset], b_words[b + offset])
        for equal, a, a_end, b, _b_end in opcodes(
            [a_tokens[index] for index in a_words], [b_tokens[index] for index in b_words], effort
        )
        for offset in range(a_end - a if equal else 0)
    ]
    return list(_stretches(_Cut(a_tokens), _Cut(b_tokens), pairs))


class _Cut:
    """Tokens with the unit index of each. `details` of a token is its number of units."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.places = [0, *itertools.accumulate(int(token.details[0]) for token in tokens)]


def _stretches(old: _Cut, new: _Cut, pairs: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    a = b = 0
    for a_next, b_next in [*pairs, (len(old.tokens), len(new.tokens))]:
        start, end = _common(old.tokens[a:a_next], new.tokens[b:b_next])
        yield from _stretch(old, new, (a, a + start), (b, b + start), same=True)
        yield from _stretch(old, new, (a + start, a_next - end), (b + start, b_next - end), same=False)
        last = a_next < len(old.tokens)
        yield from _stretch(old, new, (a_next - end, a_next + last), (b_next - end, b_next + last), same=True)
        a, b = a_next + 1, b_next + 1


def _common(old: Sequence[Token], new: Sequence[Token]) -> tuple[int, int]:
    """Return the number of tokens in the common prefix, and in the common suffix."""
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    end = next(
        (index for index in range(shorter - start) if old[-1 - index] != new[-1 - index]), shorter - start
    )
    return start, end


def _stretch(
    old: _Cut, new: _Cut, a: tuple[int, int], b: tuple[int, int], *, same: bool
) -> Iterator[Stretch]:
    made = Stretch(same, old.places[a[0]], old.places[a[1]], new.places[b[0]], new.places[b[1]])
    if made.a_end > made.a or made.b_end > made.b:
        yield made


def _tokens(units: Sequence[PlacedUnit]) -> list[Token]:
    """Return words, spaces, punctuation and notes.

    `details` is the number of units: equal tokens have as many.
    """
    tokens: list[Token] = []
    begun = 0
    for index, placed in enumerate(units):
        goes_on = index > begun and _go_together(units[index - 1], placed)
        if index > begun and not goes_on:
            tokens.append(_token(units[begun:index]))
            begun = index
    if begun < len(units):
        tokens.append(_token(units[begun:]))
    return tokens


def _token(units: Sequence[PlacedUnit]) -> Token:
    words = "".join(one.text for one in units)
    kind = "note" if words.startswith(NOTE) else "word"
    return Token(kind, words, details=(str(len(units)),))


def _go_together(before: PlacedUnit, placed: PlacedUnit) -> bool:
    """Whether two adjacent units belong to one word; an insertion is separate from the words
    around it."""
    inserted = {one.state.kind == "insertion" for one in (before, placed)}
    return len(inserted) == 1 and _in_word(before.text) and _in_word(placed.text)


def _in_word(text: str) -> bool:
    return text[0].isalnum() or text[0] in "_'’\u2010\u2011-"
