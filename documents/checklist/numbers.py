"""Numbers in running text that no source stands behind.

A number claims something if it counts or measures. Dates, times, telephone numbers, addresses, articles of
law, durations, ordinals and the numbers of rooms and versions do not: they are looked for first, and what
is left is a claim. Pure; measured on the demo's texts (docs/kinds.md).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from documents.checklist.lexicon import words_of
from documents.checklist.lines import Line

_SENTENCE: Final = re.compile(r"[.!?…;]\s")
_NUMBER: Final = re.compile(
    r"(?<![\w№#/@.-])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|(?<![\w№#/@.-])\d+(?:[.,]\d+)*"
)
# The same in every language.
_NO_CLAIM: Final = (
    r"\[[^\[\]\n]*\]",  # what is still to be filled in
    r"https?://\S+|\S+@\S+\.\w+",
    r"(?<!\d)(?:19|20|21)\d\d\s?[–—-]\s?(?:(?:19|20|21)\d\d|\d\d)(?!\d)",  # years
    # A year, unless it counts something.
    r"(?<!\d)(?:19|20|21)\d\d(?![\d \u00a0]?\d)(?!\s?(?:%|пайыз|процент|теңге|тенге|адам|человек|people))",
    r"(?<!\d)\d{1,2}[.]\d{1,2}[.]\d{2,4}|(?<!\d)\d{4}-\d{2}-\d{2}",
    r"(?<!\d)\d{1,2}:\d{2}(?:\s?[–—-]\s?\d{1,2}:\d{2})?",
    r"(?:UTC|GMT)\s?[+−-]\s?\d{1,2}(?::\d{2})?|24/7",
    r"\+?\d[\d\s()\u00a0-]{8,}\d",  # telephones
    r"^\s*\d{1,2}[.)]\s",  # numbering
    r"(?:№|No\.|N)\s?[\d/-]+(?:-[IVXLCІ]+)?",
)


@dataclass(frozen=True)
class Number:
    """A number without a source, and where it stands in its line."""

    words: str
    start: int


def unsourced(line: Line, language: str) -> list[Number]:
    """The numbers of the line that claim something and have no source in it.

    A source is a footnote or a link in the line, or words that name one (“according to …”) in the same
    sentence; what a fact says has its own.
    """
    if line.sourced:
        return []
    hidden = [*line.facts, *(found.span() for found in _no_claim(language).finditer(line.text))]
    source = words_of(language).source
    return [
        Number(found[0], found.start())
        for found in _NUMBER.finditer(line.text)
        if not any(start <= found.start() < end for start, end in hidden)
        and not source.search(_sentence(line.text, found.start()))
    ]


def _sentence(text: str, at: int) -> str:
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    begin = max((end for end in ends if end <= at), default=0)
    return text[begin : min((end for end in ends if end > at), default=len(text))]


@cache
def _no_claim(language: str) -> re.Pattern[str]:
    every = "|".join(f"(?:{one})" for one in (*_NO_CLAIM, *words_of(language).no_claim))
    return re.compile(every, re.IGNORECASE | re.MULTILINE)
