"""Anonymous requests to the public site, through every layer of the application."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.drafts.enums import PublicationState
from documents.models import Publication, PublicationText
from documents.publication.certificate import (
    awaiting_decision_notice,
    correction_notice,
    public_and_other_names,
)
from documents.publication.verification.findings import Finding, FindingKind
from documents.publication.verification.hooks import Batch
from home.models import NewsPage
from home.verification.pages import PublicationPages, is_replaced


class SiteReader:
    """Responses of the public site. Each address is requested once.

    Django's handler is called directly. Its test client would disconnect `close_old_connections`
    for the whole process at each request, and a worker has other threads; the signals of a request
    are not sent, so that the caller's connection stays open.
    """

    def __init__(self) -> None:
        address = urlsplit(settings.SITE_URL)
        self._asks: dict[str, Any] = {
            "SERVER_NAME": address.hostname or "localhost",
            "secure": address.scheme == "https",
        }
        self._requests = RequestFactory()
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._answers: dict[str, Any] = {}

    def get(self, path: str, language: str) -> Any:
        """Return the response at `path` (an `HttpResponse`). The active language is preserved."""
        if path not in self._answers:
            with override(language):
                self._answers[path] = self._handler.get_response(self._requests.get(path, **self._asks))
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
    """Parse HTML."""
    return BeautifulSoup(content, "html.parser")


def text_of(element: Any) -> str:
    """Return the text of an element with single spaces; empty for None."""
    return single_spaced(element.get_text(" ")) if element is not None else ""


def single_spaced(words: str) -> str:
    """Return the text with single spaces, stripped."""
    return " ".join(words.split())


# --- rendering ---
# Verification of a publication's rendered page and approval sheet: status, words, names,
# notices.


def rendering_findings(found: Sequence[PublicationPages], site: SiteReader) -> Iterator[Finding]:
    """Yield differences on the rendered pages."""
    for one in found:
        if one.expected_live:
            for text, page in one.shown:
                if page.live:
                    yield from _public_page(one.publication, text, page, site)
        elif one.publication.state == PublicationState.WITHDRAWN and not is_replaced(one.publication):
            yield from _withdrawn_pages(one, site)


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
    yield from _name_findings(article, publication, text.language)


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
    expected = html_of(render_html(document, picture_url=_any_source))
    if shown is None or (text_of(shown), _alts(shown)) != (text_of(expected), _alts(expected)):
        yield "rendered_words"


def _any_source(_name: str, _sha256: str) -> PictureSource:
    """Return a placeholder: pictures' addresses are not compared here, their bytes are
    (`pictures`)."""
    return {"src": "/", "width": 1, "height": 1}


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


def _name_findings(article: Any, publication: Publication, language: str) -> Iterator[Finding]:
    """Check that exactly the public names are displayed."""
    shown, expected = displayed_names(article), public_names(publication, language)
    if shown - expected:
        yield Finding(FindingKind.NAMES, publication.pk, "rendered_names", language)
    if expected - shown:
        yield Finding(FindingKind.RENDERING, publication.pk, "names_missing", language)


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


def _withdrawn_pages(one: PublicationPages, site: SiteReader) -> Iterator[Finding]:
    """Check that the address of a withdrawn text answers 410."""
    for page in one.pages:
        language = page.locale.language_code
        if page.live:
            continue
        status = site.get(page.get_url(), language).status_code
        if status != HTTPStatus.GONE:
            yield Finding(_finding_kind(status), one.publication.pk, "not_gone", language)


def sheet_findings(batch: Batch, site: SiteReader) -> Iterator[Finding]:
    """Check that the public approval sheet names nobody confidential, and answers 410 after
    withdrawal."""
    for publication in batch.publications:
        if publication.pk in batch.taken_off:
            continue
        with override(Language.KK):
            path = reverse("documents_public:sheet_json", args=[publication.uuid])
        answer = site.get(path, Language.KK)
        shown = publication.state == PublicationState.PUBLIC
        if answer.status_code != (HTTPStatus.OK if shown else HTTPStatus.GONE):
            yield Finding(FindingKind.RENDERING, publication.pk, "sheet_status")
            continue
        named = _named_on_sheet(site.json(path, Language.KK))
        expected = public_names(publication, Language.KK)
        if named - expected:
            yield Finding(FindingKind.NAMES, publication.pk, "sheet_shows_names")
        if expected - named:
            yield Finding(FindingKind.RENDERING, publication.pk, "names_missing")


def _named_on_sheet(sheet: Any) -> Counter[str]:
    """Count the names on a sheet; empty if it is no sheet."""
    try:
        return Counter(str(one["name"][Language.KK]) for one in sheet["approvals"]["named"])
    except (LookupError, TypeError):
        return Counter()
