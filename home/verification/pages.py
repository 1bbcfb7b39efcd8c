"""Verification of publications' page rows: words, publication, date, live state, addresses."""

import datetime
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.handlers.base import BaseHandler
from django.db.models import Q, prefetch_related_objects
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.consent.site import may_show_page
from coalition.storage.disk import StorageAway
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.drafts.models import PublicationState, TextKind
from documents.models import Publication, PublicationText
from documents.publication.certificate import awaiting_decision_notice, correction_notice
from documents.publication.queries import public_and_other_names
from documents.publication.verification.findings import Finding, FindingKind, offline_row
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


def pages_of(publications: Sequence[Publication]) -> list[PublicationPages]:
    """Return every publication of a kind that has pages, with them. Two queries."""
    prefetch_related_objects(publications, "draft")
    publications = [one for one in publications if TextKind(one.draft.kind).has_news_page]
    pages: dict[int, list[NewsPage]] = defaultdict(list)
    rows = NewsPage.objects.filter(publication__in=publications)
    for page in rows.select_related("locale").order_by("pk"):
        pages[page.publication_id or 0].append(page)
    found = []
    for one in publications:
        is_public = one.state == PublicationState.PUBLIC and not is_replaced(one)
        is_live = is_public and offline_row(one) is None
        found.append(PublicationPages(one, is_public, is_live, pages[one.pk]))
    return found


def is_replaced(publication: Publication) -> bool:
    """Whether a correction replaced it and took over its pages."""
    return getattr(publication, "replaced_by", None) is not None


def taken_off_at(language: str, slug: str) -> datetime.datetime | None:
    """Return since when the page at this address is off the site for verification, or None. One query."""
    rows = NewsPage.objects.filter(
        locale__language_code=language, slug=slug, publication__taken_off__isnull=False
    )
    return rows.values_list("publication__taken_off__since", flat=True).first()


def page_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Yield differences between the rows of pages and the record."""
    lists = dict(NewsIndexPage.objects.exclude(language=None).values_list("path", "url_path"))
    for one in found:
        publication, texts = one.publication, list(one.publication.texts.all())
        # Every text has one page, at the address recorded with the text, unless a correction took the pages.
        for text in texts if not is_replaced(publication) else ():
            page = one.page(text.language)
            if page is None:
                yield Finding(FindingKind.STATE, publication.pk, "page_missing", text.language)
            elif text.slug:
                below = lists.get(page.path[: -page.steplen])  # URL path of the news index
                if page.slug != text.slug or (below and page.url_path != f"{below}{text.slug}/"):
                    yield Finding(FindingKind.STATE, publication.pk, "page_slug", text.language)
        # Pages are live while their text is public, and only in its languages.
        languages = {text.language for text in texts} if one.expected_live else set()
        for page in one.pages:
            language = page.locale.language_code
            if page.live != (language in languages):
                code = "page_live" if page.live else "page_not_live"
                yield Finding(FindingKind.STATE, publication.pk, code, language)
        for text, page in one.shown:
            yield from _value_findings(publication, text, page)
            served = news_page(text.language, page.slug) if one.expected_live and page.live else page
            if (served is None or served.pk != page.pk) and may_show_page(page):
                yield Finding(FindingKind.WORDS, publication.pk, "address", text.language)


def _value_findings(publication: Publication, text: PublicationText, page: NewsPage) -> Iterator[Finding]:
    for name, value in approved_values(text).items():
        if getattr(page, name) != value:
            yield Finding(FindingKind.WORDS, publication.pk, f"page_{name}", text.language)
    if page.kind_label not in kind_labels(text.language):
        yield Finding(FindingKind.WORDS, publication.pk, "page_kind_label", text.language)
    if page.published_on != publication.published_at:
        yield Finding(FindingKind.STATE, publication.pk, "page_published_on", text.language)


def others_at_addresses(pages: Sequence[NewsPage]) -> list[NewsPage]:
    """Return other live pages with the address of one of these."""
    here = Q(pk__in=[])
    for page in pages:
        here |= Q(locale=page.locale_id, slug=page.slug)
    own = [page.pk for page in pages]
    return list(NewsPage.objects.live().filter(here).exclude(pk__in=own))


# `home.share` names a share picture by its page and the beginning of the hash of its bytes.
_SHARE_CARD: Final = re.compile(r"share/(\d+)-([0-9a-f]{12})")


def picture_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Check that every public copy of an approved picture has the approved bytes. Each file is read once."""
    hashes_of = {one.publication.pk: _hashes(one) for one in found if one.is_public_by_record}
    hashes = {sha256 for some in hashes_of.values() for sha256 in some}
    files: dict[str, list[str]] = defaultdict(list)
    for image in PublicImage.objects.filter(sha256__in=hashes).only("sha256", "file"):
        files[image.sha256].append(str(image.file.name))
    storage = storages["public"]
    holds = {one: all(_sha256_of(storage, name) == one for name in files[one]) for one in sorted(hashes)}
    for pk, needed in hashes_of.items():
        if not all(files[one] for one in needed):
            yield Finding(FindingKind.PICTURE, pk, "picture_missing")
        if not all(holds[one] for one in needed):
            yield Finding(FindingKind.PICTURE, pk, "picture_bytes")


def _hashes(one: PublicationPages) -> set[str]:
    documents = [text.document for text in one.publication.texts.all()]
    return {picture["sha256"] for document in documents for picture in document["pictures"].values()}


def _sha256_of(storage: Storage, name: str) -> str:
    """Return the hash of a stored file; "" if it is missing. Raises StorageAway without the storage."""
    try:
        with storage.open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except StorageAway:
        raise
    except OSError:
        return ""


def share_image_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Check that a share picture belongs to its page and matches the hash in its name. It may be missing."""
    storage = storages["public"]
    for one in found:
        for page in one.pages:
            name = str(page.share_card.name or "")
            parts = _SHARE_CARD.match(name)
            belongs = page.live and parts is not None and int(parts[1]) == page.pk
            if name and not (belongs and parts and _sha256_of(storage, name)[:12] == parts[2]):
                language = page.locale.language_code
                yield Finding(FindingKind.SHARE_IMAGE, one.publication.pk, "share_image", language)


class SiteReader:
    """Responses of the public site. Each address is requested once.

    Django's handler is called directly. Its test client would disconnect `close_old_connections`
    for the whole process at each request, and a worker has other threads; the signals of a request
    are not sent, so that the caller's connection stays open.
    """

    def __init__(self) -> None:
        address = urlsplit(settings.SITE_URL)
        self._secure = address.scheme == "https"
        self._requests = RequestFactory(SERVER_NAME=address.hostname or "localhost")
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._answers: dict[str, Any] = {}

    def get(self, path: str, language: str) -> Any:
        """Return the response at `path` (an `HttpResponse`). The active language is preserved."""
        if path not in self._answers:
            with override(language):
                request = self._requests.get(path, secure=self._secure)
                self._answers[path] = self._handler.get_response(request)
        return self._answers[path]

    def page(self, path: str, language: str) -> BeautifulSoup:
        """Return the HTML at `path`."""
        return html_of(self.get(path, language).content)

    def json(self, path: str, language: str) -> Any:
        """Return the JSON at `path`; None if it is invalid."""
        try:
            return json.loads(self.get(path, language).content)
        except ValueError:
            return None

    def xml(self, path: str, language: str) -> Any:
        """Return the root element at `path`; None if it is not XML."""
        try:
            return ElementTree.fromstring(self.get(path, language).content)
        except ElementTree.ParseError:
            return None


def html_of(content: str | bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def text_of(element: Any) -> str:
    """Return the text of an element with single spaces; empty for None."""
    return single_spaced(element.get_text(" ")) if element is not None else ""


def single_spaced(words: str) -> str:
    """Return the text with single spaces, stripped."""
    return " ".join(words.split())


# Verification of a publication's rendered page and approval sheet: status, words, names,
# notices.
def rendering_findings(found: Sequence[PublicationPages], site: SiteReader) -> Iterator[Finding]:
    for one in found:
        if one.expected_live:
            for text, page in one.shown:
                if page.live and may_show_page(page):
                    yield from _public_page(one.publication, text, page, site)
        elif one.publication.state == PublicationState.WITHDRAWN and not is_replaced(one.publication):
            for page in (page for page in one.pages if not page.live):
                language = page.locale.language_code
                status = site.get(page.get_url(), language).status_code
                if status != HTTPStatus.GONE and may_show_page(page):
                    yield Finding(_finding_kind(status), one.publication.pk, "not_gone", language)


def _public_page(
    publication: Publication, text: PublicationText, page: NewsPage, site: SiteReader
) -> Iterator[Finding]:
    answer = site.get(page.get_url(), text.language)
    if answer.status_code != HTTPStatus.OK:
        yield Finding(_finding_kind(answer.status_code), publication.pk, "status", text.language)
        return
    article = site.page(page.get_url(), text.language).find("article")
    for code in (
        *word_differences(article, text.document),
        *_missing_notices(article, publication, text.language),
    ):
        yield Finding(FindingKind.RENDERING, publication.pk, code, text.language)
    shown, expected = displayed_names(article), public_names(publication, text.language)
    if shown - expected:
        yield Finding(FindingKind.NAMES, publication.pk, "rendered_names", text.language)
    if expected - shown:
        yield Finding(FindingKind.RENDERING, publication.pk, "names_missing", text.language)


def _finding_kind(status: int) -> FindingKind:
    """Return what a wrong status says of the text's state (200, 404, 410), or a neutral kind.

    Others are errors of the software (500) or of settings: 400 for the host name, 403, 429.
    """
    of_state = {HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
    return FindingKind.STATE if status in of_state else FindingKind.RENDERING


def word_differences(article: Any, document: Document) -> Iterator[str]:
    """Yield codes of differences between the displayed words and the record."""
    if article is None:
        yield "rendered_words"
        return
    if text_of(article.h1) != single_spaced(document["title"]):
        yield "rendered_title"
    if text_of(article.select_one(".headline .lead")) != single_spaced(document["lead"]):
        yield "rendered_lead"
    shown = article.select_one(".prose .prose[lang]")
    # Pictures' addresses are not compared here, their bytes are (`picture_findings`).
    placeholder: PictureSource = {"src": "/", "width": 1, "height": 1}
    expected = html_of(render_html(document, picture_url=lambda _name, _sha256: placeholder))
    if shown is None or (text_of(shown), _alts(shown)) != (text_of(expected), _alts(expected)):
        yield "rendered_words"


def _alts(element: Any) -> list[str]:
    return [str(image.get("alt", "")) for image in element.find_all("img")]


def _missing_notices(article: Any, publication: Publication, language: str) -> Iterator[str]:
    """Yield codes of required notices that are missing above the words."""
    with override(language):
        correction, awaiting = correction_notice(publication), awaiting_decision_notice(publication)
    shown = text_of(article)
    if not all(single_spaced(words) in shown for words in correction.values()):
        yield "rendered_correction"
    if not all(single_spaced(words) in shown for words in awaiting.values()):
        yield "rendered_awaiting"


def displayed_names(article: Any) -> Counter[str]:
    """Count the names under the article of a page; empty without an article."""
    found = article.select("aside[aria-labelledby=under] li > span") if article is not None else []
    return Counter(text_of(one) for one in found if not {"mark", "who"} & set(one.get("class", [])))


def public_names(publication: Publication, language: str) -> Counter[str]:
    """Count the public names, by the listing of each organisation and of each name."""
    named, _others = public_and_other_names(publication)
    names = (
        display_name_for(PUBLIC, name.organisation, language=language, listing=name.listing) for name in named
    )
    return Counter(single_spaced(name) for name in names)


def sheet_findings(publications: Sequence[Publication], site: SiteReader) -> Iterator[Finding]:
    """Check that the public approval sheet names nobody confidential, and answers 410 after withdrawal."""
    for publication in publications:
        if offline_row(publication) is not None:
            continue
        with override(Language.KK):
            path = reverse("documents_public:sheet_json", args=[publication.uuid])
        answer = site.get(path, Language.KK)
        shown = publication.state == PublicationState.PUBLIC
        if answer.status_code != (HTTPStatus.OK if shown else HTTPStatus.GONE):
            yield Finding(FindingKind.RENDERING, publication.pk, "sheet_status")
            continue
        try:
            rows = site.json(path, Language.KK)["approvals"]["named"]
            named = Counter(str(one["name"][Language.KK]) for one in rows)
        except (LookupError, TypeError):  # it is no sheet
            named = Counter()
        expected = public_names(publication, Language.KK)
        if named - expected:
            yield Finding(FindingKind.NAMES, publication.pk, "sheet_shows_names")
        if expected - named:
            yield Finding(FindingKind.RENDERING, publication.pk, "names_missing")
