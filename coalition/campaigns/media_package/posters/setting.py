"""Set the posters of an item from its published or scheduled text, in every language of it.

What was set under embargo is given on when the text becomes public: the publication stays the same row.
"""

import datetime
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.actions.items import lock_item, lock_own_item, record_item
from coalition.campaigns.media_package.actions.packages import ONLY_EDITORS
from coalition.campaigns.media_package.actions.renditions import new_rendition, next_version
from coalition.campaigns.media_package.enums import SET_FORMATS, Format, RenditionState
from coalition.campaigns.media_package.made_files import store_made_file
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.names import file_name_for
from coalition.campaigns.media_package.permissions import may_edit_packages
from coalition.campaigns.media_package.posters.content import Numerals, PosterContent, content_of, numerals_in
from coalition.campaigns.media_package.posters.drawing import SIZES, DrawnFile, draw_poster
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document
from documents.drafts.models import Draft, DraftText, PublicationState, TextKind
from documents.drafts.permissions import require_that
from documents.publication.models import Publication

SET_POSTERS: Final = "media_package.set_posters"  # due work, by the UUID of a publication


def schedule_posters(publication: Publication) -> None:
    """Schedule `set_posters` in the caller's transaction."""
    scheduler.schedule(kind=SET_POSTERS, key=str(publication.uuid), due_at=now())


def set_after_publication(draft: Draft, _texts: Iterable[DraftText]) -> None:
    """Schedule the posters of the draft's newest publication, if it is an item's. A listener of `HOOKS`."""
    if draft.kind != TextKind.MEDIA_ITEM:
        return
    item = MediaItem.objects.filter(draft=draft, removed_at=None).first()
    publication = draft.publications.newest_public() if item is not None and item.sets_formats else None
    if publication is not None:
        _remove_outdated(publication)
        schedule_posters(publication)


def set_under_embargo(publication: Publication) -> None:
    """Schedule the posters of a text that is scheduled, if it is an item's: outlets that agreed to the
    embargo take them before. A listener of `HOOKS`."""
    item = MediaItem.objects.filter(draft=publication.draft_id, removed_at=None).first()
    if item is not None and item.sets_formats:
        _remove_outdated(publication)
        schedule_posters(publication)


def set_missing_files(*, access: Access, item: MediaItem) -> None:
    """Schedule the files of formats that were chosen after the text was published or scheduled.

    Raises NotAllowed; Refused if none is missing.
    """
    with transaction.atomic():
        row = lock_own_item(access, item)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        publications = [] if row.removed_at is not None else publications_without_files(row)
        if not publications:
            raise Refused(
                _("No file is missing here: each chosen format is set, or the text is not approved.")
            )
        for publication in publications:
            schedule_posters(publication)
        record_item(access, row, "media_item.setting_asked")


def publications_without_files(item: MediaItem) -> list[Publication]:
    """Return the public and the scheduled publication of the item, if a chosen format is not set from it in
    one of its languages. Four queries at most, none for an item whose files people bring."""
    formats = formats_of(item)
    if not formats:
        return []
    current = Q(state=PublicationState.PUBLIC, replaced_by=None) | Q(state=PublicationState.SCHEDULED)
    rows = item.draft.publications.filter(current).with_texts().order_by("pk")
    return [one for one in rows if _missing(one, item, formats)]


def is_being_set(publication: Publication, item: MediaItem) -> bool:
    """Whether a file of the publication's text is still to be set or prepared. No query for an item whose
    files people bring."""
    formats = formats_of(item)
    if not formats:
        return False
    rows = Rendition.objects.filter(item=item, publication=publication, removed_at=None)
    preparing = rows.filter(source=None, state=RenditionState.PREPARING)
    return bool(_missing(publication, item, formats)) or preparing.exists()


def set_posters(key: str, _payload: dict[str, Any] | None = None) -> None:
    """Draw each language and format of the publication with this UUID; workers prepare the files then.

    Due work: idempotent. A file of the same text, format and language is not drawn again. A text that does
    not fit gets a failed file with the reason in words.
    """
    publication = Publication.objects.with_texts().filter(uuid=UUID(key)).first()
    if publication is None or not _is_newest(publication):
        return
    rows = MediaItem.objects.filter(draft=publication.draft_id, removed_at=None)
    item = rows.select_related("package__workspace", "package__organisation").first()
    if item is None:
        return
    documents = {text.language: text.recorded_document for text in publication.texts.all()}
    present = _present(publication, item)
    numerals = numerals_in(documents.values())
    for language, document in documents.items():
        scheduler.extend_lease(kind=SET_POSTERS, key=key)
        for rendition_format in formats_of(item):
            if (rendition_format, language) not in present:
                _set_one(publication, item, rendition_format, document, numerals)


def formats_of(item: MediaItem) -> list[Format]:
    """Return the formats that are set from the template, in their usual order."""
    return [one for one in SET_FORMATS if one in item.sets_formats]


def _is_newest(publication: Publication) -> bool:
    is_current = publication.state in {PublicationState.PUBLIC, PublicationState.SCHEDULED}
    return is_current and not Publication.objects.filter(replaces=publication).exists()


def _present(publication: Publication, item: MediaItem) -> set[tuple[Format, str]]:
    """Return format and language of what was set of the publication's text, also of what was taken out."""
    named_at = _named_at(publication)
    rows = Rendition.objects.filter(publication=publication, item=item, source=None)
    return {
        (Format(kind), language)
        for kind, language, added_at in rows.values_list("format", "language", "added_at")
        if not _is_outdated(added_at, named_at.get(language))
    }


def _missing(publication: Publication, item: MediaItem, formats: Iterable[Format]) -> set[tuple[Format, str]]:
    wanted = {(one, text.language) for text in publication.texts.all() for one in formats}
    return wanted - _present(publication, item)


def _remove_outdated(publication: Publication) -> None:
    """Take out what was set of an older version: a scheduled text can get a newer one before it is public."""
    named_at = _named_at(publication)
    rows = Rendition.objects.filter(publication=publication, source=None, removed_at=None)
    outdated = [one.pk for one in rows if _is_outdated(one.added_at, named_at.get(one.language))]
    Rendition.objects.filter(pk__in=outdated).update(removed_at=now())


def _named_at(publication: Publication) -> dict[str, datetime.datetime]:
    """Return when the version of each language was named."""
    return dict(publication.texts.values_list("language", "version__created_at"))


def _is_outdated(added_at: datetime.datetime, named_at: datetime.datetime | None) -> bool:
    return named_at is None or added_at < named_at


def _set_one(
    publication: Publication,
    item: MediaItem,
    rendition_format: Format,
    document: Document,
    numerals: Numerals,
) -> None:
    language = document["language"]
    try:
        content = content_of(item, document, numerals)
        drawn = draw_poster(content, rendition_format)
    except Refused as refusal:
        _store_failure(publication, item, rendition_format, language, refusal)
        return
    _store(publication, item, rendition_format, content, drawn)


def _store(
    publication: Publication,
    item: MediaItem,
    rendition_format: Format,
    content: PosterContent,
    drawn: DrawnFile,
) -> None:
    with transaction.atomic():
        locked = lock_item(item)
        if (rendition_format, content.language) in _present(publication, locked):
            return  # another worker was faster
        file = store_made_file(
            workspace=item.package.workspace,
            organisation=item.package.organisation,
            name=f"{locked.name}_{rendition_format}_{content.language}{drawn.ending}",
            content=drawn.content,
            content_type=drawn.content_type,
            alt=content.alt,
        )
        new_rendition(
            locked,
            file,
            rendition_format=rendition_format,
            language=content.language,
            publication=publication,
        )


def _store_failure(
    publication: Publication, item: MediaItem, rendition_format: Format, language: str, refusal: Refused
) -> None:
    with transaction.atomic():
        locked = lock_item(item)
        if (rendition_format, language) in _present(publication, locked):
            return
        version = next_version(locked, rendition_format, language)
        ending = f".{SIZES[rendition_format].kind}"
        Rendition.objects.create(
            item=locked,
            format=rendition_format,
            language=language,
            version=version,
            file_name=file_name_for(locked.name, rendition_format, language, version, ending),
            state=RenditionState.FAILED,
            failure=refusal.message[:300],
            added_at=now(),
            publication=publication,
        )
