"""Dates and times: a day with or without its weekday and year, an hour, both, from one to another."""

import calendar
import datetime
import re
from typing import Final

from documents.gaps.values.words import Words, words_of

_SMALL: Final = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_LEAP_YEAR: Final = 2024  # where no year is said, 29 February may be meant


def is_date(value: str, language: str) -> bool:
    """Whether it is a date or time in words of the language, of days that there are."""
    words = words_of(language)
    if words.value.fullmatch(value) is None:
        return False
    return all(_is_real(found[0], words) for found in words.date.finditer(value))


def _is_real(date: str, words: Words) -> bool:
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
