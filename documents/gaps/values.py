"""Vocabulary of dates and places in one language, read from its file and compiled.

Names of months and weekdays come from Babel, with the language's endings.
"""

import calendar
import datetime
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date, get_day_names, get_month_names

from documents.checklist.identifying import first_names, load_lexicon

_FOLDER: Final = Path(__file__).parent / "value_words"
_PATTERN: Final = re.compile(r"<(\w+)>")
# The same in every language.
_BUILT_IN: Final = {
    "day": r"(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])",
    "year": r"(?:19|20)[0-9]{2}(?![0-9])",
    "hour": r"(?:[01]?[0-9]|2[0-3])(?![0-9])",
    "clock": r"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?![0-9])",
    "to": r"\s?[–—-]\s?",
    "utc": r"(?: \(?UTC[+−-][0-9]{1,2}\)?)?",
    "numeric": (
        r"(?:(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])(?:\.(?:[0-9]{4}|[0-9]{2}))?(?![0-9])"
        r"|(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|1[0-2])/[0-9]{4}(?![0-9])"
        r"|[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9]))"
    ),
}


@dataclass(frozen=True)
class DateAndPlaceWords:
    """`value` is a whole date, time or both, `date` one day or range of days in it; `months` are
    the twelve.

    `name` is a word that may be a name, `first` one that begins a two-word name; the kinds name the
    type of a place, before or after its name; `before` and `behind` go with all of it (“near”),
    `joint` separates two places, `close` two that name their type; `known` are countries, `example`
    is displayed to people.
    """

    value: re.Pattern[str]
    date: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    name: str
    first: str
    kind_before: str
    kind_behind: str
    before: str
    behind: str
    joint: str
    close: str
    known: str
    example: str


@cache
def load_date_and_place_words(language: str) -> DateAndPlaceWords:
    """Return the language's vocabulary. Raises FileNotFoundError for a language without a file."""
    raw = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    months = _months(language, raw["endings"])
    known = {**_BUILT_IN, "month": f"(?:{'|'.join(months)})", "weekday": _weekdays(language, raw["endings"])}
    for name, pattern in raw["dates"].items():
        known[name] = rf"(?:{_PATTERN.sub(lambda found: known[found[1]], pattern)})"
    places = raw["places"]
    return DateAndPlaceWords(
        value=re.compile(known["value"], re.IGNORECASE),
        date=re.compile(known["date"], re.IGNORECASE),
        months=tuple(re.compile(rf"(?<!\w){month}(?!\w)", re.IGNORECASE) for month in months),
        name=places["name"],
        first="|".join(places["first"]),
        kind_before="|".join(places["kind_before"]),
        kind_behind="|".join(places["kind_behind"]),
        before="|".join(places["before"]),
        behind="|".join(places["behind"]),
        joint="|".join(places["joint"]),
        close="|".join(places["close"]),
        known="|".join(places["known"]),
        example=places["example"],
    )


def _months(language: str, endings: dict[str, str]) -> list[str]:
    """Return each month in every form: in a date, alone, abbreviated."""
    return [
        _any_of(
            [
                *(
                    _with_endings(get_month_names("wide", context, language)[number], endings)
                    for context in ("format", "stand-alone")
                ),
                *(
                    _shortened(get_month_names("abbreviated", context, language)[number])
                    for context in ("format", "stand-alone")
                ),
            ]
        )
        for number in range(1, 13)
    ]


def _weekdays(language: str, endings: dict[str, str]) -> str:
    wide = get_day_names("wide", "format", language).values()
    short = get_day_names("abbreviated", "format", language).values()
    return _any_of([*(_with_endings(name, endings) for name in wide), *map(_shortened, short)])


def _with_endings(name: str, endings: dict[str, str]) -> str:
    """Return the name, and its forms with the endings that replace or follow its last letters. The
    first key of `endings` that the name ends with applies."""
    for last, put in endings.items():
        if name.endswith(last):
            return re.escape(name.removesuffix(last)) + put
    return re.escape(name)


def _shortened(name: str) -> str:
    return re.escape(name.removesuffix(".")) + r"\.?"


def _any_of(patterns: list[str]) -> str:
    return f"(?:{'|'.join(sorted(dict.fromkeys(patterns), key=len, reverse=True))})"


# --- dates ---
# Dates and times: a day with or without weekday and year, a time, both, a range.


_SMALL: Final = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_LEAP_YEAR: Final = 2024  # without a year, 29 February may be meant


def is_date(value: str, language: str) -> bool:
    """Whether it is a date or time in the language, of existing days."""
    words = load_date_and_place_words(language)
    if words.value.fullmatch(value) is None:
        return False
    return all(_is_real(found[0], words) for found in words.date.finditer(value))


def _is_real(date: str, words: DateAndPlaceWords) -> bool:
    month = next((number for number, one in enumerate(words.months, start=1) if one.search(date)), None)
    if month is None:
        return _is_real_number(date)
    year = _YEAR.search(date)
    last = calendar.monthrange(int(year[0]) if year else _LEAP_YEAR, month)[1]
    return all(int(day) <= last for day in _SMALL.findall(date))


def _is_real_number(date: str) -> bool:
    parts = [int(one) for one in re.findall(r"[0-9]+", date)]
    year_first = bool(re.match(r"[0-9]{4}", date))
    year, month, day = parts if year_first else (*parts[2:], _LEAP_YEAR)[:1] + tuple(parts[1::-1])
    try:
        datetime.date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return False
    return True


# --- numbers ---
# Numbers: digits, with spaces between thousands, a fraction, a per cent sign.


_NUMBER: Final = re.compile(
    r"(?:[0-9]{1,3}(?:[ \u00a0][0-9]{3}){0,3}|[0-9]{1,9})(?:[.,][0-9]{1,3})?(?:[ \u00a0]?%)?"
)


def is_number(value: str, language: str) -> bool:
    """Whether it is one number; the format is the same in every `language`."""
    return _NUMBER.fullmatch(value) is not None


# --- places ---
# Places: up to three, each known or with a word that names its type (“district”); one may be
# neither.
#
# There is no list of all villages, so one name may be any capitalised word that means no person,
# post or deed. Two such words in a row could state something: the first has to be one that begins
# names of places (“New”, “North”), and the word for the type is required too. No numbers: the house
# must not be disclosed.


_MOST: Final = 3
# Lists of the rule for details of survivors: their words are never places.
_NO_NAMES: Final = ("official", "speech", "violence")
_NO_LONE_NAMES: Final = (*_NO_NAMES, "boss", "posts", "kin", "months")


@dataclass(frozen=True)
class _Place:
    """`end` is its end in the value; `is_free`: neither known nor with a word for its type."""

    end: int
    is_free: bool = False


@dataclass(frozen=True)
class _Patterns:
    before: re.Pattern[str]
    behind: re.Pattern[str]
    joint: re.Pattern[str]
    close: re.Pattern[str]
    known: tuple[re.Pattern[str], ...]
    with_kind: tuple[re.Pattern[str], ...]
    lone: re.Pattern[str]


def is_place(value: str, language: str) -> bool:
    """Whether it names one to three places in the letters of the language, and nothing else."""
    begins = _patterns(language).before.match(value)
    return any(
        _is_read(value, start, language, left=_MOST, may_be_free=True)
        for start in {0, begins.end() if begins else 0}
    )


def _is_read(value: str, start: int, language: str, *, left: int, may_be_free: bool) -> bool:
    """Whether the value from `start` parses as at most `left` places, one of them free if
    allowed."""
    patterns = _patterns(language)
    for one in _places_at(value, start, language):
        if one.is_free and not may_be_free:
            continue
        if one.end == len(value) or patterns.behind.fullmatch(value, one.end):
            return True
        free_yet = may_be_free and not one.is_free
        joint, close = patterns.joint.match(value, one.end), patterns.close.match(value, one.end)
        if left > 1 and joint and _is_read(value, joint.end(), language, left=left - 1, may_be_free=free_yet):
            return True
        # Without a comma a free word would make a sentence of its neighbours.
        if not (left > 1 and close) or one.is_free:
            continue
        if _is_read(value, close.end(), language, left=left - 1, may_be_free=False):
            return True
    return False


def _places_at(value: str, start: int, language: str) -> Iterator[_Place]:
    """Yield every parse of one place that begins there."""
    patterns = _patterns(language)
    for pattern in patterns.known:
        if found := pattern.match(value, start):
            yield _Place(found.end())
    for pattern in patterns.with_kind:
        found = pattern.match(value, start)
        if found and not _means_something(found["names"], language, _NO_NAMES):
            yield _Place(found.end())
    found = patterns.lone.match(value, start)
    if found and found[0] not in first_names() and not _means_something(found[0], language, _NO_LONE_NAMES):
        yield _Place(found.end(), is_free=True)


def _means_something(names: str, language: str, lists: tuple[str, ...]) -> bool:
    lists_of, plain = load_lexicon(language), names.replace("ё", "е").replace("'", "’")
    return any(lists_of[one].search(plain) for one in lists)


@cache
def _patterns(language: str) -> _Patterns:
    words, lists = load_date_and_place_words(language), load_lexicon(language)
    name = rf"{words.name}(?![\w’'-])"
    two = f"(?:{words.first})"
    behind, before = rf"(?i:{words.kind_behind})(?!\w)", rf"(?i:{words.kind_before})(?: |(?<=\.))"
    return _Patterns(
        before=re.compile(rf"(?i:{words.before}) " if words.before else "(?!)"),
        behind=re.compile(rf" (?:{words.behind})" if words.behind else "(?!)"),
        joint=re.compile(f"(?:{words.joint})"),
        close=re.compile(f"(?:{words.close})"),
        known=(
            re.compile(rf"(?i:{words.known})(?!\w)"),
            *(re.compile(rf"(?={name}){lists[one].pattern}(?!-)") for one in ("big_places", "small_places")),
        ),
        with_kind=(
            re.compile(rf"(?P<names>{name}) {behind}"),
            re.compile(rf"(?P<names>{two} {name}) {behind}"),
            re.compile(rf"{before}(?P<names>{name})"),
            re.compile(rf"{before}(?P<names>{two} {name})"),
        ),
        lone=re.compile(name),
    )


# --- values ---
# Permitted values of a gap in a holding statement: a date, a place, a number, in the text's
# language. No I/O.
#
# Organisations approve the kind of a value, not its text. So each kind is a grammar that leaves no
# room for a statement, and in doubt a value is refused (decision 0031).


MAX_VALUE_LENGTH: Final = 60
_KINDS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "number": is_number,
    "date": is_date,
    "place": is_place,
}


def is_gap_value(kind: str, value: str, language: str) -> bool:
    """Whether the value is of the kind (place, date, number) and written in the language.

    Raises KeyError for another kind, FileNotFoundError for a language without words.
    """
    return 0 < len(value) <= MAX_VALUE_LENGTH and _KINDS[kind](value, language)


def example_value(kind: str, language: str) -> str:
    """Return a valid value. Raises as `fits` does."""
    day = format_date(datetime.date(2026, 11, 25), "d MMMM", locale=language)
    return {"number": "12", "date": f"{day}, 18:30", "place": load_date_and_place_words(language).example}[
        kind
    ]
