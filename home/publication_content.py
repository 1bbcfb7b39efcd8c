"""The approved words of a publication on a news page, and its signatories."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import short_hash
from documents.models import Publication
from documents.publication.certificate import (
    awaiting_decision_notice,
    correction_notice,
    earlier_signatories_sentence,
    missing_sentence,
)
from documents.publication.queries import publication_texts
from home.models import NewsPage, PublicRendition
from home.public_facts import addresses_in
from home.queries import public_images, renditions_for, signatories_by_publication
from home.signatories import Signatories

# pixels: the text width, doubled for high-density screens
PICTURE = "width-1376|format-webp"
LIGHT_PICTURE = "width-480|format-webp|webpquality-50"


def approved_context(page: NewsPage, publication: Publication) -> dict[str, Any]:
    """Return document, HTML, signatories and approval sheet, for a page with a publication."""
    language = page.locale.language_code
    texts = sorted(publication_texts(publication), key=lambda text: Language.values.index(text.language))
    text = next(text for text in texts if text.language == language)
    document = text.document
    under = signatories_by_publication([publication]).get(publication.pk, Signatories([]))
    hashes = {picture["sha256"] for picture in document["pictures"].values()}
    sources = _pictures(page, hashes)
    sheet = reverse("documents_public:sheet", args=[publication.uuid])
    return {
        "document": document,
        "corrects": publication.replaces,
        "correction": correction_notice(publication),
        "earlier_only": earlier_signatories_sentence(texts[0].earlier_only),
        "awaiting": awaiting_decision_notice(publication),
        "missing": missing_sentence(set(Language.values) - {text.language for text in texts}),
        "words_html": _words_html(document, sources),
        "under": under,
        "sheet_url": sheet,
        "sheet_title": under.words,
        "sheet_languages": [
            {
                "title": _("%(language)s, version %(number)s")
                % {"language": text.get_language_display(), "number": text.version.number},
                "words": "",
                "hash": short_hash(text.hash),
            }
            for text in texts
        ],
        "sheet_actions": [
            {"url": sheet, "label": _("The whole approval sheet"), "kind": "", "icon": "check"}
        ],
    }


def _words_html(document: Document, sources: Mapping[str, PictureSource]) -> SafeString:
    facts = addresses_in(document)
    return render_html(document, picture_url=lambda _id, sha256: sources.get(sha256), fact_url=facts.get)


def _pictures(page: NewsPage, hashes: set[str]) -> dict[str, PictureSource]:
    """Return the page's pictures by hash; cached. The cover is found in the same query."""
    wanted = LIGHT_PICTURE if page.light else PICTURE
    drawn = renditions_for(page, hashes)
    if page.cover is not None:
        page.cover.prefetched_renditions = [one for one in drawn if one.image_id == page.cover_id]
    found = {one.image.sha256: _source(one) for one in drawn if one.filter_spec == wanted}
    if missing := hashes - found.keys():
        found |= {image.sha256: _source(image.get_rendition(wanted)) for image in public_images(missing)}
    return found


def _source(rendition: PublicRendition) -> PictureSource:
    return {"src": rendition.url, "width": rendition.width, "height": rendition.height}
