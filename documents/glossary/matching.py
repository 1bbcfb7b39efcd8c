"""Matching of inflected terms: stems of words, and the endings that may follow.

A term's words become stems; a word of a text matches a stem if it begins with it and the rest is an
ending of its language. No dictionary: Kazakh endings are chains of suffixes, Russian ones those of
nouns and adjectives, English ones a few. Pure, and sent to the browser as data (`matching.py`,
docs/glossary.md).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from documents.glossary.models import GlossaryTerm

VARIANTS: Final = ";"
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+")

# Endings after a stem, up to the end of the word: regex sources with equal meaning in Python
# and JavaScript.
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
SHORTEST: Final = 3  # letters: shorter words are not cut, or they would match too much


def normalise_for_matching(text: str) -> str:
    """Return it in lower case, without ё and with one kind of apostrophe; same length."""
    return text.lower().replace("ё", "е").replace("'", "’")


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the normalised words of a text, with their positions."""
    return [(normalise_for_matching(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def term_pattern(term: str, language: str) -> list[list[str]]:
    """Return, for each word of the term, its alternative stems; empty for a term without words."""
    return [stems_of(word, language) for word, _start, _end in split_words(_outside_brackets(term))]


def split_variants(words: str) -> list[str]:
    """Return the synonyms, the preferred one first."""
    return [one.strip() for one in words.split(VARIANTS) if one.strip()]


def stems_of(word: str, language: str) -> list[str]:
    """Return the stems of one lower-case word: several if its letters change before endings."""
    readers = {"kk": _kazakh, "ru": _russian, "en": _english}
    return readers[language](word)


def _russian(word: str) -> list[str]:
    """Stem nouns and adjectives without their ending, verbs without ть; those in -овать are
    conjugated with -у-."""
    if word.endswith("ть") and len(word) > SHORTEST + 2 and word[-3] in _VOWELS:
        stem = word[:-2]
        return [stem, f"{stem[:-3]}у"] if stem.endswith("ова") else [stem]
    stem = _ADJECTIVE.sub("", word)
    if stem == word and word[-1] in _VOWELS and len(word) > SHORTEST:
        stem = word[:-1]
    return [stem]


def _kazakh(word: str) -> list[str]:
    """Stem verbal nouns without у; a last қ, к or п is voiced before a vowel."""
    if word.endswith("у") and len(word) > SHORTEST + 1:
        return [word[:-1]]
    if word[-1] in "қкп" and len(word) >= SHORTEST:
        return [word, word[:-1] + word[-1].translate(_SOFT)]
    return [word]


def _english(word: str) -> list[str]:
    """Stem with changes before endings: a last e, and a y after a consonant."""
    if len(word) > SHORTEST + 1 and re.search(r"[^aeiou]y$|e$", word):
        return [word[:-1]]
    return [word]


def _outside_brackets(term: str) -> str:
    return re.sub(r"\([^)]*\)", " ", term)


# --- matching ---
# The matcher as data, and the same matcher in Python for tests and callers without a browser.


@dataclass(frozen=True)
class TermPattern:
    """A form of a term, or of a word to avoid for it, in texts of one language."""

    term: str
    language: str
    words: tuple[tuple[str, ...], ...]
    avoid: bool = False

    def as_data(self) -> dict[str, object]:
        """Return the data for the browser."""
        return {
            "term": self.term,
            "language": self.language,
            "avoid": self.avoid,
            "words": [list(stems) for stems in self.words],
        }


def patterns_of(identity: str, said: Mapping[str, str], avoided: Mapping[str, str]) -> list[TermPattern]:
    """Return the patterns of a term: `said` and `avoided` are its words by language."""
    return [
        TermPattern(identity, language, tuple(tuple(stems) for stems in words), avoid)
        for avoid, by_language in ((False, said), (True, avoided))
        for language, line in by_language.items()
        for variant in split_variants(line)
        if (words := term_pattern(variant, language))
    ]


# --- shape ---
# Content of a term as plain data: for its history, for comparing, for the initial list.


LANGUAGES: Final = ("kk", "ru", "en")
FIELDS: Final = ("field", *LANGUAGES, *(f"{what}_{code}" for what in ("avoid", "note") for code in LANGUAGES))
_FIRST: Final = Path(__file__).parent / "terms.toml"


def term_fields(term: object) -> dict[str, str]:
    """Return all fields of a term that people edit."""
    return {name: getattr(term, name) for name in FIELDS}


def search_words(said: Mapping[str, str]) -> str:
    """Return the text for the search: terms and words to avoid, in lower case and without ё."""
    parts = [said[name] for name in FIELDS if name != "field" and not name.startswith("note_")]
    return " ; ".join(filter(None, parts)).lower().replace("ё", "е")


def first_terms() -> Iterator[dict[str, str]]:
    """Yield the initial terms of a new site."""
    for field, terms in tomllib.loads(_FIRST.read_text(encoding="utf-8")).items():
        for kk, ru, en, *more in terms:
            yield dict.fromkeys(FIELDS, "") | {"field": field, "kk": kk, "ru": ru, "en": en} | dict(*more)


# --- hints ---
# Data for hints in the editor: active terms and the patterns that match them.


type Rows = tuple[tuple[str, ...], ...]
_NAMES = ("field", *LANGUAGES, *(f"{what}_{code}" for what in ("avoid", "note") for code in LANGUAGES))


def editor_hints(terms: Iterable[GlossaryTerm]) -> dict[str, Any]:
    """Return the JSON of `glossary.json`: `endings`, `terms` and `patterns` (docs/glossary.md)."""
    rows = tuple((str(term.uuid), *(getattr(term, name) for name in _NAMES)) for term in terms)
    return _build_hints(rows)


@lru_cache(maxsize=2)
def _build_hints(rows: Rows) -> dict[str, Any]:
    terms, patterns = [], []
    for identity, *values in rows:
        said = dict(zip(_NAMES, values, strict=True))
        terms.append(
            {
                "id": identity,
                "field": said["field"],
                **{code: said[code] for code in LANGUAGES},
                "avoid": _values_by_language("avoid", said),
                "note": _values_by_language("note", said),
            }
        )
        patterns += patterns_of(
            identity,
            {code: said[code] for code in LANGUAGES},
            {code: said[f"avoid_{code}"] for code in LANGUAGES},
        )
    return {"endings": ENDINGS, "terms": terms, "patterns": [one.as_data() for one in patterns]}


def _values_by_language(what: str, said: dict[str, str]) -> dict[str, str]:
    return {code: said[f"{what}_{code}"] for code in LANGUAGES if said[f"{what}_{code}"]}
