"""Add files to an item, prepare them for outlets, take them out.

A file is prepared by a worker: its metadata is removed, it is measured, then it is ready and part of what is
put to approval. `note_released` notes at publication what may be taken from then on.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.actions.items import (
    lock_item,
    lock_own_item,
    record_item,
    refuse_removed,
    require_taking_out,
)
from coalition.campaigns.media_package.actions.packages import ONLY_EDITORS
from coalition.campaigns.media_package.enums import Format, RenditionState
from coalition.campaigns.media_package.gate import files_approved_for
from coalition.campaigns.media_package.measuring.copy_work import schedule_automatic_copies
from coalition.campaigns.media_package.measuring.measure import measure_file
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.names import file_name_for
from coalition.campaigns.media_package.permissions import may_edit_packages
from coalition.campaigns.media_package.queries import was_file_given_out
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.drafts.actions.texts import hash_for_approval
from documents.drafts.models import Draft, DraftText, PublicationState, TextKind
from documents.drafts.permissions import require_that
from documents.files.models import StoredFile
from documents.files.public_copy import make_public_copy, public_bytes
from documents.files.types import FILE_TYPES
from documents.publication.models import Publication

PREPARE: Final = "media_package.prepare"  # due work, by the UUID of a rendition


def add_rendition(
    *, access: Access, item: MediaItem, file: StoredFile, rendition_format: Format, language: str = ""
) -> Rendition:
    """Add a file of the workspace to the item; a worker prepares it. It replaces the one of the same format
    and language once it is ready and approved.

    Raises NotAllowed; Refused for an item that was taken out, and for a file of another workspace.
    """
    with transaction.atomic():
        row = lock_own_item(access, item)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        refuse_removed(row)
        stored = StoredFile.objects.select_for_update().get(pk=file.pk)
        if stored.workspace_id != row.package.workspace_id or stored.deleted_at is not None:
            raise Refused(_("This file cannot be used here. Choose another one."))
        made = new_rendition(row, file, rendition_format=rendition_format, language=language)
        record_item(access, row, "media_item.file_added", rendition=str(made.uuid), format=rendition_format)
    return made


def new_rendition(
    item: MediaItem, file: StoredFile, *, rendition_format: Format, language: str, **made_of: Any
) -> Rendition:
    """Write the row and schedule its preparation, in the caller's transaction. `item` is locked. `made_of`:
    `source` or `publication`."""
    version = next_version(item, rendition_format, language)
    name = str(rendition_format)
    source: Rendition | None = made_of.get("source")
    if source is not None and source.format != Format.MASTER:
        name = f"{source.format}-{name}"
    made = Rendition.objects.create(
        item=item,
        format=rendition_format,
        language=language,
        version=version,
        file=file,
        file_name=file_name_for(item.name, name, language, version, _ending(file)),
        added_at=now(),
        **made_of,
    )
    scheduler.schedule(kind=PREPARE, key=str(made.uuid), due_at=now())
    return made


def next_version(item: MediaItem, rendition_format: Format, language: str) -> int:
    """Return the number of the next file of this format and language. `item` is locked."""
    rows = Rendition.objects.filter(item=item, format=rendition_format, language=language)
    return (rows.aggregate(last=Max("version"))["last"] or 0) + 1


def prepare_rendition(key: str, _payload: dict[str, Any] | None = None) -> None:
    """Remove the metadata of a file and measure it; it is ready then. Due work: idempotent.

    A file that cannot be cleaned gets the reason; what fails for another reason is tried again.
    """
    row = Rendition.objects.select_related("file", "item__draft", "source").filter(uuid=UUID(key)).first()
    if row is None or row.file is None or row.state != RenditionState.PREPARING:
        return
    try:
        make_public_copy(row.file)
        stored = public_bytes(row.file)
    except Refused as refusal:
        if not row.file.not_cleaned:
            raise
        _finish(row, state=RenditionState.FAILED, failure=str(refusal.message)[:300])
        return
    measurements = measure_file(
        stored,
        row.file.content_type,
        in_progress=lambda: scheduler.extend_lease(kind=PREPARE, key=key),
    )
    _finish(
        row,
        state=RenditionState.READY,
        sha256=stored.sha256,
        size=stored.size,
        measurements=measurements,
    )


def give_up_preparing(key: str) -> None:
    """Note that a file could not be prepared, after all attempts. Without words of its own: a person can have
    it tried again (`prepare_again`)."""
    rows = Rendition.objects.select_related("item").filter(uuid=UUID(key), state=RenditionState.PREPARING)
    if (row := rows.first()) is not None:
        _finish(row, state=RenditionState.FAILED)


def may_prepare_again(rendition: Rendition) -> bool:
    """Whether another attempt may succeed: the file itself is not the cause. `file` is loaded."""
    file = rendition.file
    has_failed = rendition.state == RenditionState.FAILED and rendition.removed_at is None
    return has_failed and file is not None and not file.not_cleaned


def prepare_again(*, access: Access, rendition: Rendition) -> Rendition:
    """Try anew to prepare a file that was given up. Raises NotAllowed; Refused for every other file."""
    with transaction.atomic():
        item = lock_own_item(access, rendition.item)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        row = Rendition.objects.select_for_update(of=("self",)).select_related("file").get(pk=rendition.pk)
        if not may_prepare_again(row):
            raise Refused(_("This file is not tried again. Send another one."))
        row.state, row.failure = RenditionState.PREPARING, ""
        row.save(update_fields=["state", "failure"])
        scheduler.schedule(kind=PREPARE, key=str(row.uuid), due_at=now())
        record_item(access, item, "media_item.file_tried_again", rendition=str(row.uuid))
    return row


def _finish(row: Rendition, **fields: Any) -> None:
    with transaction.atomic():
        is_public = _is_public(row.publication_id)
        item = lock_item(row.item)
        Rendition.objects.filter(pk=row.pk).update(**fields)
        row.refresh_from_db(fields=fields)
        if row.source_id is None and row.publication_id is None:
            refresh_hashes(item.draft)
        if fields["state"] != RenditionState.READY:
            return
        schedule_automatic_copies(row, row.measurements)
        released = Rendition.objects.filter(copies=row, released_at__isnull=False)  # its source, read anew
        if is_public or released.exists():
            Rendition.objects.filter(pk=row.pk, released_at=None).update(released_at=now())


def _is_public(publication: int | None) -> bool:
    """Whether the text of which a file was set is public. Locks it, as publishing does before the item: what
    becomes public meanwhile is noted as released here or there."""
    if publication is None:
        return False
    return Publication.objects.select_for_update().get(pk=publication).state == PublicationState.PUBLIC


def remove_rendition(*, access: Access, rendition: Rendition) -> Rendition:
    """Take a file out: it is not given any more. Raises NotAllowed."""
    with transaction.atomic():
        item = lock_own_item(access, rendition.item)
        row = Rendition.objects.select_for_update().get(pk=rendition.pk)
        require_taking_out(access, was_given=was_file_given_out(row))
        if row.removed_at is None:
            row.removed_at = now()
            row.save(update_fields=["removed_at"])
            record_item(access, item, "media_item.file_removed", rendition=str(row.uuid))
            refresh_hashes(item.draft)
    return row


def restore_rendition(*, access: Access, rendition: Rendition) -> Rendition:
    """Undo `remove_rendition`. Raises NotAllowed; Refused if its file was deleted meanwhile."""
    with transaction.atomic():
        item = lock_own_item(access, rendition.item)
        row = Rendition.objects.select_for_update().get(pk=rendition.pk)
        require_taking_out(access, was_given=was_file_given_out(row))
        if row.removed_at is not None:
            deleted = StoredFile.objects.select_for_update().exclude(deleted_at=None)
            if row.file_id is not None and deleted.filter(pk=row.file_id).exists():
                raise Refused(_("Its file was deleted among the files of the workspace. Send it anew."))
            row.removed_at = None
            row.save(update_fields=["removed_at"])
            record_item(access, item, "media_item.file_restored", rendition=str(row.uuid))
            refresh_hashes(item.draft)
    return row


def refresh_hashes(draft: Draft) -> None:
    """Compute anew what would be put to approval: the files belong to it. In the caller's transaction."""
    for text in DraftText.objects.select_for_update().filter(draft=draft).order_by("pk"):
        if text.is_empty:
            continue
        text.draft = draft
        digest = hash_for_approval(
            draft=draft,
            language=text.language,
            words={"title": text.title, "lead": text.lead, "body": text.body},
        )
        if digest != text.content_hash:
            text.content_hash = digest
            text.save(update_fields=["content_hash"])


def refuse_while_preparing(text: DraftText) -> None:
    """Raise Refused if a file of the item is not ready: a version would lack it. A version guard."""
    if text.draft.kind != TextKind.MEDIA_ITEM:  # of no item (`refuse_other_kind`)
        return
    rows = Rendition.objects.filter(
        item__draft=text.draft_id,
        state=RenditionState.PREPARING,
        removed_at=None,
        source=None,
        publication=None,
    )
    if rows.exists():
        raise Refused(
            _("A file of this item is still being prepared. Wait a minute: it is approved with the text.")
        )


def refuse_deleting(file: StoredFile) -> None:
    """Raise Refused if an item has the file. A file guard; the row of the file is locked."""
    if Rendition.objects.filter(file=file, removed_at=None).exists():
        raise Refused(
            _("An item of a media package has this file. Take it out of the item first, then delete it.")
        )


def note_released(draft: Draft, _texts: Iterable[DraftText]) -> None:
    """Note which files may be taken from now on. Called inside the publishing transaction (`HOOKS`)."""
    if draft.kind != TextKind.MEDIA_ITEM:
        return
    keys = [one.pk for one in files_approved_for(draft)]
    Rendition.objects.filter(pk__in=keys, released_at=None).update(released_at=now())


def _ending(file: StoredFile) -> str:
    """Return the usual ending of the file's type, with its dot."""
    known = next((one.endings[0] for one in FILE_TYPES if one.media_type == file.content_type), "")
    return known or f".{file.name.rpartition('.')[2].lower()}"
