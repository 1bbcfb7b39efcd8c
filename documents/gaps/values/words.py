"""The words of dates and places in one language, read from its file and compiled.

Names of months and weekdays are those of Babel, with the endings that the language gives them.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import get_day_names, get_month_names

_FOLDER: Final = Path(__file__).parent
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
class Words:
    """`value` is a whole date, time or both, `date` one day or row of days in it; `months` are the twelve.

    `name` is a word that may be a name, `first` one with which names of two words begin; the kinds say what a
    place is, before or behind its name; `before` and `behind` go with all of it (“near”), `joint` stands
    between two places, `close` between two that say what they are; `known` are countries, `example` is told
    to people.
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
def words_of(language: str) -> Words:
    """Raises FileNotFoundError for a language without words."""
    raw = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    months = _months(language, raw["endings"])
    known = {**_BUILT_IN, "month": f"(?:{'|'.join(months)})", "weekday": _weekdays(language, raw["endings"])}
    for name, pattern in raw["dates"].items():
        known[name] = rf"(?:{_PATTERN.sub(lambda found: known[found[1]], pattern)})"
    places = raw["places"]
    return Words(
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
    """Each month in every form: as it stands in a date, alone, shortened."""
    return [
        _any(
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
    return _any([*(_with_endings(name, endings) for name in wide), *map(_shortened, short)])


def _with_endings(name: str, endings: dict[str, str]) -> str:
    """The name, and what the language puts in the place of its last letters or behind them. Of `endings` the
    first counts with whose key the name ends."""
    for last, put in endings.items():
        if name.endswith(last):
            return re.escape(name.removesuffix(last)) + put
    return re.escape(name)


def _shortened(name: str) -> str:
    return re.escape(name.removesuffix(".")) + r"\.?"


def _any(patterns: list[str]) -> str:
    return f"(?:{'|'.join(sorted(dict.fromkeys(patterns), key=len, reverse=True))})"
