"""Registration of the public site for verification (from `AppConfig.ready()`)."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.models import Publication
from documents.publication.verification.findings import Finding, register_messages
from documents.publication.verification.hooks import Batch, PublicationSite, register_reader
from home.models import NewsPage
from home.publication_pages import sync_pages_with_record
from home.verification.lists import list_findings
from home.verification.mirror import mirror_findings
from home.verification.pages import (
    others_at_addresses,
    page_findings,
    pages_of,
    picture_findings,
    share_image_findings,
)
from home.verification.rendering import SiteReader, rendering_findings, sheet_findings

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


def verify_site(batch: Batch) -> Iterator[Finding]:
    """Compare all public output of these publications with their record."""
    site, found = SiteReader(), pages_of(batch)
    yield from page_findings(found)
    yield from picture_findings(found)
    yield from rendering_findings(found, site)
    yield from sheet_findings(batch, site)
    yield from list_findings(found, site)
    yield from share_image_findings(found)
    yield from mirror_findings(found)


def take_pages_off(publication: Publication) -> None:
    """Unpublish the pages of a publication, and any other pages at their addresses."""
    pages = _pages_made_for(publication)
    for page in pages:
        if page.live:
            page.unpublish()
    for page in others_at_addresses(pages):
        page.unpublish()


def restore_pages(publication: Publication) -> None:
    """Restore the pages of a publication from its record."""
    sync_pages_with_record(publication)


def _pages_made_for(publication: Publication) -> list[NewsPage]:
    """Return pages with the publication; and those made for it (by translation key) without one."""
    first = publication
    while first.replaces is not None:
        first = first.replaces
    made = NewsPage.objects.filter(publication=None, translation_key=first.uuid)
    own = NewsPage.objects.filter(publication=publication)
    return list((own | made).select_related("locale"))
