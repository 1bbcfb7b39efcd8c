"""Verification of lists with publications' pages: news list, RSS, Atom, JSON feed, search."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from documents.publication.verification.findings import Finding, FindingKind
from home.feeds import MAX_ITEMS, news_path
from home.models import FoundKind, NewsPage, SearchItem
from home.models.record import approved_values
from home.queries import public_news
from home.search.index import search_item_for
from home.verification.pages import PublicationPages
from home.verification.rendering import SiteReader, single_spaced, text_of

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
NEWS_LISTED: Final = 20  # on the first page of the news list


@dataclass(frozen=True)
class ListedItem:
    """A page as listed. None: the list does not contain this field."""

    title: str
    lead: str | None = None
    words: str | None = None


type ListedItems = Mapping[str, ListedItem]


def list_findings(found: Sequence[PublicationPages], site: SiteReader) -> Iterator[Finding]:
    """Yield differences in lists. Each list is read once for the whole batch."""
    languages = {page.locale.language_code for one in found for page in one.pages}
    for language in sorted(languages):
        newest = list(public_news(language).prefetch_related(None).values_list("pk", flat=True)[:MAX_ITEMS])
        for code, read, length in _LISTS:
            items = _read_list(read, site, language)
            for one in found:
                for page in one.pages:
                    if page.locale.language_code == language and not _matches_record(
                        one, page, items, listed=page.pk in newest[:length]
                    ):
                        yield Finding(FindingKind.LIST, one.publication.pk, code, language)
    yield from _search_findings(found)


def _read_list(
    read: Callable[[SiteReader, str], ListedItems | None], site: SiteReader, language: str
) -> ListedItems | None:
    """Return the items of a list; None if it cannot be parsed."""
    try:
        return read(site, language)
    except (AttributeError, LookupError, TypeError):
        return None


def _matches_record(
    one: PublicationPages, page: NewsPage, items: ListedItems | None, *, listed: bool
) -> bool:
    if items is None:  # unreadable list
        return False
    item = items.get(page.get_url())
    if item is None or not (one.expected_live and page.live):
        return (item is not None) == (listed and one.expected_live)
    text = next((text for text, its in one.shown if its.pk == page.pk), None)
    if text is None:
        return False
    values = approved_values(text)
    return (
        single_spaced(item.title) == single_spaced(values["title"])
        and (item.lead is None or single_spaced(item.lead) == single_spaced(values["lead"]))
        and (item.words is None or single_spaced(item.words) == single_spaced(values["words"]))
    )


def _path(address: str) -> str:
    return address.removeprefix(settings.SITE_URL.rstrip("/"))


def _rss(site: SiteReader, language: str) -> ListedItems | None:
    root = site.xml(f"{news_path(language)}rss.xml", language)
    if root is None:
        return None
    return {
        _path(item.findtext("link", "")): ListedItem(
            item.findtext("title", ""), item.findtext("description", "")
        )
        for item in root.iter("item")
    }


def _atom(site: SiteReader, language: str) -> ListedItems | None:
    root = site.xml(f"{news_path(language)}atom.xml", language)
    if root is None:
        return None
    return {
        _path(entry.find(f"{_ATOM}link").get("href", "")): ListedItem(
            entry.findtext(f"{_ATOM}title", ""), entry.findtext(f"{_ATOM}summary", "")
        )
        for entry in root.iter(f"{_ATOM}entry")
    }


def _json(site: SiteReader, language: str) -> ListedItems | None:
    feed = site.json(f"{news_path(language)}feed.json", language)
    if not isinstance(feed, dict):
        return None
    return {
        _path(item["url"]): ListedItem(item["title"], item.get("summary", ""), item.get("content_text", ""))
        for item in feed.get("items", [])
    }


def _index(site: SiteReader, language: str) -> ListedItems | None:
    page = site.page(news_path(language), language)
    if page.main is None:
        return None
    links = [(str(link.get("href", "")), text_of(link)) for link in page.main.find_all("a")]
    return {
        path: ListedItem(title) for path, title in links if path.startswith(news_path(language)) and title
    }


_LISTS: Final[list[tuple[str, Callable[[SiteReader, str], ListedItems | None], int]]] = [
    ("rss", _rss, MAX_ITEMS),
    ("atom", _atom, MAX_ITEMS),
    ("json_feed", _json, MAX_ITEMS),
    ("news_list", _index, NEWS_LISTED),
]


def _search_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Check that the search finds live pages by their own words, and no others. One query."""
    keys = [page.pk for one in found for page in one.pages]
    rows: dict[Any, list[SearchItem]] = {}
    for row in SearchItem.objects.filter(kind=FoundKind.NEWS, key__in=keys):
        rows.setdefault(row.key, []).append(row)
    for one in found:
        for page in one.pages:
            kept = [_search_row_values(row) for row in rows.get(page.pk, [])]
            expected = [_search_row_values(search_item_for(page))] if page.live else []
            if kept != expected:
                yield Finding(FindingKind.LIST, one.publication.pk, "search", page.locale.language_code)


def _search_row_values(row: SearchItem) -> tuple[Any, ...]:
    return row.language, row.url, row.title, row.text, row.moment, row.title_tokens, row.text_tokens
