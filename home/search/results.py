"""Search results for the page: titles and excerpts with highlights."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils import formats
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.naming import PUBLIC, OrganisationMark, display_mark_for
from events.core.enums import EventKind, EventState
from events.core.queries import public_events
from home.models import FoundKind, SearchItem
from home.queries import live_news, public_pages
from home.search.find import SearchOutcome
from home.search.words import Hit, Term, fold, matches_tokens, stems

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
    """Yield the positions of matches in order. Only words with a common prefix are compared in full."""
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


KINDS: dict[str, Promise] = {
    FoundKind.NEWS: gettext_lazy("News"),
    FoundKind.EVENT: gettext_lazy("Events"),
    FoundKind.PARTNER: gettext_lazy("Partners"),
    FoundKind.CAMPAIGN: gettext_lazy("Campaigns"),
    FoundKind.FACT: gettext_lazy("Facts"),
    FoundKind.PAGE: gettext_lazy("About us"),
}


@dataclass(frozen=True)
class SearchResult:
    """One line of the page."""

    url: str
    kind: str
    title: list[MarkedPiece]
    extract: list[MarkedPiece]
    note: str = ""
    date: str = ""
    iso: str = ""
    cancelled: bool = False
    mark: OrganisationMark | None = None


def build_results(found: SearchOutcome, hits: Sequence[Hit], language: str) -> list[SearchResult]:
    """Return the lines of these hits, in a fixed number of queries.

    The objects are read again through the public querysets: should the index ever be stale, the
    page shows less, never more.
    """
    items = SearchItem.objects.in_bulk([hit.pk for hit in hits if hit.pk])
    notes = _notes(hits)
    results = []
    for hit in hits:
        if (unindexed := found.unindexed.get((hit.kind, hit.key))) is not None:
            row = unindexed.organisation
            result = SearchResult(
                url=unindexed.url,
                kind=unindexed.kind,
                title=mark_text(unindexed.title, found.terms, language),
                extract=extract(unindexed.text, found.terms, language),
                note=unindexed.note,
                mark=display_mark_for(PUBLIC, row, language=language) if row is not None else None,
            )
        elif hit.pk in items and (hit.kind, hit.key) in notes:
            item, (note, cancelled) = items[hit.pk], notes[hit.kind, hit.key]
            moment = localtime(item.moment) if item.moment else None
            result = SearchResult(
                url=item.url,
                kind=item.kind,
                title=mark_text(item.title, found.terms, item.language),
                extract=extract(item.text, found.terms, item.language),
                note=note,
                date=formats.date_format(moment, "DATE_FORMAT") if moment else "",
                iso=moment.date().isoformat() if moment else "",
                cancelled=cancelled,
            )
        else:
            continue
        results.append(result)
    return results


def _notes(hits: Sequence[Hit]) -> dict[tuple[str, int], tuple[str, bool]]:
    """Return for currently public objects the kind's label, and whether it is cancelled."""
    keys = [hit.key for hit in hits if hit.pk]
    news = live_news().public().filter(pk__in=keys).values_list("pk", "kind_label")
    pages = public_pages().public().filter(pk__in=keys).values_list("pk", flat=True)
    events = public_events().filter(pk__in=keys).order_by().values_list("pk", "kind", "state")
    return {
        **{(FoundKind.NEWS, pk): (label or _("News"), False) for pk, label in news},
        **{(kind, pk): ("", False) for pk in pages for kind in (FoundKind.CAMPAIGN, FoundKind.PAGE)},
        **{
            (FoundKind.EVENT, pk): (str(EventKind(kind).label), state == EventState.CANCELLED)
            for pk, kind, state in events
        },
    }
