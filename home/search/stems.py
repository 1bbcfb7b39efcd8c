"""Stemming of words in the site's languages."""

from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from coalition.accounts.enums import Language
from home.search import kazakh
from home.search.folding import fold, folded_words, tidy

if TYPE_CHECKING:
    import snowballstemmer

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
