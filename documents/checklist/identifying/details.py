"""The details of a passage that could tell who somebody is, each with its kind and weight."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from documents.checklist.identifying.lexicon import Lexicon

WEAK: Final = 1
STRONG: Final = 2


class Kind(StrEnum):
    """What a detail tells."""

    NAME = "name"
    WORKPLACE = "workplace"
    PLACE = "place"
    POST = "post"
    DATE = "date"
    FAMILY = "family"
    AGE = "age"


# Pattern, kind, weight: what each expression of a language's file tells. `lone_place` and names need a look
# at what they found.
_PLAIN: Final = (
    ("initials", Kind.NAME, STRONG),
    ("firm", Kind.WORKPLACE, STRONG),
    ("named_house", Kind.WORKPLACE, STRONG),
    ("house", Kind.WORKPLACE, WEAK),
    ("place", Kind.PLACE, STRONG),
    ("posts", Kind.POST, WEAK),
    ("unique", Kind.POST, STRONG),
    ("date", Kind.DATE, WEAK),
    ("kin_of", Kind.FAMILY, STRONG),
    ("family", Kind.FAMILY, WEAK),
    ("ages", Kind.AGE, WEAK),
)


@dataclass(frozen=True)
class Detail:
    """Words of the passage from `start` to `end` that tell something; `weight` says how much."""

    kind: Kind
    words: str
    start: int
    end: int
    weight: int


def details_of(text: str, words: Lexicon) -> list[Detail]:
    """Every detail in the passage, whoever it is about, in the order of the text."""
    found = [
        _detail(kind, match, WEAK if name == "named_house" and not _is_named(match, text, words) else weight)
        for name, kind, weight in _PLAIN
        for match in words[name].finditer(text)
        if not (name == "date" and words["no_dates"].search(match[0]))
        and not (name == "posts" and _within(match, words["staff"], text))
    ]
    found += _names(text, words)
    found += _lone_places(text, words)
    return sorted(found, key=lambda one: (one.start, one.kind))


def _detail(kind: Kind, match: re.Match[str], weight: int) -> Detail:
    return Detail(kind, match[0], match.start(), match.end(), weight)


def _is_named(match: re.Match[str], text: str, words: Lexicon) -> bool:
    """Whether what looks like the name of a house is one, not the first word of a sentence or a person's."""
    if match["it"] is None:
        return True
    first = match.start("it")
    if words["names"].match(match["it"]) or words["months"].match(match["it"]):
        return False
    return not _begins(text, first) or bool(words["small_places"].match(match["it"]))


def _within(match: re.Match[str], pattern: re.Pattern[str], text: str) -> bool:
    return any(one.start() <= match.start() < one.end() for one in pattern.finditer(text))


def _names(text: str, words: Lexicon) -> Iterator[Detail]:
    """First names, alone or with a last name, unless the text says that the name is not the real one."""
    if words["pseudonym"].search(text):
        return
    taken = [match.span() for match in words["full_name"].finditer(text)]
    yield from (_detail(Kind.NAME, match, STRONG) for match in words["full_name"].finditer(text))
    for match in words["names"].finditer(text):
        inside = any(start <= match.start() < end for start, end in taken)
        is_word = match[0] in words.ambiguous and _begins(text, match.start())
        if not inside and not is_word and not _within(match, words["place"], text):
            yield _detail(Kind.NAME, match, STRONG)


def _lone_places(text: str, words: Lexicon) -> Iterator[Detail]:
    """A word with a capital letter that reads as a place: a small one tells much, a city little."""
    for match in words["lone_place"].finditer(text):
        place = match["place"]
        if any(words[name].match(place) for name in ("no_places", "months", "names", "own_house", "houses")):
            continue
        start = match.start("place")
        if start == match.start() and _begins(text, start) and not words["small_places"].match(place):
            continue
        weight = WEAK if words["big_places"].match(place) else STRONG
        yield Detail(Kind.PLACE, place, start, match.end("place"), weight)


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins there, so that a capital letter says nothing."""
    before = text[:start].rstrip(" «“„—–-")
    return not before or before[-1] in ".!?:…"
