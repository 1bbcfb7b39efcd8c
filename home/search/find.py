"""Public search: news, events, campaigns, texts, facts, organisations that may be named."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.timezone import localtime

from coalition.accounts.enums import Language
from events.core.queries import public_events
from home.models import FoundKind, NewsPage
from home.queries import in_region, public_news
from home.search import matching
from home.search.folding import can_be_mistyped, closest, trigrams
from home.search.matching import Hit, Term
from home.search.query import SearchQuery, parse_query, word_forms, words_as_typed
from home.search.unindexed import UnindexedItem, unindexed_items, words_in_names

MOST_MEANT = 4  # corrections for one mistyped word
EARLIEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class SearchFilter:
    """A visitor's filters: kind, topic (slug), region (ISO 3166-2), year."""

    kind: str = ""
    topic: str = ""
    region: str = ""
    year: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.kind or self.topic or self.region or self.year)


@dataclass(frozen=True)
class SearchOutcome:
    """The ranked results. `meant`: corrected words, as written, by the words as typed.

    `kinds` and `years` are counted without their own filter, so that each choice shows its own
    number.
    """

    terms: list[Term]
    hits: list[Hit] = field(default_factory=list)
    looked_at: Mapping[tuple[str, int], UnindexedItem] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    meant: Mapping[str, str] = field(default_factory=dict)


def find_public(text: str, language: str, narrowing: SearchFilter) -> SearchOutcome:
    """Return items with all words of the query; if there are none, those with the corrected
    words."""
    question = parse_query(text, language)
    if not question.words:
        return SearchOutcome(terms=[])
    things = unindexed_items(language)
    terms = question.terms
    hits = _hits_with(terms, language, things)
    meant: dict[str, list[tuple[str, str]]] = {}
    if not hits:
        meant = _suggest_words(question, things)
        if meant:
            terms = question.meaning({word: [one for one, _shown in other] for word, other in meant.items()})
            hits = _hits_with(terms, language, things)
    typed = words_as_typed(text) if meant else {}
    kinds, years, shown = _filter_hits(_sort_hits(hits), language, narrowing, things)
    return SearchOutcome(
        terms=terms,
        hits=shown,
        looked_at={(thing.kind, thing.key): thing for thing in things},
        kinds=kinds,
        years=years,
        meant={typed[word]: other[0][1] for word, other in meant.items()} if hits else {},
    )


def count_in_other_languages(text: str, language: str) -> dict[str, int]:
    """Return the number of results in other languages. One query each, without partners and
    facts."""
    others = [parse_query(text, code) for code in Language.values if code != language]
    return {
        one.language: number
        for one in others
        if one.words and (number := matching.count_hits(one.language, one.terms))
    }


def _hits_with(terms: Sequence[Term], language: str, things: Sequence[UnindexedItem]) -> list[Hit]:
    named = [
        Hit(0, thing.kind, thing.key, None, _rank(thing, terms, language))
        for thing in things
        if thing.has(terms, language)
    ]
    return named + matching.find_hits(language, terms)


def _rank(thing: UnindexedItem, terms: Sequence[Term], language: str) -> int:
    """Return the rank as defined by `Hit`."""
    if thing.has([Term(term.exact) for term in terms], language, in_title=True):
        return 0
    return 1 if thing.has(terms, language, in_title=True) else 2


def _suggest_words(
    question: SearchQuery, things: Sequence[UnindexedItem]
) -> dict[str, list[tuple[str, str]]]:
    """Return similar words for words without results, as folded and as written."""
    names = words_in_names(things)
    found: dict[str, list[tuple[str, str]]] = {}
    for word, term in zip(question.words, question.terms, strict=True):
        named = any(thing.has([term], question.language) for thing in things)
        # A query of one word gets here only without results.
        known = len(question.words) > 1 and (named or matching.count_hits(question.language, [term]))
        if known or not can_be_mistyped(word):
            continue
        shown = dict(matching.words_like(question.language, trigrams(word)))
        shown = {**names, **shown}
        spellings = {one: word_forms(question.language, one) for one in shown}
        near = closest(word_forms(question.language, word), spellings)
        found[word] = [(one, shown[one]) for one in near[:MOST_MEANT]]
    return {word: others for word, others in found.items() if others}


def _sort_hits(hits: Sequence[Hit]) -> list[Hit]:
    """Sort: exact words in the title first, then prefixes there, then the newest."""
    found = sorted(hits, key=lambda hit: hit.key)
    found.sort(key=lambda hit: hit.moment or EARLIEST, reverse=True)
    return sorted(found, key=lambda hit: (hit.rank, hit.kind != FoundKind.PARTNER))


def _filter_hits(
    hits: Sequence[Hit], language: str, narrowing: SearchFilter, things: Sequence[UnindexedItem]
) -> tuple[Counter[str], Counter[str], list[Hit]]:
    """Return counts by kind and by year, and the filtered hits."""
    left = list(hits)
    if narrowing.topic:
        keys = set(public_news(language, narrowing.topic).order_by().values_list("pk", flat=True))
        left = [hit for hit in left if hit.kind == FoundKind.NEWS and hit.key in keys]
    if narrowing.region:
        left = _in_region(left, narrowing.region, things)
    kinds: Counter[str] = Counter()
    years: Counter[str] = Counter()
    shown = []
    for hit in left:
        year = year_of(hit)
        is_kind, is_year = narrowing.kind in {"", hit.kind}, narrowing.year in {"", year}
        kinds[hit.kind] += is_year
        if year:
            years[year] += is_kind
        if is_kind and is_year:
            shown.append(hit)
    return +kinds, +years, shown


def year_of(hit: Hit) -> str:
    return str(localtime(hit.moment).year) if hit.moment else ""


def _in_region(hits: list[Hit], region: str, things: Sequence[UnindexedItem]) -> list[Hit]:
    """Return partners and events of the region, and news marked with it."""
    keys = {
        FoundKind.PARTNER: {thing.key for thing in things if region in thing.regions},
        FoundKind.EVENT: set(public_events().filter(region=region).order_by().values_list("pk", flat=True)),
        FoundKind.NEWS: set(in_region(NewsPage.objects.live(), region).values_list("pk", flat=True)),
    }
    return [hit for hit in hits if hit.key in keys.get(FoundKind(hit.kind), set())]
