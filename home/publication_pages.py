"""The pages of a publication, derived from its record alone.

`sync_pages_with_record` repairs pages whose rows differ from it, such as after a change by SQL.
"""

from collections.abc import Sequence
from typing import Any

from anyascii import anyascii
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, gettext as _, gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Page, Revision
from wagtail.signals import page_published, published

from coalition.accounts.models import Language
from coalition.consent.site import IMAGE, site_gate
from coalition.core.errors import Refused, undo_on_failure
from documents.canonical.form import short_hash
from documents.canonical.html import PictureSource, render_html
from documents.drafts.models import TextKind
from documents.hooks import register_site_frame
from documents.models import Publication, StoredFile
from documents.publication.certificate import (
    awaiting_decision_notice,
    correction_notice,
    earlier_signatories_sentence,
    missing_sentence,
)
from documents.publication.hooks import record_slug, register_presenter
from documents.publication.queries import publication_texts
from home.models import NewsIndexPage, NewsPage, PublicImage, PublicRendition
from home.models.media import file_sha256
from home.models.pages import RECORDED, free_slug
from home.models.record import kind_label, recorded_slug
from home.public_page import frame_context
from home.queries import Signatories, live_news, public_images, renditions_for, signatories_by_publication
from home.sections import addresses_in


def pages_of(publication: Publication) -> dict[str, NewsPage]:
    """Language code → the page of the publication in that language. One query."""
    return {page.locale.language_code: page for page in reversed(_all_publication_pages(publication))}


def _all_publication_pages(publication: Publication) -> list[NewsPage]:
    """Return every page of the publication, oldest first."""
    pages = NewsPage.objects.filter(publication=publication).select_related("locale")
    return list(pages.order_by("pk"))


def publication_page_path(publication: Publication, language: str) -> str | None:
    """Return the path of the page in the language; None if it is not public."""
    page = live_news().filter(publication=publication, locale__language_code=language)
    found = page.select_related("locale").order_by("pk").first()
    return found.get_url() if found is not None else None


def unpublish_pages(publication: Publication) -> bool:
    """Unpublish the pages whose text is no longer public; their address then answers 410 with the
    note, or 404 if a correction lacks the language. Return whether any page had to be changed.

    Idempotent. Runs in the caller's transaction, after the publication's state was written.
    """
    changed = [
        _unpublish_page(page) for page in _all_publication_pages(publication) if page.public_text() is None
    ]
    return any(changed)


@transaction.atomic
def sync_pages_with_record(publication: Publication) -> bool:
    """Set every page of the publication from the record: live or not, and its words. Return whether
    any had to be changed. Presentation (cover, topics, placement) stays.

    Missing pages are not created: publishing does that.
    """
    changed = unpublish_pages(publication)
    for page in _all_publication_pages(publication):
        if page.public_text() is not None and not _follows_record(page):
            page.save()
            page.save_revision(clean=False).publish()
            changed = True
    return changed


def _unpublish_page(page: NewsPage) -> bool:
    """Unpublish the page and empty its words. Return whether it had to be changed."""
    scheduled = page.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    if page.live:
        page.unpublish()
        return True
    if _follows_record(page):
        return bool(scheduled)
    page.save(clean=False)
    return True


def _follows_record(page: NewsPage) -> bool:
    """Return whether the row equals what `save` would write."""
    before = {name: getattr(page, name) for name in RECORDED}
    expected = NewsPage.objects.select_related("locale").get(pk=page.pk)
    expected.follow_record()
    return before == {name: getattr(expected, name) for name in RECORDED}


# A publication on the public site: one news page per language, created in one transaction. Measured: the
# publishing transaction locks the index pages in primary-key order (another order deadlocks PostgreSQL),
# slugs are chosen after the locks, files are copied before the transaction and deleted if it fails.
# Nothing depends on `page_published`, which fires inside the transaction.

SLUG_LENGTH = 70


class NoIndexPage(Refused):
    """A language has no news index: `manage.py setup_site` has not run."""


def register_publication_presenter() -> None:
    """Register as the presenter of publications (from `AppConfig.ready()`)."""
    register_presenter(
        publish_pages,
        unpublish_pages,
        prepare=prepare_pictures,
        discard=discard_pictures,
        address=publication_page_path,
    )
    register_site_frame(lambda request: frame_context(request, language=get_language() or Language.KK))


def prepare_pictures(pictures: Sequence[StoredFile]) -> list[PublicImage]:
    """Create public copies of the texts' pictures. Return the new ones.

    Raises Refused if the workspace's file of a picture differs from the approved one.
    """
    made: list[PublicImage] = []
    with undo_on_failure(lambda: discard_pictures(made)):
        for file in pictures:
            if not _has_public_copy(file.sha256):
                made.append(_public_copy(file))  # noqa: PERF401  kept for the discarding
    return made


def _has_public_copy(sha256: str) -> bool:
    """Return whether a public picture has the file with this hash. One with another file loses
    the hash, so that it is no longer shown as the approved picture."""
    found = False
    for image in PublicImage.objects.filter(sha256=sha256):
        if image.holds_its_hash():
            found = True
        else:
            PublicImage.objects.filter(pk=image.pk).update(sha256="")
    return found


def _public_copy(file: StoredFile) -> PublicImage:
    with file.file.open("rb") as source:
        content = ContentFile(
            source.read(), name=f"{file.sha256[:16]}.{file.content_type.rpartition('/')[2]}"
        )
    if file_sha256(content) != file.sha256:
        raise Refused(
            gettext_lazy(
                "The file of the picture “%(name)s” is not the one that was approved. Upload it again."
            ),
            name=file.name,
        )
    image = PublicImage(
        title=file.alt or file.caption or "—",
        alt=file.alt,
        credit=file.credit,
        sha256=file.sha256,
        file=content,
    )
    image.save()
    return image


def discard_pictures(made: list[PublicImage]) -> None:
    """Delete copies made for a publication that failed."""
    for image in made:
        image.file.delete(save=False)
        image.delete()


def publish_pages(publication: Publication, made: list[PublicImage]) -> None:
    """Create the pages, or update the pages of the replaced publication. Kinds without a page have none."""
    if not TextKind(publication.draft.kind).has_news_page:
        return
    texts = {text.language: text for text in publication.texts.select_related("version")}
    indexes = list(
        NewsIndexPage.objects.select_for_update(of=("self",))
        .filter(language__in=texts, live=True)
        .select_related("locale")
        .order_by("pk")
    )
    if {index.locale.language_code for index in indexes} != set(texts):
        raise NoIndexPage(
            gettext_lazy("The public site has no news page in one of these languages yet. Make it first.")
        )
    before = pages_of(publication.replaces) if publication.replaces else {}
    key = next((page.translation_key for page in before.values()), publication.uuid)
    for index in indexes:
        language = index.locale.language_code
        page = before.pop(language, None) or NewsPage(locale=index.locale, translation_key=key, live=False)
        if page.publication_id:  # the replaced text had this address
            page.slug = recorded_slug(page.publication_id, language) or page.slug
        document = texts[language].document
        page.publication = publication
        page.title = page.draft_title = str(document["title"])[:255]
        page.kind_label = kind_label(publication.draft.kind, language)
        first = next((block["id"] for block in document["blocks"] if block["type"] == "picture"), None)
        if first and page.cover_id is None:
            sha256 = document["pictures"][first]["sha256"]
            page.cover = PublicImage.objects.filter(sha256=sha256).first()
        is_new = page.pk is None
        if is_new:
            base = slugify(anyascii(page.title))[:SLUG_LENGTH].strip("-")
            page.slug = free_slug(index.locale_id, base or "news")
        record_slug(texts[language], page.slug)
        if is_new:
            index.add_child(instance=page)
            _publish_new_page(page)
        else:
            page.save()  # the row first: a revision copies the approved words from it
            page.save_revision(clean=False).publish()
    if publication.replaces:
        unpublish_pages(publication.replaces)  # languages missing in the correction


def _publish_new_page(page: NewsPage) -> None:
    """Make a new page live, with its first revision.

    Equivalent to `page.save_revision(clean=False).publish()` in a quarter of its queries: that
    reads the page back from its revision, looks for earlier revisions, comments and aliases, and
    validates and saves the page twice more. This page is new, and its words are the approved ones.
    """
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        content=page.serializable_data(),
        object_str=str(page),
    )
    moment = timezone.now()
    values = {
        "live": True,
        "has_unpublished_changes": False,
        "first_published_at": moment,
        "last_published_at": moment,
        "latest_revision": revision,
        "latest_revision_created_at": revision.created_at,
        "live_revision": revision,
    }
    for name, value in values.items():
        setattr(page, name, value)
    Page.objects.filter(pk=page.pk).update(**values)
    page_published.send(sender=NewsPage, instance=page, revision=revision)
    published.send(sender=NewsPage, instance=page, revision=revision)
    log(instance=page, action="wagtail.publish", revision=revision, content_changed=True)


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
    sources, facts = _pictures(page, hashes - site_gate().blocked_hashes()), addresses_in(document)
    sheet = reverse("documents_public:sheet", args=[publication.uuid])
    return {
        "document": document,
        "corrects": publication.replaces,
        "correction": correction_notice(publication),
        "earlier_only": earlier_signatories_sentence(texts[0].earlier_only),
        "awaiting": awaiting_decision_notice(publication),
        "missing": missing_sentence(set(Language.values) - {text.language for text in texts}),
        "words_html": render_html(
            document, picture_url=lambda _id, sha256: sources.get(sha256), fact_url=facts.get
        ),
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


def _pictures(page: NewsPage, hashes: set[str]) -> dict[str, PictureSource]:
    """Return the page's pictures by hash; cached. The cover is found in the same query."""
    wanted = LIGHT_PICTURE if page.light else PICTURE
    drawn = renditions_for(page, hashes)
    if page.cover is not None:
        page.cover.prefetched_renditions = [one for one in drawn if one.image_id == page.cover_id]
    blocked = site_gate().blocked_keys(IMAGE)
    drawn = [one for one in drawn if one.sha256 in hashes and str(one.image_id) not in blocked]
    found = {one.sha256: _source(one) for one in drawn if one.filter_spec == wanted}
    images = public_images(missing) if (missing := hashes - found.keys()) else []
    images = [one for one in images if str(one.pk) not in blocked]
    return found | {one.sha256: _source(one.get_rendition(wanted)) for one in images}


def _source(rendition: PublicRendition) -> PictureSource:
    return {"src": rendition.url, "width": rendition.width, "height": rendition.height}
