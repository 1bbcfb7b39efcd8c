"""What a publication becomes on the public site: one news page per language, at one moment.

Measured: the publishing transaction locks the index pages in primary-key order (another order
deadlocks PostgreSQL), slugs are chosen after the locks, files are copied before the transaction and
deleted if it fails. Nothing hangs on `page_published`, which fires inside the transaction.
"""

from anyascii import anyascii
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision
from wagtail.signals import page_published, published

from coalition.accounts.enums import Language
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from documents.models import Publication, PublicationText, StoredFile
from documents.publication.addresses import record_slug
from documents.publication.hooks import PublicationPlan, register_frame, register_presenter
from home.models import NewsIndexPage, NewsPage, PublicImage
from home.models.image import hash_of
from home.models.record import kind_label, recorded_slug
from home.models.slugs import free_slug
from home.public_page import frame
from home.publication_pages import address, pages_of, withdraw

SLUG_LENGTH = 70


class NoIndexPage(Refused):
    """A language has no news index: `manage.py setup_site` has not run."""


def register() -> None:
    """Become the presenter of publications (from `AppConfig.ready()`)."""
    register_presenter(present, withdraw, prepare=prepare, discard=discard, address=address)
    register_frame(lambda request: frame(request, language=get_language() or Language.KK))


def prepare(plan: PublicationPlan) -> list[PublicImage]:
    """Public copies of the pictures that the texts use. Returns the ones made new.

    Raises Refused if the workspace's file of a picture is not the one that was approved.
    """
    made: list[PublicImage] = []
    with unless_done(lambda: discard(made)):
        for file in plan.pictures.values():
            if not _has_public_copy(file.sha256):
                made.append(_public_copy(file))  # noqa: PERF401  kept for the discarding
    return made


def _has_public_copy(sha256: str) -> bool:
    """Return whether a public picture holds the bytes with this hash. One whose file holds others loses the
    hash: it is not shown for the approved picture any more."""
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
    if hash_of(content) != file.sha256:
        raise Refused(
            _("The file of the picture “%(name)s” is not the one that was approved. Upload it again."),
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


def discard(made: list[PublicImage]) -> None:
    """Take back copies made for a publication that did not come about."""
    for image in made:
        image.file.delete(save=False)
        image.delete()


def present(publication: Publication, made: list[PublicImage]) -> None:
    """Create the pages, or give the pages of the replaced publication the new words."""
    texts = {text.language: text for text in publication.texts.select_related("version")}
    indexes = list(
        NewsIndexPage.objects.select_for_update(of=("self",))
        .filter(language__in=texts, live=True)
        .select_related("locale")
        .order_by("pk")
    )
    if {index.locale.language_code for index in indexes} != set(texts):
        raise NoIndexPage(_("The public site has no news page in one of these languages yet. Make it first."))
    before = pages_of(publication.replaces) if publication.replaces else {}
    key = next((page.translation_key for page in before.values()), publication.uuid)
    for index in indexes:
        language = index.locale.language_code
        page = before.pop(language, None) or NewsPage(locale=index.locale, translation_key=key, live=False)
        if page.publication_id:  # the text before had this address
            page.slug = recorded_slug(page.publication_id, language) or page.slug
        _fill(page, publication, texts[language])
        is_new = page.pk is None
        if is_new:
            page.slug = free_slug(index.locale_id, _slug_of(page.title))
        record_slug(texts[language], page.slug)
        if is_new:
            index.add_child(instance=page)
            _bring_live(page)
        else:
            page.save()  # the row first: a revision takes the approved words from it
            page.save_revision(clean=False).publish()
    if publication.replaces:
        withdraw(publication.replaces)  # languages that the correction no longer has


def _bring_live(page: NewsPage) -> None:
    """Make a page that was just added public, with its first revision.

    What `page.save_revision(clean=False).publish()` does, in a quarter of its queries: that reads the page
    back from its revision, looks for earlier ones, for comments and aliases, and validates and saves the page
    twice more. This one is new, and its words are those that were approved.
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


def _fill(page: NewsPage, publication: Publication, text: PublicationText) -> None:
    document = text.document
    page.publication = publication
    page.title = page.draft_title = str(document["title"])[:255]
    page.kind_label = kind_label(publication.draft.kind, text.language)
    first = next((block["id"] for block in document["blocks"] if block["type"] == "picture"), None)
    if first and page.cover_id is None:
        sha256 = document["pictures"][first]["sha256"]
        page.cover = PublicImage.objects.filter(sha256=sha256).first()


def _slug_of(title: str) -> str:
    return slugify(anyascii(title))[:SLUG_LENGTH].strip("-") or "news"
