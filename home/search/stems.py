"""Stems of words in the site's languages: what the forms of a word have in common."""

from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from coalition.accounts.enums import Language
from home.search import kazakh
from home.search.folding import fold, folded_words, tidy

if TYPE_CHECKING:
    import snowballstemmer

_one_at_a_time = Lock()  # a stemmer keeps the word it works on
_SNOWBALL = {Language.RU: "russian", Language.EN: "english"}


@lru_cache(maxsize=100_000)
def stems(language: str, word: str) -> list[str]:
    """The stems of a folded word, in folded letters: one, or in Kazakh one for each reading."""
    if language == Language.KK:
        return kazakh.kazakh_stems(word)
    with _one_at_a_time:
        return [str(_stemmer(language).stemWord(word))]


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    import snowballstemmer  # the stems of thirty languages: loaded with the first word

    return snowballstemmer.stemmer(_SNOWBALL[Language(language)])


def tokens(language: str, text: str) -> list[str]:
    """What the index keeps of a text: each word and its stems, once, in the order of the alphabet."""
    words = set(folded_words(fold(tidy(text))))
    return sorted(words.union(*(stems(language, word) for word in words)))
