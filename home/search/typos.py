"""Words that were mistyped: which of the words that there are was meant."""

from collections.abc import Mapping, Sequence

SHORTEST = 4  # letters: shorter words differ from too many
SURE_FROM = 7  # letters from which on two mistakes are forgiven
MOST_MISTAKES = 2


def trigrams(word: str) -> list[str]:
    """Overlapping parts of three letters, the edges of the word included: each once."""
    edged = f"00{word}00"  # words that are compared have no digits
    return sorted({edged[start : start + 3] for start in range(len(edged) - 2)})


def can_be_mistyped(word: str) -> bool:
    """Whether it is long enough to tell what was meant, and no number."""
    return len(word) >= SHORTEST and word.isalpha()


def closest(word: Sequence[str], others: Mapping[str, Sequence[str]]) -> list[str]:
    """Those of the other words that lie within the mistakes forgiven and nearest, in their order.

    Each word comes with its stems, so that a mistake in another form of the word is one mistake.
    """
    found: dict[int, list[str]] = {}
    for other, spellings in others.items():
        far = min((_bounded_distance(one, another) for one in word for another in spellings), default=None)
        if far is not None and far <= MOST_MISTAKES:
            found.setdefault(far, []).append(other)
    return found[min(found)] if found else []


def _bounded_distance(one: str, other: str) -> int:
    """Their distance, or more than is ever forgiven where it is more than words of this length allow."""
    shorter = min(len(one), len(other))
    forgiven = MOST_MISTAKES if shorter >= SURE_FROM else 1 if shorter >= SHORTEST else 0
    if abs(len(one) - len(other)) > forgiven:
        return MOST_MISTAKES + 1
    far = distance(one, other)
    return far if far <= forgiven else MOST_MISTAKES + 1


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """How many letters were left out, added, changed, or swapped with the next one (optimal alignment)."""
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
