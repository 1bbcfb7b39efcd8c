"""The rows of the pages of publications: words, publication, date, whether they are live, addresses."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from documents.drafts.enums import PublicationState
from documents.models import Publication, PublicationText
from documents.publication.verification.findings import Finding, FindingKind
from documents.publication.verification.hooks import Batch
from home.models import NewsIndexPage, NewsPage
from home.models.record import approved_values, kind_labels
from home.queries import news_page


@dataclass(frozen=True)
class PublicationPages:
    """A publication with all its pages.

    `is_public_by_record`: it is public and no correction took its place. `expected_live`: so its pages are to
    be live, but not while the publication is taken off.
    """

    publication: Publication
    is_public_by_record: bool
    expected_live: bool
    pages: Sequence[NewsPage] = field(default_factory=list)

    def page(self, language: str) -> NewsPage | None:
        """The page of a language, if there is exactly one."""
        found = [page for page in self.pages if page.locale.language_code == language]
        return found[0] if len(found) == 1 else None

    @property
    def shown(self) -> list[tuple[PublicationText, NewsPage]]:
        """Each text that is public by the record, with its page."""
        texts = self.publication.texts.all() if self.is_public_by_record else []
        pairs = [(text, self.page(text.language)) for text in texts]
        return [(text, page) for text, page in pairs if page is not None]


def pages_of(batch: Batch) -> list[PublicationPages]:
    """Every publication of the batch with its pages. One query."""
    pages: dict[int, list[NewsPage]] = defaultdict(list)
    rows = NewsPage.objects.filter(publication__in=batch.publications)
    for page in rows.select_related("locale").order_by("pk"):
        pages[page.publication_id or 0].append(page)
    return [
        _publication_with_pages(one, pages[one.pk], taken_off=one.pk in batch.taken_off)
        for one in batch.publications
    ]


def _publication_with_pages(
    publication: Publication, pages: list[NewsPage], *, taken_off: bool
) -> PublicationPages:
    is_public = publication.state == PublicationState.PUBLIC and not is_replaced(publication)
    return PublicationPages(publication, is_public, is_public and not taken_off, pages)


def is_replaced(publication: Publication) -> bool:
    """Whether a correction took its place, and its pages."""
    return getattr(publication, "replaced_by", None) is not None


def taken_off_at(language: str, slug: str) -> datetime.datetime | None:
    """Since when the page at this address is off the site while it is checked, or None. One query."""
    held = NewsPage.objects.filter(
        locale__language_code=language, slug=slug, publication__taken_off__isnull=False
    )
    return held.values_list("publication__taken_off__since", flat=True).first()


def page_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """What differs between the rows of pages and the record."""
    lists = dict(NewsIndexPage.objects.exclude(language=None).values_list("path", "url_path"))
    for one in found:
        yield from _missing_page_findings(one)
        yield from _live_state_findings(one)
        yield from _slug_findings(one, lists)
        for text, page in one.shown:
            yield from _value_findings(one.publication, text, page)
        yield from _address_findings(one)


def _missing_page_findings(one: PublicationPages) -> Iterator[Finding]:
    """Every text has one page, unless a correction took the pages."""
    if is_replaced(one.publication):
        return
    for text in one.publication.texts.all():
        if one.page(text.language) is None:
            yield Finding(FindingKind.STATE, one.publication.pk, "page_missing", text.language)


def _live_state_findings(one: PublicationPages) -> Iterator[Finding]:
    """Pages are live as long as their text is public, and only in its languages."""
    languages = {text.language for text in one.publication.texts.all()} if one.expected_live else set()
    for page in one.pages:
        language = page.locale.language_code
        if page.live != (language in languages):
            code = "page_live" if page.live else "page_not_live"
            yield Finding(FindingKind.STATE, one.publication.pk, code, language)


def _slug_findings(one: PublicationPages, lists: Mapping[str, str]) -> Iterator[Finding]:
    """Pages of public and withdrawn texts lie at the address that is recorded with the text.

    `lists`: place in the tree of each list of news → its `url_path`.
    """
    if is_replaced(one.publication):
        return
    for text in one.publication.texts.all():
        page = one.page(text.language)
        if page is None or not text.slug:
            continue
        below = lists.get(page.path[: -page.steplen])
        if page.slug != text.slug or (below and page.url_path != f"{below}{text.slug}/"):
            yield Finding(FindingKind.STATE, one.publication.pk, "page_slug", text.language)


def _value_findings(publication: Publication, text: PublicationText, page: NewsPage) -> Iterator[Finding]:
    for name, value in approved_values(text).items():
        if getattr(page, name) != value:
            yield Finding(FindingKind.WORDS, publication.pk, f"page_{name}", text.language)
    if page.kind_label not in kind_labels(text.language):
        yield Finding(FindingKind.WORDS, publication.pk, "page_kind_label", text.language)
    if page.published_on != publication.published_at:
        yield Finding(FindingKind.STATE, publication.pk, "page_published_on", text.language)


def _address_findings(one: PublicationPages) -> Iterator[Finding]:
    """The address of a page answers with this page and no other."""
    if not one.expected_live:
        return
    for text, page in one.shown:
        served = news_page(text.language, page.slug)
        if page.live and (served is None or served.pk != page.pk):
            yield Finding(FindingKind.WORDS, one.publication.pk, "address", text.language)


def others_at_addresses(pages: Sequence[NewsPage]) -> list[NewsPage]:
    """Live pages that are none of these and bear the address of one of them."""
    here = Q(pk__in=[])
    for page in pages:
        here |= Q(locale=page.locale_id, slug=page.slug)
    own = [page.pk for page in pages]
    return list(NewsPage.objects.live().filter(here).exclude(pk__in=own))
