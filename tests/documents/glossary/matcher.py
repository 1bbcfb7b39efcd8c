"""The browser's matcher in Python, by the rules of docs/glossary.md."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from documents.glossary.queries import ENDINGS, split_words


@dataclass(frozen=True)
class Hit:
    """A pattern in a text, from `start` to `end`."""

    pattern: dict[str, Any]
    start: int
    end: int


def hits(text: str, language: str, patterns: Iterable[dict[str, Any]]) -> list[Hit]:
    """Where patterns stand in a text, in its order; of those that begin at one word the longest counts,
    and a word to avoid before a term of the same length."""
    words = split_words(text)
    own = sorted(
        (one for one in patterns if one["language"] == language),
        key=lambda one: (-len(one["words"]), not one["avoid"]),
    )
    found: list[Hit] = []
    place = 0
    while place < len(words):
        hit = next((one for one in own if _stands(one, words, place, language)), None)
        if hit is None:
            place += 1
            continue
        last = place + len(hit["words"]) - 1
        found.append(Hit(hit, words[place][1], words[last][2]))
        place = last + 1
    return found


def _stands(pattern: dict[str, Any], words: list[tuple[str, int, int]], place: int, language: str) -> bool:
    if place + len(pattern["words"]) > len(words):
        return False
    return all(
        any(_matches(words[place + number][0], stem, language) for stem in stems)
        for number, stems in enumerate(pattern["words"])
    )


def _matches(word: str, stem: str, language: str) -> bool:
    return word.startswith(stem) and _ending(language).fullmatch(word, len(stem)) is not None


@cache
def _ending(language: str) -> re.Pattern[str]:
    return re.compile(ENDINGS[language])
