"""Alignment of the passages of two versions of a text."""

import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from documents.canonical.passages import Passage, Token

_ALIKE: Final = 0.4


"""Share of common words from which two passages count as one that was changed."""


_PAIRS_LIMIT: Final = 2_500
_STEPS_LIMIT: Final = 20_000_000
_STEPS_IN_ALL: Final = 60_000_000


"""For one alignment and for a whole comparison, as `_steps` counts them.

Above them alignment is coarse: whoever may write a text must not stall a server.
"""


type Pair = tuple[Passage | None, Passage | None]
type Opcode = tuple[bool, int, int, int, int]


@dataclass(slots=True)
class Effort:
    """Step budget of one comparison."""

    left: int = _STEPS_IN_ALL

    def spend(self, steps: int) -> bool:
        """Spend the steps; return False if the budget is too small."""
        if steps > min(self.left, _STEPS_LIMIT):
            return False
        self.left -= steps
        return True


def align(old: list[Passage], new: list[Passage], effort: Effort) -> Iterator[Pair]:
    """Yield pairs in reading order; None marks the missing side of an added or removed passage."""
    for equal, a_start, a_end, b_start, b_end in opcodes(old, new, effort):
        if equal:
            yield from zip(old[a_start:a_end], new[b_start:b_end], strict=True)
        else:
            yield from _pairs(old[a_start:a_end], new[b_start:b_end])


def opcodes[T: (Passage, Token)](old: Sequence[T], new: Sequence[T], effort: Effort) -> Iterator[Opcode]:
    """Yield opcodes, with difflib run between the equal start and end: (equal, ranges in both)."""
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    end = next(
        (index for index in range(shorter - start) if old[-1 - index] != new[-1 - index]), shorter - start
    )
    a_end, b_end = len(old) - end, len(new) - end
    if start:
        yield True, 0, start, 0, start
    a_part, b_part = old[start:a_end], new[start:b_end]
    if not effort.spend(_steps(a_part, b_part)):
        yield False, start, a_end, start, b_end
    else:
        matcher = difflib.SequenceMatcher(None, a_part, b_part, autojunk=False)
        for tag, *ends in matcher.get_opcodes():
            a, a_to, b, b_to = (start + one for one in ends)
            yield tag == "equal", a, a_to, b, b_to
    if end:
        yield True, a_end, len(old), b_end, len(new)


def _steps[T: (Passage, Token)](old: Sequence[T], new: Sequence[T]) -> int:
    """Return difflib's worst-case step count: all equal pairs, once for each block it finds."""
    counted, other = Counter(old), Counter(new)
    return sum(count * other[one] for one, count in counted.items()) * min(len(old), len(new))


def _pairs(old: list[Passage], new: list[Passage]) -> Iterator[Pair]:
    pairs = best_pairs([_count_words(one) for one in old], [_count_words(one) for one in new])
    a = b = 0
    for a_next, b_next in [*pairs, (len(old), len(new))]:
        yield from ((one, None) for one in old[a:a_next])
        yield from ((None, one) for one in new[b:b_next])
        if a_next < len(old):
            yield old[a_next], new[b_next]
        a, b = a_next + 1, b_next + 1


def best_pairs(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> list[tuple[int, int]]:
    """Return the index pairs with the most words in common, in order.

    Each passage is given as word counts; the result is a longest common subsequence by weight.
    Above `_PAIRS_LIMIT` combinations passages are paired by position.
    """
    if len(old) * len(new) > _PAIRS_LIMIT:
        return [(index, index) for index in range(min(len(old), len(new)))]
    alike = [[_similarity(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for a, b in itertools.product(reversed(range(len(old))), reversed(range(len(new)))):
        best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + alike[a][b])
    pairs = []
    a = b = 0
    while a < len(old) and b < len(new):
        if alike[a][b] and best[a][b] == best[a + 1][b + 1] + alike[a][b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _count_words(passage: Passage) -> Counter[str]:
    """Count the words of a passage, or its punctuation if it has no words."""
    counted = Counter(token.text.casefold() for token in passage.tokens if token.counts)
    return counted or Counter(token.text for token in passage.tokens) or Counter([passage.kind])


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    share = 2 * (one & other).total() / (one.total() + other.total())
    return share if share >= _ALIKE else 0.0
