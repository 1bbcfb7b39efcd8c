"""What a term says, as plain data: for its history, for comparing, for the first list."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

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
