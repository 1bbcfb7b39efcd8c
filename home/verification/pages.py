"""Verification of publications' page rows: words, publication, date, live state, addresses."""

import datetime
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.files.storage import Storage, storages
from django.db.models import Q

from coalition.storage.errors import StorageAway
from documents.drafts.enums import PublicationState
from documents.models import Publication, PublicationText
from documents.publication.verification.findings import Finding, FindingKind
from documents.publication.verification.hooks import Batch
from home.models import NewsIndexPage, NewsPage, PublicImage
from home.models.record import approved_values, kind_labels
from home.queries import news_page


@dataclass(frozen=True)
class PublicationPages:
    """A publication with all its pages.

    `is_public_by_record`: public and not replaced by a correction. `expected_live`: its pages must
    therefore be live, except while the publication is taken off the site.
    """

    publication: Publication
    is_public_by_record: bool
    expected_live: bool
    pages: Sequence[NewsPage] = field(default_factory=list)

    def page(self, language: str) -> NewsPage | None:
        """Return the page of a language, if there is exactly one."""
        found = [page for page in self.pages if page.locale.language_code == language]
        return found[0] if len(found) == 1 else None

    @property
    def shown(self) -> list[tuple[PublicationText, NewsPage]]:
        """Return each text that is public by the record, with its page."""
        texts = self.publication.texts.all() if self.is_public_by_record else []
        pairs = [(text, self.page(text.language)) for text in texts]
        return [(text, page) for text, page in pairs if page is not None]


def pages_of(batch: Batch) -> list[PublicationPages]:
    """Return every publication of the batch with its pages. One query."""
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
    """Whether a correction replaced it and took over its pages."""
    return getattr(publication, "replaced_by", None) is not None


def taken_off_at(language: str, slug: str) -> datetime.datetime | None:
    """Return since when the page at this address is off the site for verification, or None. One
    query."""
    held = NewsPage.objects.filter(
        locale__language_code=language, slug=slug, publication__taken_off__isnull=False
    )
    return held.values_list("publication__taken_off__since", flat=True).first()


def page_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Yield differences between the rows of pages and the record."""
    lists = dict(NewsIndexPage.objects.exclude(language=None).values_list("path", "url_path"))
    for one in found:
        yield from _missing_page_findings(one)
        yield from _live_state_findings(one)
        yield from _slug_findings(one, lists)
        for text, page in one.shown:
            yield from _value_findings(one.publication, text, page)
        yield from _address_findings(one)


def _missing_page_findings(one: PublicationPages) -> Iterator[Finding]:
    """Check that every text has one page, unless a correction took over the pages."""
    if is_replaced(one.publication):
        return
    for text in one.publication.texts.all():
        if one.page(text.language) is None:
            yield Finding(FindingKind.STATE, one.publication.pk, "page_missing", text.language)


def _live_state_findings(one: PublicationPages) -> Iterator[Finding]:
    """Check that pages are live while their text is public, and only in its languages."""
    languages = {text.language for text in one.publication.texts.all()} if one.expected_live else set()
    for page in one.pages:
        language = page.locale.language_code
        if page.live != (language in languages):
            code = "page_live" if page.live else "page_not_live"
            yield Finding(FindingKind.STATE, one.publication.pk, code, language)


def _slug_findings(one: PublicationPages, lists: Mapping[str, str]) -> Iterator[Finding]:
    """Check that pages of public and withdrawn texts have the address recorded with the text.

    `lists`: tree path of each news index → its `url_path`.
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
    """Check that the address of a page leads to this page only."""
    if not one.expected_live:
        return
    for text, page in one.shown:
        served = news_page(text.language, page.slug)
        if page.live and (served is None or served.pk != page.pk):
            yield Finding(FindingKind.WORDS, one.publication.pk, "address", text.language)


def others_at_addresses(pages: Sequence[NewsPage]) -> list[NewsPage]:
    """Return other live pages with the address of one of these."""
    here = Q(pk__in=[])
    for page in pages:
        here |= Q(locale=page.locale_id, slug=page.slug)
    own = [page.pk for page in pages]
    return list(NewsPage.objects.live().filter(here).exclude(pk__in=own))


# --- pictures ---
# Verification of public pictures against the approved hashes, and of the share picture.


# `home.share.card` names a share picture by its page and the beginning of the hash of its bytes.
_SHARE_CARD: Final = re.compile(r"share/(\d+)-([0-9a-f]{12})")


def picture_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Check that every public copy of an approved picture has the approved bytes. Each file is
    read once."""
    wanted = {one.publication.pk: _hashes(one) for one in found if one.is_public_by_record}
    hashes = {sha256 for some in wanted.values() for sha256 in some}
    files: dict[str, list[str]] = defaultdict(list)
    for image in PublicImage.objects.filter(sha256__in=hashes).only("sha256", "file"):
        files[image.sha256].append(str(image.file.name))
    storage = storages["public"]
    holds = {one: all(_sha256_of(storage, name) == one for name in files[one]) for one in sorted(hashes)}
    for pk, needed in wanted.items():
        if not all(files[one] for one in needed):
            yield Finding(FindingKind.PICTURE, pk, "picture_missing")
        if not all(holds[one] for one in needed):
            yield Finding(FindingKind.PICTURE, pk, "picture_bytes")


def _hashes(one: PublicationPages) -> set[str]:
    documents = [text.document for text in one.publication.texts.all()]
    return {picture["sha256"] for document in documents for picture in document["pictures"].values()}


def _sha256_of(storage: Storage, name: str) -> str:
    """Return the hash of a stored file; "" if it is missing. Raises StorageAway without the
    storage."""
    try:
        with storage.open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except StorageAway:
        raise
    except OSError:
        return ""


def share_image_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Check that a share picture belongs to its page and matches the hash in its name. It may be
    missing."""
    storage = storages["public"]
    for one in found:
        for page in one.pages:
            name = str(page.share_card.name or "")
            if not name:
                continue
            parts = _SHARE_CARD.match(name)
            if (
                not page.live
                or parts is None
                or int(parts[1]) != page.pk
                or _sha256_of(storage, name)[:12] != parts[2]
            ):
                yield Finding(
                    FindingKind.SHARE_IMAGE, one.publication.pk, "share_image", page.locale.language_code
                )
