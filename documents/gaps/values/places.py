"""Places: up to three, each known or with a word that says what it is (“district”); one may be neither.

There is no list of all villages, so one name may be any word with a capital letter that means no person, post
or deed. Two such words beside each other could say something: the first has to be one of those with which
names of places begin (“New”, “North”), and the word for what it is has to stand there too. No numbers: which
house it was is not told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from documents.checklist.identifying.lexicon import first_names, lexicon
from documents.gaps.values.words import words_of

_MOST: Final = 3
# Lists of the rule for details of survivors: what these words mean is no place.
_NO_NAMES: Final = ("official", "speech", "violence")
_NO_LONE_NAMES: Final = (*_NO_NAMES, "boss", "posts", "kin", "months")


@dataclass(frozen=True)
class _Place:
    """`end` is where it ends in the value; `is_free`: neither known nor with the word for what it is."""

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
    """Whether it names one to three places in the letters of the language, and says nothing else."""
    begins = _patterns(language).before.match(value)
    return any(
        _is_read(value, start, language, left=_MOST, may_be_free=True)
        for start in {0, begins.end() if begins else 0}
    )


def _is_read(value: str, start: int, language: str, *, left: int, may_be_free: bool) -> bool:
    """Whether the value from `start` can be read as at most `left` places, one of them free if it may."""
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
        # Without a comma a free word would make a sentence of what stands beside it.
        if not (left > 1 and close) or one.is_free:
            continue
        if _is_read(value, close.end(), language, left=left - 1, may_be_free=False):
            return True
    return False


def _places_at(value: str, start: int, language: str) -> Iterator[_Place]:
    """Every way to read one place that begins there."""
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
    lists_of, plain = lexicon(language), names.replace("ё", "е").replace("'", "’")
    return any(lists_of[one].search(plain) for one in lists)


@cache
def _patterns(language: str) -> _Patterns:
    words, lists = words_of(language), lexicon(language)
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
