"""Typo correction: the known words nearest to a mistyped one."""

from collections.abc import Mapping, Sequence

SHORTEST = 4  # letters: shorter words are close to too many
SURE_FROM = 7  # letters from which on two mistakes are allowed
MOST_MISTAKES = 2


def trigrams(word: str) -> list[str]:
    """Return the distinct trigrams of the word, with padding at both ends."""
    edged = f"00{word}00"  # compared words contain no digits
    return sorted({edged[start : start + 3] for start in range(len(edged) - 2)})


def can_be_mistyped(word: str) -> bool:
    """Whether the word is long enough for correction, and no number."""
    return len(word) >= SHORTEST and word.isalpha()


def closest(word: Sequence[str], others: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the nearest of the other words within the allowed mistakes, in order.

    Each word comes with its stems, so that a mistake in another form of the word is one mistake.
    """
    found: dict[int, list[str]] = {}
    for other, spellings in others.items():
        far = min((_bounded_distance(one, another) for one in word for another in spellings), default=None)
        if far is not None and far <= MOST_MISTAKES:
            found.setdefault(far, []).append(other)
    return found[min(found)] if found else []


def _bounded_distance(one: str, other: str) -> int:
    """Return their distance, or a value above the limit if it exceeds that for words of this
    length."""
    shorter = min(len(one), len(other))
    forgiven = MOST_MISTAKES if shorter >= SURE_FROM else 1 if shorter >= SHORTEST else 0
    if abs(len(one) - len(other)) > forgiven:
        return MOST_MISTAKES + 1
    far = distance(one, other)
    return far if far <= forgiven else MOST_MISTAKES + 1


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of letters omitted, added, changed, or transposed (optimal string
    alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, another in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
