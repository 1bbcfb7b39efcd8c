"""Update the public search index in the transaction of every change.

Called whenever something is published or withdrawn: for pages by Wagtail's signals, for events by
their audit trail. Each time the object's public content is determined anew, through the same
querysets as the site's pages; what is no longer public leaves the index and its words at once.
"""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import override
from wagtail.models import Page

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC
from events.core.facts_builder import event_page_path, facts_for
from events.core.queries import prefetch_event_details, public_events
from events.models import Event
from home.models import CampaignPage, FoundKind, NewsPage, SearchItem, SearchWord, StandardPage
from home.search.folding import LONGEST_WORD, WORD, can_be_mistyped, fold, stems, tidy, tokens, trigrams
from home.search.matching import words_without_item

MAX_TEXT_LENGTH = 60_000  # characters: the rest of a very long text is not indexed
ADDRESS = re.compile(r"\(?https?://\S+")
SEARCHED_PAGES: dict[type[Page], FoundKind] = {
    NewsPage: FoundKind.NEWS,
    CampaignPage: FoundKind.CAMPAIGN,
    StandardPage: FoundKind.PAGE,
}


@dataclass(frozen=True)
class IndexedText:
    """The public content of an object in one language."""

    language: str
    url: str
    title: str
    text: str
    moment: datetime.datetime | None


def index_page(page: Page) -> None:
    """Index the public content of a page of news, campaign or text; other pages are ignored."""
    kind = SEARCHED_PAGES.get(type(page))
    if kind is None:
        return
    found = type(page).objects.live().public().select_related("locale").filter(pk=page.pk).first()
    _save_items(kind, page.pk, [_page_text(found)] if found is not None else [])


def unindex_page(page: Page) -> None:
    """Remove a deleted or no longer public page from the index."""
    kind = SEARCHED_PAGES.get(type(page))
    if kind is not None:
        _save_items(kind, page.pk, [])


def index_event(event: Event) -> None:
    """Index a public event in each of its languages; remove it if it is not public."""
    found = prefetch_event_details(public_events().filter(pk=event.pk)).first()
    _save_items(FoundKind.EVENT, event.pk, _event_texts(found) if found is not None else [])


def unindex_event(event: Event) -> None:
    """Remove a deleted event from the index."""
    _save_items(FoundKind.EVENT, event.pk, [])


@transaction.atomic
def index_new(*, pages: Sequence[NewsPage] = (), events: Collection[int] = ()) -> None:
    """Index many new objects in few statements. Pages with their locale, events by primary key."""
    found = prefetch_event_details(public_events().filter(pk__in=events))
    told = [(FoundKind.EVENT, event.pk, one) for event in found for one in _event_texts(event)]
    told += [(FoundKind.NEWS, page.pk, _page_text(page)) for page in pages if page.live]
    rows = [_build_search_item(kind, key, one) for kind, key, one in told]
    SearchItem.objects.bulk_create(rows, batch_size=100)
    for language in Language.values:
        words: dict[str, str] = {}
        for row in rows:
            if row.language == language:
                words |= _item_words(row)
        _add_words(language, words)


def reindex_all() -> None:
    """Rebuild the index where it differs, and remove what is no longer public."""
    for model, kind in SEARCHED_PAGES.items():
        live = model.objects.live().public()
        for page in live.order_by("pk").iterator(chunk_size=100):
            with transaction.atomic():
                index_page(page)
        for gone in SearchItem.objects.filter(kind=kind).exclude(key__in=live.values("pk")):
            _save_items(kind, gone.key, [])
    for event in public_events().order_by("pk").iterator(chunk_size=100):
        with transaction.atomic():
            index_event(event)
    events = SearchItem.objects.filter(kind=FoundKind.EVENT)
    for gone in events.exclude(key__in=public_events().order_by().values("pk")):
        _save_items(FoundKind.EVENT, gone.key, [])
    for language in Language.values:
        _delete_unused_words(
            language, SearchWord.objects.filter(language=language).values_list("word", flat=True)
        )


def search_item_for(page: NewsPage | CampaignPage | StandardPage) -> SearchItem:
    """Return the unsaved index row of a live page; the page is loaded with its locale."""
    return _build_search_item(SEARCHED_PAGES[type(page)], page.pk, _page_text(page))


def _page_text(page: NewsPage | CampaignPage | StandardPage) -> IndexedText:
    stream = page.sections if isinstance(page, CampaignPage) else page.body
    words = getattr(page, "words", "") or "\n".join(
        [page.lead, *stream.stream_block.get_searchable_content(stream)]
    )
    return IndexedText(
        language=page.locale.language_code,
        url=page.get_url() or "",
        title=page.title,
        text=words.removeprefix(page.title).strip(),
        moment=getattr(page, "published_on", None),
    )


def _event_texts(event: Event) -> list[IndexedText]:
    found = []
    for text in sorted(event.texts.all(), key=lambda text: text.language):
        if not text.title:
            continue
        with override(text.language):
            facts = facts_for(event, language=text.language, viewer=PUBLIC)
            url = event_page_path(event, text.language)
        words = "\n".join(part for part in (facts.text, facts.place, facts.address) if part)
        found.append(IndexedText(text.language, url, facts.title, words, event.starts_at))
    return found


@transaction.atomic(savepoint=False)  # on failure the enclosing publication fails too
def _save_items(kind: FoundKind, key: int, told: Iterable[IndexedText]) -> None:
    rows = {row.language: row for row in SearchItem.objects.filter(kind=kind, key=key)}
    for one in told:
        row = rows.pop(one.language, None)
        before = _item_words(row) if row else {}
        new = _build_search_item(kind, key, one)
        if row is not None:
            new.pk = row.pk
        new.save()
        words = _item_words(new)
        _add_words(one.language, {word: shown for word, shown in words.items() if word not in before})
        _delete_unused_words(one.language, before.keys() - words.keys())
    for language, row in rows.items():
        row.delete()
        _delete_unused_words(language, _item_words(row))


def _build_search_item(kind: FoundKind, key: int, told: IndexedText) -> SearchItem:
    title = tidy(told.title)
    text = tidy(ADDRESS.sub(" ", told.text))[:MAX_TEXT_LENGTH]
    return SearchItem(
        kind=kind,
        key=key,
        language=told.language,
        url=told.url,
        title=title,
        text=text,
        moment=told.moment,
        title_tokens=" ".join(tokens(told.language, title)),
        text_tokens=" ".join(tokens(told.language, f"{title}\n{text}")),
    )


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
    """Delete words that no public item contains any more. Rows locked by other transactions are
    skipped.

    Their stems are checked too: “law” stays as long as another text has “laws”, and is deleted with
    it.
    """
    asked = {form for word in words for form in (word, *stems(language, word))}
    rows = SearchWord.objects.filter(language=language)
    gone = words_without_item(language, sorted(asked))
    held = rows.select_for_update(skip_locked=True).filter(word__in=gone)
    rows.filter(pk__in=list(held.values_list("pk", flat=True))).delete()
