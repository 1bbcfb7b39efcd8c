"""The words of a card: which publications fit for one, and whether they still say the same.

Nothing of an approved text is left out or shortened: a text with a table, a picture or an attachment is not
printed on a card, and one that is too long is refused (`coalition.campaigns.postcards.layout`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.postcards.models import CardDesign
from coalition.core.errors import Refused
from coalition.core.localized_text import content_languages
from coalition.workspaces.permissions import Access
from documents.canonical.characters import render_text
from documents.canonical.form import canonical_hash
from documents.drafts.models import Handling, PublicationState, TextKind
from documents.files.consent import is_under_consent, usable_files_for
from documents.files.models import StoredFile
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import publications_for
from documents.publication.verification.findings import offline_row

KINDS: Final = (
    TextKind.CAPTION,
    TextKind.STATEMENT,
    TextKind.APPEAL,
    TextKind.LETTER,
    TextKind.DEPUTY_LETTER,
)


@dataclass(frozen=True)
class CardWords:
    """What stands on a card in one language. `paragraphs`: the lead, if there is one, then the text; a line
    break inside of one is "\\n"."""

    language: str
    title: str
    paragraphs: tuple[str, ...]
    has_lead: bool

    @property
    def length(self) -> int:
        """How many characters the paragraphs have."""
        return sum(len(one) for one in self.paragraphs)


def usable_publications(access: Access) -> QuerySet[Publication]:
    """Texts that may stand on cards and are public in the workspace now, with their texts: neither corrected
    since, nor awaiting a decision, nor off the site."""
    return publications_for(access.user, access.workspace).filter(**_usable()).order_by("-number")


def is_usable(publication: Publication) -> bool:
    """The same of one, read anew. One query."""
    return Publication.objects.filter(pk=publication.pk, **_usable()).exists()


def _usable() -> dict[str, Any]:
    return {
        "draft__kind__in": KINDS,
        "state": PublicationState.PUBLIC,
        "replaced_by": None,
        "awaiting_since": None,
        "taken_off": None,
    }


def usable_pictures(access: Access) -> QuerySet[StoredFile]:
    """Pictures of the workspace that are marked as public. They hold no metadata: pictures are drawn anew
    when they are uploaded."""
    rows = usable_files_for(access.user, access.workspace)
    return rows.filter(content_type__startswith="image/", handling=Handling.PUBLIC, restricted=False)


def hashes_of(publication: Publication, languages: Iterable[str]) -> dict[str, str]:
    """Return language → hash of the words that became public, of those languages that it has. One query."""
    texts = PublicationText.objects.filter(publication=publication, language__in=list(languages))
    return dict(texts.values_list("language", "hash"))


def published_texts(publication: Publication) -> dict[str, PublicationText]:
    """Return language → published text, with its document. One query."""
    texts = PublicationText.objects.filter(publication=publication).select_related("version")
    return {text.language: text for text in texts}


def card_words(publication: Publication, languages: Sequence[str]) -> list[CardWords]:
    """Return the words in these languages, in this order. One query.

    Raises Refused if a language is missing, if a text has what cannot stand on a card, or if the words are
    not those that were approved.
    """
    texts = published_texts(publication)
    names = dict(content_languages())
    missing = [names[language] for language in languages if language not in texts]
    if missing:
        raise Refused(
            _("This text is not published in: %(languages)s. Choose fewer languages, or another text."),
            languages=", ".join(missing),
        )
    return [_words(texts[language], names[language]) for language in languages]


def _words(text: PublicationText, name: str) -> CardWords:
    document = text.recorded_document  # has neither picture nor attachment, or is refused
    if canonical_hash(document) != text.hash:
        raise Refused(_("The text is not the one that was approved. Tell the people who run this site."))
    if any(block["type"] in {"table", "picture"} for block in _all_blocks(document["blocks"])):
        raise Refused(
            _("%(language)s: a table or a picture in the text cannot stand on a card. Choose another text."),
            language=name,
        )
    if document["attachments"]:
        raise Refused(
            _("%(language)s: the text has attachments, which cannot stand on a card. Choose another text."),
            language=name,
        )
    body = render_text(document, width=None, with_title=False).strip()
    parts = [document["lead"], *body.split("\n\n")]
    return CardWords(
        language=text.language,
        title=document["title"],
        paragraphs=tuple(part for part in parts if part),
        has_lead=bool(document["lead"]),
    )


def _all_blocks(blocks: Iterable[Any]) -> Iterator[Any]:
    """Yield the blocks and those inside of them."""
    for block in blocks:
        yield block
        yield from _all_blocks(block.get("blocks", []))
        for item in block.get("items", []):
            yield from _all_blocks(item)


def stop_reason(design: CardDesign) -> str | Promise:
    """Return in words why no more cards of this design are made, "" while they are. One query, two with a
    picture.

    Needs `publication` with `replaced_by` and `taken_off`, `front_picture`, and the recipient loaded.
    """
    publication = design.publication
    if publication.state != PublicationState.PUBLIC:
        return _("Its text was withdrawn, so no more cards are made of it. Those that are printed stay.")
    if getattr(publication, "replaced_by", None) is not None:
        return _(
            "Its text was corrected since, so no more cards are made of it. Those that are printed stay. "
            "Make a new design of the corrected text."
        )
    if publication.awaiting_since is not None or offline_row(publication) is not None:
        return _("A decision about its text is awaited. Until then no more cards are made of it.")
    if design.hashes != hashes_of(publication, design.languages):
        return _(
            "Its text is not the one that was approved, so no more cards are made of it. Tell the people who "
            "run this site."
        )
    return _picture_reason(design) or _recipient_reason(design)


def _picture_reason(design: CardDesign) -> str | Promise:
    if not design.front_picture_sha256:
        return ""
    file = design.front_picture
    if file is None or file.deleted_at is not None or file.sha256 != design.front_picture_sha256:
        return _("The picture on its front was deleted, so no more cards are made of it.")
    if file.handling != Handling.PUBLIC or file.restricted:
        return _("The picture on its front is not public any more, so no more cards are made of it.")
    if is_under_consent(file):
        return _("The picture on its front cannot be printed on cards, so no more cards are made of it.")
    return ""


def _recipient_reason(design: CardDesign) -> str | Promise:
    target, body = design.recipient_target, design.recipient_body
    if (target is not None and target.gone_on is not None) or (
        body is not None and body.archived_at is not None
    ):
        return _("Its recipient is not in office any more, so no more cards are made of it.")
    return ""


def language_names(languages: Sequence[str]) -> list[str]:
    """Return the names of these languages, each in itself."""
    names: dict[str, str] = dict(content_languages())
    return [names.get(one, one) for one in languages]
