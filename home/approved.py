"""The approved words of a publication as a news page shows them, and who stands under them."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.partners.enums import Language
from coalition.partners.naming import PUBLIC, Mark, display_mark_for, may_be_told
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import short_hash
from documents.models import Publication, PublicationName
from home.models import NewsPage, PublicImage

PICTURE_WIDTH = 1376  # pixels: the width of reading, twice for fine screens


class Under:
    """Who stands under a published text, as the public may read it."""

    def __init__(self, names: list[PublicationName]) -> None:
        self.names = names

    @cached_property
    def marks(self) -> list[Mark]:
        told = [name for name in self.names if may_be_told(PUBLIC, name.organisation, name.listing)]
        return [display_mark_for(PUBLIC, name.organisation, listing=name.listing) for name in told]

    @property
    def withheld(self) -> int:
        return len(self.names) - len(self.marks)

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def words(self) -> str:
        """How many approved the text, in a sentence."""
        return ngettext(
            "%(count)s organisation approved this text word for word.",
            "%(count)s organisations approved this text word for word.",
            self.count,
        ) % {"count": self.count}


def approved_context(page: NewsPage, publication: Publication) -> dict[str, Any]:
    """Document, its HTML, who stands under it and the sheet, for a page with a publication."""
    language = page.locale.language_code
    texts = sorted(
        publication.texts.select_related("version"), key=lambda text: Language.values.index(text.language)
    )
    document = next(text.document for text in texts if text.language == language)
    under = Under(list(publication.names.filter(taken_off_at=None).select_related("organisation")))
    sources = _pictures({picture["sha256"] for picture in document["pictures"].values()})
    sheet = reverse("documents_public:sheet", args=[publication.uuid])
    return {
        "document": document,
        "corrects": publication.replaces,
        "words_html": render_html(document, picture_url=lambda _id, sha256: sources.get(sha256)),
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


def _pictures(hashes: set[str]) -> dict[str, PictureSource]:
    if not hashes:
        return {}
    found: dict[str, PictureSource] = {}
    for image in PublicImage.objects.filter(sha256__in=hashes).prefetch_related("renditions"):
        rendition = image.get_rendition(f"width-{PICTURE_WIDTH}|format-webp")
        found[image.sha256] = {"src": rendition.url, "width": rendition.width, "height": rendition.height}
    return found
