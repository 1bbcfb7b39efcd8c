"""Verification of lists with publications' pages, and of the mirror."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.consent.shared_gates import sharing_gates
from coalition.consent.site import is_page_under_consent, may_show_page
from documents.models import Publication, PublicationText
from documents.publication.verification.findings import (
    Finding,
    FindingKind,
    PublicationSite,
    register_messages,
    register_reader,
)
from home.feeds import MAX_ITEMS, news_path
from home.mirror import mirror_path
from home.models import FoundKind, NewsPage, SearchItem
from home.models.record import approved_values
from home.publication_pages import sync_pages_with_record
from home.queries import public_news
from home.search.find import search_item_for
from home.verification.pages import (
    PublicationPages,
    SiteReader,
    displayed_names,
    html_of,
    others_at_addresses,
    page_findings,
    pages_of,
    picture_findings,
    public_names,
    rendering_findings,
    share_image_findings,
    sheet_findings,
    single_spaced,
    text_of,
    word_differences,
)

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
            try:
                items = read(site, language)
            except (AttributeError, LookupError, TypeError):
                items = None  # it cannot be parsed
            for one in found:
                for page in one.pages:
                    listed = page.pk in newest[:length]
                    if page.locale.language_code == language and (
                        items is None or not _matches_record(one, page, items, listed=listed)
                    ):
                        yield Finding(FindingKind.LIST, one.publication.pk, code, language)
    yield from _search_findings(found)


def _matches_record(one: PublicationPages, page: NewsPage, items: ListedItems, *, listed: bool) -> bool:
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
    found = [
        [item.findtext(name, "") for name in ("link", "title", "description")] for item in root.iter("item")
    ]
    return {_path(link): ListedItem(title, lead) for link, title, lead in found}


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
            indexed = [_search_row_values(row) for row in rows.get(page.pk, [])]
            is_shown = page.live and may_show_page(page)
            expected = [_search_row_values(search_item_for(page))] if is_shown else []
            if indexed != expected:
                yield Finding(FindingKind.LIST, one.publication.pk, "search", page.locale.language_code)


def _search_row_values(row: SearchItem) -> tuple[Any, ...]:
    return row.language, row.url, row.title, row.text, row.moment, row.title_tokens, row.text_tokens


def mirror_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Yield a finding for each page on which the mirror differs from the record.

    A difference is another word or name, or a text that is no longer public. Texts published since
    the mirror was written are not expected in it. Yields nothing without MIRROR_FOLDER.
    """
    first = Path(settings.MIRROR_FOLDER) / "index.html"
    if not settings.MIRROR_FOLDER or not first.is_file():
        return
    written = datetime.datetime.fromtimestamp(first.stat().st_mtime, datetime.UTC)
    for one in found:
        shown = {page.pk: text for text, page in one.shown} if one.expected_live else {}
        for page in one.pages:
            text = shown.get(page.pk)
            if not _mirror_shows_text(page, text, one.publication, written):
                yield Finding(FindingKind.LIST, one.publication.pk, "mirror", page.locale.language_code)


def _mirror_shows_text(
    page: NewsPage, text: PublicationText | None, publication: Publication, written: datetime.datetime
) -> bool:
    name = mirror_path(page.get_url() or "")
    file = Path(settings.MIRROR_FOLDER) / name if name else None
    if file is None or not file.is_file():
        published = publication.published_at
        return text is None or published is None or published > written or is_page_under_consent(page)
    article = html_of(file.read_bytes()).find("article")
    if text is None:
        return article is None  # a withdrawn text has a note without an article
    return not (
        list(word_differences(article, text.document))
        or displayed_names(article) != public_names(publication, text.language)
    )


MESSAGES: Final[Mapping[str, str | Promise]] = {
    "page_missing": _("the text has no page of its own."),
    "page_live": _("a page is public that is to be off the site."),
    "page_not_live": _("the page is not public."),
    "page_title": _("the title of the page is not the approved one."),
    "page_lead": _("the lead of the page is not the approved one."),
    "page_words": _("the words in feeds and search are not the approved ones."),
    "page_search_description": _("the description for search engines is not the approved lead."),
    "page_kind_label": _("the word above the title is none for a kind of text."),
    "page_slug": _("the page is at another address than the one at which the text became public."),
    "page_published_on": _("the date of the page is not that of the record."),
    "address": _("another page stands at the address of the text."),
    "status": _("the address of the page does not answer with the page."),
    "not_gone": _("the address of the withdrawn text does not answer 410."),
    "rendered_title": _("the page shows another title."),
    "rendered_lead": _("the page shows another lead."),
    "rendered_words": _("the page shows other words, or other descriptions of pictures."),
    "rendered_correction": _("the page does not show the correction note."),
    "rendered_awaiting": _("the page does not say that a decision is awaited."),
    "rendered_names": _("the page shows a name that is not to be shown."),
    "names_missing": _("a name that is to be shown is missing."),
    "sheet_status": _("the address of the approval sheet does not answer as it should."),
    "sheet_shows_names": _("the approval sheet shows a name that is not to be shown."),
    "picture_missing": _("an approved picture is missing."),
    "picture_bytes": _("an approved picture has other bytes than those that were approved."),
    "share_image": _("the image for shared links is not that of the page."),
    "rss": _("the RSS feed says something else."),
    "atom": _("the Atom feed says something else."),
    "json_feed": _("the JSON feed says something else."),
    "news_list": _("the list of news says something else."),
    "search": _("the search finds something else."),
    "mirror": _("the mirror shows something else: write it anew."),
}


def register_site_reader() -> None:
    """Register the functions that verify the public site, unpublish pages and restore them."""
    register_messages(MESSAGES)
    register_reader(PublicationSite(verify_site, take_pages_off, restore_pages))


def verify_site(publications: Sequence[Publication]) -> Iterator[Finding]:
    """Compare all public output of these publications with their record."""
    with sharing_gates():
        site, found = SiteReader(), pages_of(publications)
        yield from page_findings(found)
        yield from picture_findings(found)
        yield from rendering_findings(found, site)
        yield from sheet_findings(publications, site)
        yield from list_findings(found, site)
        yield from share_image_findings(found)
        yield from mirror_findings(found)


def take_pages_off(publication: Publication) -> None:
    """Unpublish the pages of a publication, with those made for it (by translation key) without it, and
    any other pages at their addresses."""
    first = publication
    while first.replaces is not None:
        first = first.replaces
    made = NewsPage.objects.filter(publication=None, translation_key=first.uuid)
    own = NewsPage.objects.filter(publication=publication)
    pages = list((own | made).select_related("locale"))
    for page in pages:
        if page.live:
            page.unpublish()
    for page in others_at_addresses(pages):
        page.unpublish()


def restore_pages(publication: Publication) -> None:
    sync_pages_with_record(publication)
