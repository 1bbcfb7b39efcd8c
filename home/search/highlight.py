"""Highlighting of search terms in a text."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from home.search.folding import fold, stems
from home.search.matching import Term
from home.search.query import matches_tokens

BEFORE, LENGTH = 60, 240  # characters of an excerpt: before the first highlight, and in all
MOST_MARKED = 60  # words compared in full


class MarkedPiece(NamedTuple):
    """A part of a text, highlighted or not."""

    text: str
    marked: bool


def mark_text(text: str, terms: Sequence[Term], language: str) -> list[MarkedPiece]:
    """Return the whole text in pieces."""
    pieces, end = [], 0
    for start, stop in _match_positions(fold(text), terms, language):
        pieces += [MarkedPiece(text[end:start], marked=False), MarkedPiece(text[start:stop], marked=True)]
        end = stop
    return [piece for piece in [*pieces, MarkedPiece(text[end:], marked=False)] if piece.text]


def extract(text: str, terms: Sequence[Term], language: str) -> list[MarkedPiece]:
    """Return an excerpt around the first search term, or else the beginning of the text."""
    flat = " ".join(text.split())
    first = next(_match_positions(fold(flat), terms, language), (0, 0))[0]
    start = 0 if first <= BEFORE else flat.rfind(" ", 0, first - BEFORE) + 1
    stop = len(flat) if len(flat) <= start + LENGTH else flat.rfind(" ", start, start + LENGTH)
    stop = stop if stop > start else start + LENGTH
    pieces = mark_text(flat[start:stop], terms, language)
    before = [MarkedPiece("… ", marked=False)] if start else []
    after = [MarkedPiece(" …", marked=False)] if stop < len(flat) else []
    return [*before, *pieces, *after]


class TermMatcher:
    """Terms of one language, compiled once for matching hundreds of texts."""

    def __init__(self, terms: Sequence[Term], language: str) -> None:
        self._terms = [(_term_beginnings((term,)), [term]) for term in terms]
        self._language = language

    def stands_in(self, folded: str) -> bool:
        """Whether the folded text has all the terms; False without terms."""
        return self.may_stand_in(folded) and all(
            any(True for _place in _match_positions(folded, term, self._language))
            for _parts, term in self._terms
        )

    def may_stand_in(self, folded: str) -> bool:
        """Whether the text may match: a fast substring check that rules out most texts, and many
        concatenated ones at once."""
        return bool(self._terms) and all(
            any(part in folded for part in beginnings) for beginnings, _term in self._terms
        )


def _match_positions(folded: str, terms: Sequence[Term], language: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of matches in order. Only words with a common prefix are compared in
    full."""
    alike = _prefix_pattern(tuple(terms))
    if alike is None:
        return
    for number, found in enumerate(alike.finditer(folded)):
        if number >= MOST_MARKED:
            return
        tokens = frozenset([found[0], *stems(language, found[0])])
        if any(matches_tokens(term, tokens) for term in terms):
            yield found.span()


@lru_cache(maxsize=64)
def _prefix_pattern(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    """Return a pattern for words that begin like one of the terms, compiled once per query."""
    beginnings = _term_beginnings(terms)
    if not beginnings:
        return None
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, beginnings))})[^\W_]*")


@lru_cache(maxsize=64)
def _term_beginnings(terms: tuple[Term, ...]) -> list[str]:
    """Return the prefixes of possible matches, without those covered by a shorter one."""
    found: list[str] = []
    for part in sorted(
        {word[: max(2, len(word) - 2)] for term in terms for word in term.exact + term.beginnings}
    ):
        if not (found and part.startswith(found[-1])):
            found.append(part)
    return found
