"""The mirror of the site (`export_static` into MIRROR_FOLDER), compared with the record of publications."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from documents.models import Publication, PublicationText
from documents.publication.verification.findings import Finding, FindingKind
from home.mirror.write import mirror_path
from home.models import NewsPage
from home.verification.pages import PublicationPages
from home.verification.rendering import displayed_names, html_of, public_names, word_differences


def mirror_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Yield a finding for each page on which the mirror differs from the record.

    A difference is another word or name, or a text that is no longer public. Texts published since
    the mirror was written are not expected in it. Yields nothing without MIRROR_FOLDER.
    """
    written = _mirror_written_at()
    if written is None:
        return
    for one in found:
        shown = {page.pk: text for text, page in one.shown} if one.expected_live else {}
        for page in one.pages:
            text = shown.get(page.pk)
            if not _mirror_shows_text(page, text, one.publication, written):
                yield Finding(FindingKind.LIST, one.publication.pk, "mirror", page.locale.language_code)


def _mirror_written_at() -> datetime.datetime | None:
    """Return when the mirror was written; None if there is none."""
    first = Path(settings.MIRROR_FOLDER) / "index.html"
    if not settings.MIRROR_FOLDER or not first.is_file():
        return None
    return datetime.datetime.fromtimestamp(first.stat().st_mtime, datetime.UTC)


def _mirror_shows_text(
    page: NewsPage, text: PublicationText | None, publication: Publication, written: datetime.datetime
) -> bool:
    name = mirror_path(page.get_url() or "")
    file = Path(settings.MIRROR_FOLDER) / name if name else None
    if file is None or not file.is_file():
        published = publication.published_at
        return text is None or published is None or published > written
    article = html_of(file.read_bytes()).find("article")
    if text is None:
        return article is None  # a withdrawn text has a note without an article
    return not (
        list(word_differences(article, text.document))
        or displayed_names(article) != public_names(publication, text.language)
    )
