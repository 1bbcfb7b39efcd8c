"""Public search in the databases' full-text indexes, and in rows read on each search.

Names of organisations are encrypted in the database whatever their listing, so that a name withheld
later leaves no plain-text trace; whether a fact is public depends on its owners, on pages and on
texts. Therefore they are not indexed: a coalition has hundreds of them, not thousands.

Update the public search index in the transaction of every change.

Called whenever something is published or withdrawn: for pages by Wagtail's signals, for events by
their audit trail. Each time the object's public content is determined anew, through the same
querysets as the site's pages; what is no longer public leaves the index and its words at once.
"""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.utils.timezone import localtime
from django.utils.translation import override
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from coalition.accounts.models import Language, Organisation, region_names
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.queries import description_in, public_organisations, with_names_in
from coalition.consent.enums import Place
from coalition.consent.gate import showing_nothing
from coalition.consent.shared_gates import gates_of, sharing_gates
from coalition.consent.site import hidden_pages, without_hidden
from coalition.jobs import scheduler
from events.core import audit as core_audit
from events.core.queries import prefetch_event_details, public_events
from events.core.summary import event_page_path, facts_for
from events.models import Event
from home.models import CampaignPage, FoundKind, NewsPage, SearchItem, SearchWord, StandardPage
from home.queries import in_region, live_news, public_news
from home.search import words as matching
from home.search.words import (
    LONGEST_WORD,
    WORD,
    Hit,
    SearchQuery,
    Term,
    can_be_mistyped,
    closest,
    fold,
    folded_words,
    matches_tokens,
    parse_query,
    stems,
    tidy,
    tokens,
    trigrams,
    word_forms,
    words_as_typed,
    words_without_item,
)
from home.sections import fact_address, facts_in_language


@dataclass(frozen=True)
class UnindexedItem:
    """An organisation or a fact in the words of one language; `key` is its primary key."""

    kind: FoundKind
    key: int
    title: str
    text: str
    url: str
    regions: frozenset[str] = frozenset()
    organisation: Organisation | None = None
    note: str = ""

    def has(self, terms: Collection[Term], language: str, *, in_title: bool = False) -> bool:
        words = _tokens(language, self.title if in_title else f"{self.title}\n{self.text}")
        return all(matches_tokens(term, words) for term in terms)


def unindexed_items(language: str) -> list[UnindexedItem]:
    """Return public organisations, and public facts in their last checked version if it has the language.
    Three queries."""
    organisations = with_names_in(public_organisations(), language, "slug", "regions", "initials", "hue")
    items = [
        UnindexedItem(
            FoundKind.PARTNER,
            row.pk,
            organisation=row,
            note=", ".join(region_names(row.regions)),
            title=display_name_for(PUBLIC, row, language=language),
            text=row.description_found,
            url=f"/{language}/partners/{row.slug}/",
            regions=frozenset(row.regions),
        )
        for row in organisations.annotate(description_found=description_in(language))
    ]
    items += [
        UnindexedItem(
            FoundKind.FACT,
            fact.pk,
            title=str(words),
            text=f"{words.scope}\n{words.source}\n{words.how}",
            url=fact_address(fact, language),
        )
        for fact, words in facts_in_language(language)
    ]
    return items


@lru_cache(maxsize=2000)
def _tokens(language: str, text: str) -> frozenset[str]:
    return frozenset(tokens(language, text))


MOST_MEANT = 4  # corrections for one mistyped word
_HIDDEN = "hidden rows of search"
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

    `kinds` and `years` are counted without their own filter, so that each choice shows its own number.
    """

    terms: list[Term]
    hits: list[Hit] = field(default_factory=list)
    unindexed: Mapping[tuple[str, int], UnindexedItem] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    meant: Mapping[str, str] = field(default_factory=dict)


def find_public(text: str, language: str, narrowing: SearchFilter) -> SearchOutcome:
    """Return items with all words of the query; if there are none, those with the corrected words."""
    query = parse_query(text, language)
    if not query.words:
        return SearchOutcome(terms=[])
    hidden = _hidden_rows()
    items = unindexed_items(language)
    terms = query.terms
    hits = _hits_with(terms, language, items, hidden)
    meant: dict[str, list[tuple[str, str]]] = {}
    if not hits and (meant := _suggest_words(query, items, hidden)):
        terms = query.meaning({word: [one for one, _shown in other] for word, other in meant.items()})
        hits = _hits_with(terms, language, items, hidden)
    # Exact words in the title first, then prefixes there, then the newest.
    hits.sort(key=lambda hit: hit.key)
    hits.sort(key=lambda hit: hit.moment or EARLIEST, reverse=True)
    hits.sort(key=lambda hit: (hit.rank, hit.kind != FoundKind.PARTNER))
    kinds, years, shown = _filter_hits(hits, language, narrowing, items)
    typed = words_as_typed(text) if meant else {}
    return SearchOutcome(
        terms=terms,
        hits=shown,
        unindexed={(item.kind, item.key): item for item in items},
        kinds=kinds,
        years=years,
        meant={typed[word]: other[0][1] for word, other in meant.items()} if hits else {},
    )


def count_in_other_languages(text: str, language: str) -> dict[str, int]:
    """Return the number of results in other languages. One query each, without partners and facts."""
    hidden = _hidden_rows()
    others = [parse_query(text, code) for code in Language.values if code != language]
    return {
        one.language: number
        for one in others
        if one.words and (number := matching.count_hits(one.language, one.terms, without=hidden))
    }


def _hidden_rows() -> Mapping[int, SearchItem]:
    """Return index rows of pages that may not be shown, by primary key: a page is hidden at once when, say,
    its caseworker leaves, and leaves the index at night. No query while no page is hidden."""
    hidden = hidden_pages()
    if not hidden:
        return {}
    memory = gates_of(Place.SITE).memory
    if _HIDDEN not in memory:
        some = Q(pk__in=[])
        for code, keys in hidden.items():
            some |= Q(locale__language_code=code, translation_key__in=keys)
        kinds, pages = SEARCHED_PAGES.values(), Page.objects.filter(some).values("pk")
        memory[_HIDDEN] = SearchItem.objects.filter(kind__in=kinds, key__in=pages).in_bulk()
    found: Mapping[int, SearchItem] = memory[_HIDDEN]
    return found


def _hits_with(
    terms: Sequence[Term], language: str, items: Sequence[UnindexedItem], hidden: Collection[int]
) -> list[Hit]:
    exact = [Term(term.exact) for term in terms]
    hits = []
    for item in items:
        if item.has(terms, language):
            rank = 1 if item.has(terms, language, in_title=True) else 2
            rank = 0 if item.has(exact, language, in_title=True) else rank
            hits.append(Hit(0, item.kind, item.key, None, rank))
    return hits + [hit for hit in matching.find_hits(language, terms) if hit.pk not in hidden]


def _suggest_words(
    query: SearchQuery, items: Sequence[UnindexedItem], hidden: Mapping[int, SearchItem]
) -> dict[str, list[tuple[str, str]]]:
    """Return similar words for words without results, as folded and as written; none that stands only in
    rows of hidden pages."""
    names: dict[str, str] = {}
    for written in (word for item in items for word in tidy(item.title).split()):
        for word in folded_words(fold(written)):
            names.setdefault(word, written.strip("«»“”\"'.,()").lower())
    found: dict[str, list[tuple[str, str]]] = {}
    for word, term in zip(query.words, query.terms, strict=True):
        named = any(item.has([term], query.language) for item in items)
        # A query of one word gets here only without results.
        known = len(query.words) > 1 and (
            named or matching.count_hits(query.language, [term], without=hidden)
        )
        if known or not can_be_mistyped(word):
            continue
        like = dict(matching.words_like(query.language, trigrams(word)))
        shown = names | _without_hidden_words(like, query.language, hidden)
        spellings = {one: word_forms(query.language, one) for one in shown}
        if near := closest(word_forms(query.language, word), spellings):
            found[word] = [(one, shown[one]) for one in near[:MOST_MEANT]]
    return found


def _without_hidden_words(
    words: dict[str, str], language: str, hidden: Mapping[int, SearchItem]
) -> dict[str, str]:
    """Return the words without those that stand only in rows of hidden pages. A query for each word there."""
    doubtful = {word for row in hidden.values() if row.language == language for word in _item_words(row)}
    for word in doubtful & words.keys():
        if not matching.count_hits(language, [Term(exact=(word,))], without=hidden):
            del words[word]
    return words


def _filter_hits(
    hits: list[Hit], language: str, narrowing: SearchFilter, items: Sequence[UnindexedItem]
) -> tuple[Counter[str], Counter[str], list[Hit]]:
    """Return counts by kind and by year, and the filtered hits. Of a region: its partners and events, and the
    news marked with it."""
    if narrowing.topic:
        keys = set(public_news(language, narrowing.topic).order_by().values_list("pk", flat=True))
        hits = [hit for hit in hits if hit.kind == FoundKind.NEWS and hit.key in keys]
    if region := narrowing.region:
        events = public_events().filter(region=region).order_by()
        keys_of = {
            FoundKind.PARTNER: {item.key for item in items if region in item.regions},
            FoundKind.EVENT: set(events.values_list("pk", flat=True)),
            FoundKind.NEWS: set(in_region(live_news(), region).values_list("pk", flat=True)),
        }
        hits = [hit for hit in hits if hit.key in keys_of.get(FoundKind(hit.kind), ())]
    kinds: Counter[str] = Counter()
    years: Counter[str] = Counter()
    shown = []
    for hit in hits:
        year = str(localtime(hit.moment).year) if hit.moment else ""
        is_kind, is_year = narrowing.kind in {"", hit.kind}, narrowing.year in {"", year}
        kinds[hit.kind] += is_year
        if year:
            years[year] += is_kind
        if is_kind and is_year:
            shown.append(hit)
    return +kinds, +years, shown


MAX_TEXT_LENGTH = 60_000  # characters: the rest of a very long text is not indexed
ADDRESS = re.compile(r"\(?https?://\S+")

SEARCHED_PAGES: dict[type[Page], FoundKind] = {
    NewsPage: FoundKind.NEWS,
    CampaignPage: FoundKind.CAMPAIGN,
    StandardPage: FoundKind.PAGE,
}


def public_rows(model: Any) -> Any:
    """Return live pages of a type that may be shown."""
    return without_hidden(model.objects.live().public())


def index_page(page: Page) -> None:
    """Index the public content of a page of news, campaign or text, or remove it from the index."""
    found = public_rows(type(page)).select_related("locale").filter(pk=page.pk).first()
    _save_items(SEARCHED_PAGES[type(page)], page.pk, [search_item_for(found)] if found is not None else [])


def index_event(event: Event) -> None:
    """Index a public event in each of its languages; remove it if it is not public."""
    found = prefetch_event_details(public_events().filter(pk=event.pk)).first()
    _save_items(FoundKind.EVENT, event.pk, _event_items(found) if found is not None else [])


def register_search_signals() -> None:
    """Connect the signals (from `AppConfig.ready()`). Wagtail sends them inside the publishing transaction.

    A nightly job updates the whole index: a release may have changed the rules of words.
    """
    core_audit.on_change(index_event)
    post_delete.connect(_follow_event, sender=Event)
    for model in SEARCHED_PAGES:
        for signal in (page_published, page_unpublished, post_delete):
            signal.connect(_follow_page, sender=model)
    scheduler.register_recurring("home.search", reindex_all, every=datetime.timedelta(days=1))


def _follow_page(instance: Page, **_more: Any) -> None:
    index_page(instance)


def _follow_event(instance: Event, **_more: Any) -> None:
    index_event(instance)


@transaction.atomic
def index_new(*, pages: Sequence[NewsPage] = (), events: Collection[int] = ()) -> None:
    """Index many new objects in few statements. Pages with their locale, events by primary key."""
    found = prefetch_event_details(public_events().filter(pk__in=events))
    rows = [item for event in found for item in _event_items(event)]
    rows += [search_item_for(page) for page in pages if page.live]
    SearchItem.objects.bulk_create(rows, batch_size=100)
    for language in Language.values:
        words: dict[str, str] = {}
        for row in rows:
            if row.language == language:
                words |= _item_words(row)
        _add_words(language, words)


@sharing_gates()
def reindex_all() -> None:
    """Rebuild the index where it differs, and remove what is no longer public."""
    sources: list[tuple[FoundKind, Any, Any]] = [(FoundKind.EVENT, public_events(), index_event)]
    sources += [(kind, public_rows(model), index_page) for model, kind in SEARCHED_PAGES.items()]
    for kind, public, index in sources:
        for row in public.order_by("pk").iterator(chunk_size=100):
            with transaction.atomic():
                index(row)
        indexed = SearchItem.objects.filter(kind=kind)
        for stale in indexed.exclude(key__in=public.order_by().values("pk")):
            _save_items(kind, stale.key, [])
    for language in Language.values:
        words = SearchWord.objects.filter(language=language)
        _delete_unused_words(language, words.values_list("word", flat=True))


def search_item_for(page: NewsPage | CampaignPage | StandardPage) -> SearchItem:
    """Return the unsaved index row of a live page; the page is loaded with its locale."""
    stream = page.sections if isinstance(page, CampaignPage) else page.body
    # Words of pictures and videos under consent are in no index: a consent ends without a job.
    with showing_nothing(), sharing_gates():
        words = getattr(page, "words", "") or "\n".join(
            [page.lead, *stream.stream_block.get_searchable_content(stream)]
        )
    return _build_item(
        kind=SEARCHED_PAGES[type(page)],
        key=page.pk,
        language=page.locale.language_code,
        url=page.get_url() or "",
        title=page.title,
        text=words.removeprefix(page.title).strip(),
        moment=getattr(page, "published_on", None),
    )


def _event_items(event: Event) -> list[SearchItem]:
    """Return the unsaved index rows of a public event, one for each language with a title."""
    items = []
    for text in sorted(event.texts.all(), key=lambda text: text.language):
        if not text.title:
            continue
        with override(text.language):
            facts = facts_for(event, language=text.language, viewer=PUBLIC)
            url = event_page_path(event, text.language)
        item = _build_item(
            kind=FoundKind.EVENT,
            key=event.pk,
            language=text.language,
            url=url,
            title=facts.title,
            text="\n".join(part for part in (facts.text, facts.place, facts.address) if part),
            moment=event.starts_at,
        )
        items.append(item)
    return items


def _build_item(*, language: str, title: str, text: str, **fields: Any) -> SearchItem:
    title, text = tidy(title), tidy(ADDRESS.sub(" ", text))[:MAX_TEXT_LENGTH]
    return SearchItem(
        language=language,
        title=title,
        text=text,
        title_tokens=" ".join(tokens(language, title)),
        text_tokens=" ".join(tokens(language, f"{title}\n{text}")),
        **fields,
    )


@transaction.atomic(savepoint=False)  # on failure the enclosing publication fails too
def _save_items(kind: FoundKind, key: int, items: Iterable[SearchItem]) -> None:
    rows = {row.language: row for row in SearchItem.objects.filter(kind=kind, key=key)}
    for item in items:
        row = rows.pop(item.language, None)
        before = _item_words(row) if row else {}
        if row is not None:
            item.pk = row.pk
        item.save()
        words = _item_words(item)
        _add_words(item.language, {word: shown for word, shown in words.items() if word not in before})
        _delete_unused_words(item.language, before.keys() - words.keys())
    for language, row in rows.items():
        row.delete()
        _delete_unused_words(language, _item_words(row))


def _item_words(row: SearchItem) -> dict[str, str]:
    """Return the words for typo correction: folded, and in lower case as written."""
    text = f"{row.title}\n{row.text}"
    found: dict[str, str] = {}
    for place in WORD.finditer(fold(text)):
        word = place[0]
        if can_be_mistyped(word) and len(word) <= LONGEST_WORD:
            found.setdefault(word, text[place.start() : place.end()].lower()[:LONGEST_WORD])
    return found


def _add_words(language: str, words: dict[str, str]) -> None:
    # In alphabetical order, so that concurrent transactions wait without deadlocks.
    rows = [
        SearchWord(language=language, word=word, shown=shown, pieces=" ".join(trigrams(word)))
        for word, shown in sorted(words.items())
    ]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _delete_unused_words(language: str, words: Iterable[str]) -> None:
    """Delete words that no public item contains any more. Rows locked by other transactions are skipped.

    Their stems are checked too: “law” stays as long as another text has “laws”, and is deleted with it.
    """
    forms = {form for word in words for form in (word, *stems(language, word))}
    rows = SearchWord.objects.filter(language=language)
    unused = rows.filter(word__in=words_without_item(language, sorted(forms)))
    locked = unused.select_for_update(skip_locked=True)
    rows.filter(pk__in=list(locked.values_list("pk", flat=True))).delete()
