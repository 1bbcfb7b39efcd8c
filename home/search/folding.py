"""Word folding for the search: lower case, with letters missing on common keyboards replaced.

People without a Kazakh keyboard write “кызметкер”; the text says “қызметкер”. Folding preserves
length, so that positions in the folded text are positions in the text.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from coalition.accounts.enums import Language
from home.search import kazakh

if TYPE_CHECKING:
    import snowballstemmer


FOLDED_LETTERS = dict(zip("әіңғүұқөһё", "аингуукохе", strict=True))
WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40  # letters: anything longer is not a word


# Characters whose lower case has the same length and no combining marks: nearly every text has only
# these.
PLAIN = re.compile(r"[\x00-\xbf\u0400-\u04ff\u2002-\u2027\u202f-\u205e\u20a0-\u20bf№→−×]*")


class _Letters(dict[int, str]):
    """Cache of each letter's folded form."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        if not "Ѐ" <= letter <= "ӿ":  # й is a separate letter, é is not
            low = unicodedata.normalize("NFD", low)
        folded = self[code] = FOLDED_LETTERS.get(low[0], low[0])
        return folded


_letters = _Letters()


def tidy(text: str) -> str:
    """Return the text with composed letters (NFC), without NUL, which databases reject, and
    invisible characters."""
    return unicodedata.normalize("NFC", text).replace("\0", " ").replace("\u00ad", "")


def fold(text: str) -> str:
    """Return the folded text, of equal length. The input must come from `tidy`."""
    if PLAIN.fullmatch(text) is None:
        return text.translate(_letters)
    folded = text.lower()  # equivalent, ten times as fast
    for letter, other in FOLDED_LETTERS.items():
        folded = folded.replace(letter, other)
    return folded


def folded_words(folded: str) -> Iterator[str]:
    """Yield the words of a folded text in order: letters and digits only."""
    return (found[0][:LONGEST_WORD] for found in WORD.finditer(folded))


# --- stems ---
# Stemming of words in the site's languages.


_one_at_a_time = Lock()  # a stemmer stores the current word, so it is not thread-safe
_SNOWBALL = {Language.RU: "russian", Language.EN: "english"}


@lru_cache(maxsize=100_000)
def stems(language: str, word: str) -> list[str]:
    """Return the stems of a folded word, folded: one, or in Kazakh one for each reading."""
    if language == Language.KK:
        return kazakh.kazakh_stems(word)
    with _one_at_a_time:
        return [str(_stemmer(language).stemWord(word))]


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    import snowballstemmer  # stemmers of thirty languages: imported on first use

    return snowballstemmer.stemmer(_SNOWBALL[Language(language)])


def tokens(language: str, text: str) -> list[str]:
    """Return the index tokens of a text: each word and its stems, once, in alphabetical order."""
    words = set(folded_words(fold(tidy(text))))
    return sorted(words.union(*(stems(language, word) for word in words)))


# --- typos ---
# Typo correction: the known words nearest to a mistyped one.


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
