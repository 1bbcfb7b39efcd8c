"""Begin an upload, take its pieces, cancel it."""

import shutil
from functools import partial
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.campaigns.media_package.actions.items import lock_own_item, record_item, refuse_removed
from coalition.campaigns.media_package.actions.packages import ONLY_EDITORS
from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.models import FileUpload, MediaItem, UploadPiece
from coalition.campaigns.media_package.permissions import may_edit_packages
from coalition.campaigns.media_package.uploads.pieces import (
    SMALLEST_PIECE_BYTES,
    PieceBroken,
    delete_objects,
    folder_of,
    piece_storage,
    store_piece,
)
from coalition.campaigns.media_package.uploads.queries import bytes_to_come, open_upload_count
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.jobs import scheduler
from coalition.storage.disk import StorageFull
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.actions import plain_name, too_large
from documents.files.captions import MAX_CAPTIONS_BYTES, SUBRIP, WEBVTT
from documents.files.metadata.media import IN_PLACE
from documents.files.types import (
    HEAD_BYTES,
    FileType,
    check_first_bytes,
    detect_file_type,
    file_type_for_name,
)

ASSEMBLE: Final = "media_package.assemble"  # due work, by the UUID of an upload
UPLOAD_MAX_BYTES: Final = 4 * 1024**3
CLEANED_IN_MEMORY_MAX_BYTES: Final = 200 * 1024**2  # types whose metadata is removed from a copy in memory
MOST_OPEN_UPLOADS: Final = 10  # of one person


class TooLarge(Refused):
    """The file is larger than its type may be."""


class WrongOffset(Refused):
    """The piece does not begin where the bytes that are here end. `received`: how many there are."""

    def __init__(self, received: int) -> None:
        super().__init__(_("This piece is here already, or one before it is missing."))
        self.received = received


class UploadClosed(Refused):
    """The upload ended: it is whole, it failed, or it was cancelled."""

    def __init__(self) -> None:
        super().__init__(_("This upload has ended. Choose the file again."))


def begin_upload(
    *, access: Access, item: MediaItem, name: str, size: int, rendition_format: str, language: str
) -> FileUpload:
    """Note a file that is going to be sent in pieces to the item. `size`: in bytes.

    Raises NotAllowed; TooLarge; StorageFull without room for it; Refused with the reason for an unknown type,
    format or language, an empty file, an item that was taken out, too many uploads under way.
    """
    require_that(may_edit_packages(access), ONLY_EDITORS)
    name = plain_name(name)
    kind = file_type_for_name(name)
    _check_size(kind, size)
    if rendition_format not in Format.values or language not in {"", *Language.values}:
        raise Refused(_("Choose what the file is, and its language."))
    with transaction.atomic():
        row = lock_own_item(access, item)
        refuse_removed(row)
        if open_upload_count(access.user) >= MOST_OPEN_UPLOADS:
            raise Refused(
                _("You have %(most)s uploads that are not finished. Go on with one, or cancel it."),
                most=MOST_OPEN_UPLOADS,
            )
        _check_room(size)
        made = FileUpload.objects.create(
            item=row,
            person=access.user,
            organisation=access.organisation,
            name=name,
            format=rendition_format,
            language=language,
            size=size,
            begun_at=now(),
            changed_at=now(),
        )
        record_item(access, row, "media_item.upload_begun", upload=str(made.uuid), size=size)
    return made


def add_piece(*, access: Access, upload: FileUpload, offset: int, piece: IO[bytes], size: int) -> FileUpload:
    """Store a piece of `size` bytes that begins at `offset`. With the last one the file is put together soon.

    Raises NotAllowed; WrongOffset and UploadClosed, also if another request was faster; Refused if the first
    bytes are not of the type that the name says: the upload is deleted then.
    """
    require_own_upload(access, upload)
    _check_open(upload, offset)
    if size < min(SMALLEST_PIECE_BYTES, upload.size - offset):
        raise PieceBroken(_("A piece is too small. Reload the page and choose the file again."))
    if offset == 0:
        _check_type(upload, piece, size)
    name = store_piece(upload, offset, piece)
    with undo_on_failure(partial(delete_objects, [name], folder_of(upload))), transaction.atomic():
        row = FileUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if row is None:
            raise UploadClosed
        _check_open(row, offset)
        UploadPiece.objects.create(upload=row, offset=offset, size=size, name=name)
        row.received = offset + size
        row.changed_at = now()
        row.save(update_fields=["received", "changed_at"])
        if row.received == row.size:
            scheduler.schedule(kind=ASSEMBLE, key=str(row.uuid), due_at=now())
    return row


def cancel_upload(*, access: Access, upload: FileUpload) -> None:
    """Delete an upload with what arrived of it. Raises NotAllowed; UploadClosed for one that is a file."""
    require_own_upload(access, upload)
    with transaction.atomic():
        row = FileUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if row is None:
            return
        if row.finished_at is not None:
            raise UploadClosed
        record_item(access, upload.item, "media_item.upload_cancelled", upload=str(row.uuid))
        delete_upload(row)


def require_own_upload(access: Access, upload: FileUpload) -> None:
    """Raise NotAllowed unless the person began the upload, and may still bring files there."""
    is_there = upload.item.package.workspace_id == access.workspace.pk
    is_own = is_there and upload.person_id == access.user.pk
    require_that(is_own and may_edit_packages(access), ONLY_EDITORS)


def delete_upload(upload: FileUpload) -> None:
    """Delete the row with its pieces, in the caller's transaction; their objects after the commit."""
    scheduler.cancel(kind=ASSEMBLE, key=str(upload.uuid))
    delete_pieces(upload)
    upload.delete()


def delete_pieces(upload: FileUpload) -> None:
    """Delete the pieces, in the caller's transaction; their objects after the commit."""
    names = list(upload.pieces.values_list("name", flat=True))
    upload.pieces.all().delete()
    on_commit = partial(delete_objects, names, folder_of(upload))
    transaction.on_commit(on_commit, robust=True)  # retention deletes what stays


def _check_open(upload: FileUpload, offset: int) -> None:
    if upload.failure or upload.finished_at is not None:
        raise UploadClosed
    if offset != upload.received or upload.received == upload.size:
        raise WrongOffset(upload.received)


def _check_type(upload: FileUpload, piece: IO[bytes], size: int) -> None:
    """Check the first piece before gigabytes are sent."""
    try:
        if size == upload.size:
            detect_file_type(piece, upload.name)
        else:
            check_first_bytes(piece.read(HEAD_BYTES), upload.name)
    except Refused:
        with transaction.atomic():
            row = FileUpload.objects.select_for_update().filter(pk=upload.pk, received=0).first()
            if row is not None:
                delete_upload(row)
        raise
    piece.seek(0)


def _check_size(kind: FileType, size: int) -> None:
    if size == 0:
        raise Refused(_("The file is empty."))
    limit = _largest(kind)
    if size > limit:
        refusal = too_large(size, limit)
        raise TooLarge(refusal.template, **refusal.params)


def _largest(kind: FileType) -> int:
    if kind.media_type in {WEBVTT, SUBRIP}:
        return MAX_CAPTIONS_BYTES
    if kind.is_picture:  # encoded anew in memory
        return int(settings.FILE_UPLOAD_MAX_BYTES)
    return UPLOAD_MAX_BYTES if kind.media_type in IN_PLACE else CLEANED_IN_MEMORY_MAX_BYTES


def _check_room(size: int) -> None:
    """Raise StorageFull if the disk has no room for the pieces, and for the whole file beside them."""
    storage = piece_storage()
    if isinstance(storage, FileSystemStorage):
        place = Path(storage.location)
        while not place.exists():  # nothing was stored yet
            place = place.parent
        if shutil.disk_usage(place).free < 2 * size + bytes_to_come():
            raise StorageFull
