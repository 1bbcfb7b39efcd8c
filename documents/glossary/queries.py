"""Glossary terms: queries, and matching in a text.

A term's words become stems; a word of a text matches a stem if it begins with it and the rest is an
ending of its language. No dictionary: Kazakh endings are chains of suffixes, Russian ones those of
nouns and adjectives, English ones a few. Sent to the browser as data (docs/glossary.md).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db.models import Max, QuerySet

from coalition.accounts.models import User
from coalition.roles import SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import own_seats
from documents.drafts.models import GlossaryField
from documents.glossary.models import GlossaryChange, GlossaryTerm

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
    return [stems_of(word, language) for word, _start, _end in split_words(re.sub(r"\([^)]*\)", " ", term))]


def split_variants(words: str) -> list[str]:
    """Return the synonyms, the preferred one first."""
    return [one.strip() for one in words.split(VARIANTS) if one.strip()]


def stems_of(word: str, language: str) -> list[str]:
    """Return the stems of one lower-case word: several if its letters change before endings."""
    return {"kk": _kazakh, "ru": _russian, "en": _english}[language](word)


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


def patterns_of(uuid: str, words: Mapping[str, str], avoided: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the forms of a term as data for the browser: `term` (its UUID), `language`, `avoid`, and the
    alternative stems of each of its `words`. `words` and `avoided` are by language."""
    return [
        {"term": uuid, "language": language, "avoid": avoid, "words": stems}
        for avoid, by_language in ((False, words), (True, avoided))
        for language, line in by_language.items()
        for variant in split_variants(line)
        if (stems := term_pattern(variant, language))
    ]


LANGUAGES: Final = ("kk", "ru", "en")
FIELDS: Final = ("field", *LANGUAGES, *(f"{what}_{code}" for what in ("avoid", "note") for code in LANGUAGES))
_FIRST: Final = Path(__file__).parent / "terms.toml"


def term_fields(term: object) -> dict[str, str]:
    """Return all fields of a term that people edit."""
    return {name: getattr(term, name) for name in FIELDS}


def search_words(fields: Mapping[str, str]) -> str:
    """Return the text for the search: terms and words to avoid, in lower case and without ё."""
    parts = [fields[name] for name in FIELDS if name != "field" and not name.startswith("note_")]
    return " ; ".join(filter(None, parts)).lower().replace("ё", "е")


def first_terms() -> Iterator[dict[str, str]]:
    """Yield the initial terms of a new site."""
    for field, terms in tomllib.loads(_FIRST.read_text(encoding="utf-8")).items():
        for kk, ru, en, *more in terms:
            yield dict.fromkeys(FIELDS, "") | {"field": field, "kk": kk, "ru": ru, "en": en} | dict(*more)


def editor_hints(terms: Iterable[GlossaryTerm]) -> dict[str, Any]:
    """Return the JSON of `glossary.json`: `endings`, `terms` and `patterns` (docs/glossary.md)."""
    rows = tuple((str(term.uuid), *(getattr(term, name) for name in FIELDS)) for term in terms)
    return _build_hints(rows)


@lru_cache(maxsize=2)
def _build_hints(rows: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    terms, patterns = [], []
    for uuid, *values in rows:
        fields = dict(zip(FIELDS, values, strict=True))
        words = {code: fields[code] for code in LANGUAGES}
        avoid, note = (
            {code: text for code in LANGUAGES if (text := fields[f"{name}_{code}"])}
            for name in ("avoid", "note")
        )
        terms.append({"id": uuid, "field": fields["field"], **words, "avoid": avoid, "note": note})
        patterns += patterns_of(uuid, words, avoid)
    return {"endings": ENDINGS, "terms": terms, "patterns": patterns}


_ALPHABET = " -;’abcdefghijklmnopqrstuvwxyzаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


def may_read_glossary(user: object) -> bool:
    """Whether the person holds a seat in any workspace."""
    return isinstance(user, User) and user.is_active and own_seats(user).exists()


def editing_seat(user: User) -> Seat | None:
    """Return the seat with which the person edits: the first in which they coordinate."""
    seats = own_seats(user).filter(role=SeatRole.COORDINATOR, workspace__archived_at=None)
    return seats.select_related("person", "organisation").order_by("pk").first()


def all_terms_for(user: object) -> QuerySet[GlossaryTerm]:
    """Return all terms, removed ones too; none for people who may not read them."""
    return GlossaryTerm.objects.all() if may_read_glossary(user) else GlossaryTerm.objects.none()


def terms_for(user: object) -> QuerySet[GlossaryTerm]:
    """Return the terms in use, as `all_terms_for`."""
    return all_terms_for(user).filter(removed_at=None)


def search_terms(
    terms: QuerySet[GlossaryTerm], *, words: str = "", field: str = "", language: str = "kk"
) -> list[GlossaryTerm]:
    """Return terms that contain each of the words, of one field or all, sorted by the language's
    alphabet: one query.

    Some hundred terms are sorted here, since neither database has the Kazakh alphabet.
    """
    for word in words.lower().replace("ё", "е").split()[:8]:
        terms = terms.filter(words__contains=word)
    if field in GlossaryField.values:
        terms = terms.filter(field=field)
    name = language if language in LANGUAGES else "kk"

    def position(term: GlossaryTerm) -> list[int]:
        letters = getattr(term, name).lower()
        return [_ALPHABET.find(letter) if letter in _ALPHABET else ord(letter) for letter in letters]

    return sorted(terms, key=position)


def changes_of(term: GlossaryTerm) -> QuerySet[GlossaryChange]:
    """Return the history of a term the caller may read, newest first."""
    return term.changes.select_related("person", "organisation").order_by("-id")


def glossary_version() -> str:
    """Return a value that changes whenever a term does."""
    newest = GlossaryTerm.objects.aggregate(at=Max("changed_at"))["at"]
    return f"{newest.timestamp():.6f}" if newest else "0"
