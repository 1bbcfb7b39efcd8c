"""What may stand in a gap of a holding statement: a date, a place, a number, in the text's language. Pure.

Organisations approve the kind of what is filled in, not the words. So each kind is a grammar that leaves no
room for a statement, and in doubt a value is refused (decision 0031).
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Final

from babel.dates import format_date

from documents.gaps.values.dates import is_date
from documents.gaps.values.numbers import is_number
from documents.gaps.values.places import is_place
from documents.gaps.values.words import words_of

LONGEST: Final = 60
_KINDS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "number": is_number,
    "date": is_date,
    "place": is_place,
}


def fits(kind: str, value: str, language: str) -> bool:
    """Whether the value is of the kind (place, date, number) and written in the language.

    Raises KeyError for another kind, FileNotFoundError for a language without words.
    """
    return 0 < len(value) <= LONGEST and _KINDS[kind](value, language)


def example_of(kind: str, language: str) -> str:
    """A value that fits. Raises as `fits` does."""
    day = format_date(datetime.date(2026, 11, 25), "d MMMM", locale=language)
    return {"number": "12", "date": f"{day}, 18:30", "place": words_of(language).example}[kind]
