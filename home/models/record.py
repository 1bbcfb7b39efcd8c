"""What the record of a publication says of its pages: whether they are public, and their words."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import override
from wagtail.models import PageManager, PageQuerySet

from documents.canonical.text import render_text
from documents.drafts.enums import PublicationState, TextKind
from documents.models import PublicationText, TakenOff


def public_texts() -> QuerySet[PublicationText]:
    """Texts that are public now: of publications that are neither withdrawn nor replaced by a correction."""
    return PublicationText.objects.filter(
        publication__state=PublicationState.PUBLIC, publication__replaced_by=None
    )


def get_public_text(publication: int, language: str) -> PublicationText | None:
    """The text that the page of a publication (primary key) shows in the language; None if none is public."""
    texts = public_texts().filter(publication=publication, language=language)
    return texts.select_related("version", "publication__draft", "publication__taken_off").first()


def recorded_slug(publication: int, language: str) -> str:
    """Return the slug at which a text of a publication (primary key) became public, also of one that is
    withdrawn; empty if none is recorded."""
    texts = PublicationText.objects.filter(publication=publication, language=language)
    return texts.values_list("slug", flat=True).first() or ""


def approved_values(text: PublicationText) -> dict[str, str]:
    """Return what a page has of the words of its text: names and values of fields of `NewsPage`."""
    document = text.document
    return {
        "title": str(document["title"])[:255],
        "lead": str(document["lead"]),
        "words": render_text(document, width=None),
        "search_description": str(document["lead"])[:300],
    }


def kind_label(kind: str, language: str) -> str:
    """Return the word for a kind of text that stands above its title."""
    with override(language):
        return str(TextKind(kind).label)


def kind_labels(language: str) -> frozenset[str]:
    """Return the words that may stand above the title of an approved text.

    The page keeps the word with which it became public, though the draft may change its kind later.
    """
    return frozenset(kind_label(kind, language) for kind in TextKind.values)


def is_taken_off(publication: int) -> bool:
    """Return whether a publication (primary key) is off the site while what readers get of it is checked."""
    return TakenOff.objects.filter(publication=publication).exists()


def allowed_by_record() -> Q:
    """Whether a news page may be public: the newsroom's own, or one whose publication is public in its
    language and not off the site while it is checked. For querysets of `NewsPage`."""
    text = public_texts().filter(
        publication=OuterRef("publication"),
        publication__taken_off=None,
        language=OuterRef("locale__language_code"),
    )
    return Q(publication=None) | Q(Exists(text))


class NewsPageQuerySet(PageQuerySet):
    """News pages; `live()` returns a page of a publication only if the record says that it is public."""

    def live_q(self) -> Q:
        return super().live_q() & allowed_by_record()


NewsPageManager = PageManager.from_queryset(NewsPageQuerySet)
