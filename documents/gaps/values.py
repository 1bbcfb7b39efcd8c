"""Gaps of a text: their values and rules.

Names of months and weekdays come from Babel, with the language's endings.

Organisations approve a holding statement with its gaps: the kind of each value, a place, a date or a
number in the text's language. Each kind, defined in `value_words/`, is a grammar that leaves no room for a
statement, and in doubt a value is refused (decision 0031). No I/O.
"""

import calendar
import datetime
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date, get_day_names, get_month_names
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.core.localized_text import nest_quotes
from documents.canonical.form import Document, canonical_hash
from documents.canonical.passages import filled_since, gaps_of, reopen_gaps
from documents.drafts.identifying import first_names, load_lexicon

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
class ValuePatterns:
    """Patterns of dates and places in one language.

    `value`: a whole date, time or both; `date`: one day or range of days in it; `months`: the twelve.
    `before` and `behind` go with all places (“near”); `joint` separates two, `close` two that name their
    type. Of a place: `known`, without further words; `with_kind`: `names` with a word for its type; `lone`:
    one word that may be a name. `example`: a place as displayed to people.
    """

    value: re.Pattern[str]
    date: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    before: re.Pattern[str]
    behind: re.Pattern[str]
    joint: re.Pattern[str]
    close: re.Pattern[str]
    known: tuple[re.Pattern[str], ...]
    with_kind: tuple[re.Pattern[str], ...]
    lone: re.Pattern[str]
    example: str


@cache
def load_patterns(language: str) -> ValuePatterns:
    """Return the language's patterns. Raises FileNotFoundError for a language without a file."""
    raw = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    months = _months(language, raw["endings"])
    wide = get_day_names("wide", "format", language).values()
    short = get_day_names("abbreviated", "format", language).values()
    weekdays = _any_of([*(_with_endings(name, raw["endings"]) for name in wide), *map(_shortened, short)])
    dates = {**_BUILT_IN, "month": f"(?:{'|'.join(months)})", "weekday": weekdays}
    for name, pattern in raw["dates"].items():
        dates[name] = rf"(?:{_PATTERN.sub(lambda found: dates[found[1]], pattern)})"
    words = {key: one if isinstance(one, str) else "|".join(one) for key, one in raw["places"].items()}
    lists = load_lexicon(language)
    name, two = rf"{words['name']}(?![\w’'-])", f"(?:{words['first']})"
    behind, before = rf"(?i:{words['kind_behind']})(?!\w)", rf"(?i:{words['kind_before']})(?: |(?<=\.))"
    return ValuePatterns(
        value=re.compile(dates["value"], re.IGNORECASE),
        date=re.compile(dates["date"], re.IGNORECASE),
        months=tuple(re.compile(rf"(?<!\w){month}(?!\w)", re.IGNORECASE) for month in months),
        before=re.compile(rf"(?i:{words['before']}) " if words["before"] else "(?!)"),
        behind=re.compile(rf" (?:{words['behind']})" if words["behind"] else "(?!)"),
        joint=re.compile(f"(?:{words['joint']})"),
        close=re.compile(f"(?:{words['close']})"),
        known=(
            re.compile(rf"(?i:{words['known']})(?!\w)"),
            *(re.compile(rf"(?={name}){lists[one].pattern}(?!-)") for one in ("big_places", "small_places")),
        ),
        with_kind=(
            re.compile(rf"(?P<names>{name}) {behind}"),
            re.compile(rf"(?P<names>{two} {name}) {behind}"),
            re.compile(rf"{before}(?P<names>{name})"),
            re.compile(rf"{before}(?P<names>{two} {name})"),
        ),
        lone=re.compile(name),
        example=words["example"],
    )


def _months(language: str, endings: dict[str, str]) -> list[str]:
    """Return each month in every form: in a date, alone, abbreviated."""
    wide = [get_month_names("wide", context, language) for context in ("format", "stand-alone")]
    short = [get_month_names("abbreviated", context, language) for context in ("format", "stand-alone")]
    return [
        _any_of(
            [
                *(_with_endings(names[number], endings) for names in wide),
                *(_shortened(names[number]) for names in short),
            ]
        )
        for number in range(1, 13)
    ]


def _with_endings(name: str, endings: dict[str, str]) -> str:
    """Return the name with its endings: those of the first key of `endings` with which it ends."""
    for last, ending in endings.items():
        if name.endswith(last):
            return re.escape(name.removesuffix(last)) + ending
    return re.escape(name)


def _shortened(name: str) -> str:
    return re.escape(name.removesuffix(".")) + r"\.?"


def _any_of(patterns: list[str]) -> str:
    return f"(?:{'|'.join(sorted(dict.fromkeys(patterns), key=len, reverse=True))})"


_SMALL: Final = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_LEAP_YEAR: Final = 2024  # without a year, 29 February may be meant


def is_date(value: str, language: str) -> bool:
    """Whether it is a date or time in the language, of existing days."""
    patterns = load_patterns(language)
    if patterns.value.fullmatch(value) is None:
        return False
    return all(_exists(found[0], patterns) for found in patterns.date.finditer(value))


def _exists(date: str, patterns: ValuePatterns) -> bool:
    month = next((number for number, one in enumerate(patterns.months, start=1) if one.search(date)), None)
    if month is not None:
        year = _YEAR.search(date)
        last = calendar.monthrange(int(year[0]) if year else _LEAP_YEAR, month)[1]
        return all(int(day) <= last for day in _SMALL.findall(date))
    parts = [int(one) for one in re.findall(r"[0-9]+", date)]
    year_first = bool(re.match(r"[0-9]{4}", date))
    numbers = parts if year_first else (*parts[2:], _LEAP_YEAR)[:1] + tuple(parts[1::-1])
    try:
        datetime.date(numbers[0] if numbers[0] > 99 else 2000 + numbers[0], *numbers[1:])
    except ValueError:
        return False
    return True


_NUMBER: Final = re.compile(
    r"(?:[0-9]{1,3}(?:[ \u00a0][0-9]{3}){0,3}|[0-9]{1,9})(?:[.,][0-9]{1,3})?(?:[ \u00a0]?%)?"
)


def is_number(value: str, language: str) -> bool:
    """Whether it is one number; the format is the same in every `language`."""
    return _NUMBER.fullmatch(value) is not None


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


def is_place(value: str, language: str) -> bool:
    """Whether it names one to three places in the letters of the language, and nothing else."""
    begins = load_patterns(language).before.match(value)
    return any(
        _is_places(value, start, language, left=_MOST, may_be_free=True)
        for start in {0, begins.end() if begins else 0}
    )


def _is_places(value: str, start: int, language: str, *, left: int, may_be_free: bool) -> bool:
    """Whether the value from `start` parses as at most `left` places, one of them free if allowed."""
    patterns = load_patterns(language)
    for end, is_free in _places_at(value, start, language):
        if is_free and not may_be_free:
            continue
        if end == len(value) or patterns.behind.fullmatch(value, end):
            return True
        joint, close = patterns.joint.match(value, end), patterns.close.match(value, end)
        allowed = may_be_free and not is_free
        if (
            left > 1
            and joint
            and _is_places(value, joint.end(), language, left=left - 1, may_be_free=allowed)
        ):
            return True
        # Without a comma a free word would make a sentence of its neighbours.
        if not (left > 1 and close) or is_free:
            continue
        if _is_places(value, close.end(), language, left=left - 1, may_be_free=False):
            return True
    return False


def _places_at(value: str, start: int, language: str) -> Iterator[tuple[int, bool]]:
    """Yield the end of every parse of one place from `start`, and if it is free: unknown and of no type."""
    patterns = load_patterns(language)
    for pattern in patterns.known:
        if found := pattern.match(value, start):
            yield found.end(), False
    for pattern in patterns.with_kind:
        found = pattern.match(value, start)
        if found and not _means_something(found["names"], language, _NO_NAMES):
            yield found.end(), False
    found = patterns.lone.match(value, start)
    if found and found[0] not in first_names() and not _means_something(found[0], language, _NO_LONE_NAMES):
        yield found.end(), True


def _means_something(names: str, language: str, lists: tuple[str, ...]) -> bool:
    lexicon, plain = load_lexicon(language), names.replace("ё", "е").replace("'", "’")
    return any(lexicon[one].search(plain) for one in lists)


MAX_VALUE_LENGTH: Final = 60
_KINDS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "number": is_number,
    "date": is_date,
    "place": is_place,
}


def is_gap_value(kind: str, value: str, language: str) -> bool:
    """Whether the value is of the kind (place, date, number) and written in the language. Raises KeyError for
    another kind, FileNotFoundError for a language without words."""
    return 0 < len(value) <= MAX_VALUE_LENGTH and _KINDS[kind](value, language)


def example_value(kind: str, language: str) -> str:
    """Return a valid value. Raises as `is_gap_value` does."""
    day = format_date(datetime.date(2026, 11, 25), "d MMMM", locale=language)
    return {"number": "12", "date": f"{day}, 18:30", "place": load_patterns(language).example}[kind]


class InvalidGapValue(Refused):
    """Raised for a value that the gap does not permit: `gap` is its name in the language's text."""

    def __init__(self, message: str | Promise, *, language: str, gap: str, **params: object) -> None:
        super().__init__(message, **params)
        self.language, self.gap = language, gap


@dataclass(frozen=True)
class OpenGap:
    """An open gap. One name is one gap, however often it appears in the text."""

    name: str
    kind: str


def open_gaps_of(document: Document) -> list[OpenGap]:
    """Return the open gaps in the order of the text, each once."""
    gaps = (OpenGap(one["name"], one["kind"]) for one in gaps_of(document) if not one["value"])
    return list(dict.fromkeys(gaps))


def validate_gap_value(gap: OpenGap, value: str, language: str) -> str:
    """Return the value without redundant spaces. Raises InvalidGapValue unless it is of the gap's kind."""
    found = " ".join(value.split())
    if is_gap_value(gap.kind, found, language):
        return found
    raise InvalidGapValue(
        {
            "number": _("“%(name)s” is a number: write digits and nothing else."),
            "date": _(
                "“%(name)s” is a date or time: write only that, in the language of the text, for example "
                "“%(example)s”."
            ),
            "place": _(
                "“%(name)s” is a place: write only its name, in the language of the text and without "
                "numbers, for example “%(example)s”."
            ),
        }[gap.kind],
        language=language,
        gap=gap.name,
        name=nest_quotes(gap.name),
        example=example_value(gap.kind, language),
    )


def fill_open_gaps(node: Any, values: Mapping[str, str]) -> Any:
    """Return the editor's JSON with the open gaps of these names filled."""
    if isinstance(node, list):
        return [fill_open_gaps(one, values) for one in node]
    if not isinstance(node, dict):
        return node
    attrs = node.get("attrs")
    if node.get("type") == "gap" and isinstance(attrs, dict) and not attrs.get("value"):
        return {**node, "attrs": {**attrs, "value": values.get(attrs.get("name", ""), "")}}
    return {key: fill_open_gaps(value, values) for key, value in node.items()}


def only_gaps_differ(before: Document, after: Document) -> bool:
    """Whether `after` is `before` with open gaps filled, and nothing else."""
    return canonical_hash(before) == canonical_hash(reopen_gaps(after, filled_since(before, after)))
