"""Finding terms in their inflected forms: stems of words, and the endings that may follow.

A term's words become stems; a word of a text matches a stem if it begins with it and the rest is an ending
of its language. No dictionary: Kazakh endings are chains of suffixes, Russian ones those of nouns and
adjectives, English ones a few. Pure, and given to the browser as data (`matching.py`, docs/glossary.md).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VARIANTS: Final = ";"
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+")

# What may follow a stem, to the end of the word: sources that mean the same in Python and in JavaScript.
ENDINGS: Final = {
    "kk": "(?:лар|лер|дар|дер|тар|тер|ым|ім|ың|ің|ң|сы|сі|ы|і|н|ның|нің|дың|дің|тың|тің|на|не|ға|ге|қа|ке|а|е"
    "|ны|ні|ды|ді|ты|ті|да|де|та|те|нда|нде|нан|нен|дан|ден|тан|тен|мен|бен|пен|ғы|гі|дағы|дегі|тағы|тегі"
    "|у|ушы|уші|ған|ген|қан|кен|п|ып|іп|са|се|йды|йді|й|лы|лі|сыз|сіз|дік|тік|лік|лық)*",
    "ru": "(?:а|я|у|ю|е|и|ы|о|й|ь|ой|ей|ий|ый|ом|ем|ам|ям|ами|ями|ах|ях|ов|ев|ию|ия|ие|ии|ием|ией"
    "|иям|иями|иях|ью|ая|яя|ое|ее|ые|ого|его|ому|ему|ым|им|ую|юю|ых|их|ыми|ими|ть|л|ла|ло|ли|ем|ет|ут|ют|ит|ат|ят|ся|сь|ться)?",
    "en": "(?:s|es|’s|s’|e|ed|es|ing|er|ers|y|ies|ied)?",
}
_VOWELS: Final = "аеиоуыэюяйь"
_ADJECTIVE: Final = re.compile(r"(?<=\w{3})(?:ый|ий|ой|ая|яя|ое|ее|ые|ие)$")
_SOFT: Final = str.maketrans("қкп", "ғгб")
SHORTEST: Final = 3  # letters: what is shorter is not cut, or it would mean too much


def normal(text: str) -> str:
    """Lower case, without ё and with one kind of apostrophe; as long as before."""
    return text.lower().replace("ё", "е").replace("'", "’")


def words_in(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as they are compared, with their places."""
    return [(normal(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def pattern_of(term: str, language: str) -> list[list[str]]:
    """For each word of the term its stems, one of which must match; empty for a term without words."""
    return [stems_of(word, language) for word, _start, _end in words_in(_outside_brackets(term))]


def variants(words: str) -> list[str]:
    """Ways to say the same, the first the preferred one."""
    return [one.strip() for one in words.split(VARIANTS) if one.strip()]


def stems_of(word: str, language: str) -> list[str]:
    """The stems of one word in lower case: more than one where its letters change before endings."""
    readers = {"kk": _kazakh, "ru": _russian, "en": _english}
    return readers[language](word)


def _russian(word: str) -> list[str]:
    """Nouns and adjectives lose their ending, verbs their ть; those in -овать are conjugated with -у-."""
    if word.endswith("ть") and len(word) > SHORTEST + 2 and word[-3] in _VOWELS:
        stem = word[:-2]
        return [stem, f"{stem[:-3]}у"] if stem.endswith("ова") else [stem]
    stem = _ADJECTIVE.sub("", word)
    if stem == word and word[-1] in _VOWELS and len(word) > SHORTEST:
        stem = word[:-1]
    return [stem]


def _kazakh(word: str) -> list[str]:
    """Verbal nouns lose their у; a last қ, к or п sounds before a vowel."""
    if word.endswith("у") and len(word) > SHORTEST + 1:
        return [word[:-1]]
    if word[-1] in "қкп" and len(word) >= SHORTEST:
        return [word, word[:-1] + word[-1].translate(_SOFT)]
    return [word]


def _english(word: str) -> list[str]:
    """A last e, and a y behind a consonant, change before endings."""
    if len(word) > SHORTEST + 1 and re.search(r"[^aeiou]y$|e$", word):
        return [word[:-1]]
    return [word]


def _outside_brackets(term: str) -> str:
    return re.sub(r"\([^)]*\)", " ", term)


# --- matching ---
# The matcher as data, and the same matcher in Python for tests and for whoever has no browser.


@dataclass(frozen=True)
class Pattern:
    """A way in which a term, or a word to avoid for it, stands in texts of one language."""

    term: str
    language: str
    words: tuple[tuple[str, ...], ...]
    avoid: bool = False

    def as_data(self) -> dict[str, object]:
        """What the browser gets."""
        return {
            "term": self.term,
            "language": self.language,
            "avoid": self.avoid,
            "words": [list(stems) for stems in self.words],
        }


def patterns_of(identity: str, said: Mapping[str, str], avoided: Mapping[str, str]) -> list[Pattern]:
    """The patterns of a term: `said` and `avoided` are its words by language."""
    return [
        Pattern(identity, language, tuple(tuple(stems) for stems in words), avoid)
        for avoid, by_language in ((False, said), (True, avoided))
        for language, line in by_language.items()
        for variant in variants(line)
        if (words := pattern_of(variant, language))
    ]


# --- shape ---
# What a term says, as plain data: for its history, for comparing, for the first list.


LANGUAGES: Final = ("kk", "ru", "en")
FIELDS: Final = ("field", *LANGUAGES, *(f"{what}_{code}" for what in ("avoid", "note") for code in LANGUAGES))
_FIRST: Final = Path(__file__).parent / "terms.toml"


def words_of(term: object) -> dict[str, str]:
    """Everything that a person writes about a term."""
    return {name: getattr(term, name) for name in FIELDS}


def search_words(said: Mapping[str, str]) -> str:
    """What the search looks into: terms and words to avoid, in lower case and without ё."""
    parts = [said[name] for name in FIELDS if name != "field" and not name.startswith("note_")]
    return " ; ".join(filter(None, parts)).lower().replace("ё", "е")


def first_terms() -> Iterator[dict[str, str]]:
    """The terms that a new site begins with."""
    for field, terms in tomllib.loads(_FIRST.read_text(encoding="utf-8")).items():
        for kk, ru, en, *more in terms:
            yield dict.fromkeys(FIELDS, "") | {"field": field, "kk": kk, "ru": ru, "en": en} | dict(*more)
