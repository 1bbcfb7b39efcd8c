"""Put the pieces of an upload together: a file of the workspace, and a rendition of the item."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _, override

from coalition.campaigns.media_package.actions.items import lock_item, record_item, refuse_removed
from coalition.campaigns.media_package.actions.packages import ONLY_EDITORS
from coalition.campaigns.media_package.actions.renditions import new_rendition
from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.models import FileUpload
from coalition.campaigns.media_package.permissions import may_edit_packages
from coalition.campaigns.media_package.uploads.actions import (
    ASSEMBLE,
    UploadClosed,
    delete_pieces,
    require_own_upload,
)
from coalition.campaigns.media_package.uploads.pieces import open_pieces
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.infra_errors import outage_status
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from documents.drafts.permissions import require_that
from documents.files.actions import store_assembled_file
from documents.files.models import StoredFile

_FAILURE_LENGTH: Final = 300


class _AlreadyDone(Exception):
    """Another worker was faster, or the upload was cancelled meanwhile."""


def assemble_upload(key: str, _payload: dict[str, Any] | None = None) -> None:
    """Make a file of the item of an upload all of whose bytes are here. Due work: idempotent.

    A file that is refused gets the reason, in the language of the person who sent it. What fails because the
    storage is full or away is tried again.
    """
    rows = FileUpload.objects.select_related("item__package__workspace", "organisation", "person")
    upload = rows.filter(uuid=UUID(key), finished_at=None, failure="").first()
    if upload is None or upload.received != upload.size:
        return
    with override(upload.person.language):
        try:
            _assemble(upload)
        except _AlreadyDone:
            return
        except NotAllowed as refusal:
            _fail(upload, str(refusal))
        except Refused as refusal:
            if outage_status(refusal) is not None:
                raise
            _fail(upload, refusal.message)


def schedule_assembly(upload: FileUpload) -> None:
    """Schedule the work again where it was given up: a person asks for an upload that has all its bytes."""
    is_waiting = upload.received == upload.size and upload.finished_at is None and not upload.failure
    if is_waiting and scheduler.get_open_work(kind=ASSEMBLE, key=str(upload.uuid)) is None:
        scheduler.schedule(kind=ASSEMBLE, key=str(upload.uuid), due_at=now())


def give_up_assembly(key: str) -> None:
    """Note that an upload could not be put together, after all attempts. Its pieces stay for a day: the
    person can have it tried again (`try_again`)."""
    upload = FileUpload.objects.select_related("person").filter(uuid=UUID(key)).first()
    if upload is not None:
        with override(upload.person.language):
            words = _("It could not be put together. Try again, or cancel it and send the file anew.")
            _fail(upload, str(words), keep_pieces=True)


def try_again(*, access: Access, upload: FileUpload) -> FileUpload:
    """Put an upload together anew that was given up. Raises NotAllowed; UploadClosed if its pieces are
    gone."""
    require_own_upload(access, upload)
    with transaction.atomic():
        row = FileUpload.objects.select_for_update().filter(pk=upload.pk, finished_at=None).first()
        if row is None or row.received != row.size or not row.pieces.exists():
            raise UploadClosed
        row.failure, row.changed_at = "", now()
        row.save(update_fields=["failure", "changed_at"])
        scheduler.schedule(kind=ASSEMBLE, key=str(row.uuid), due_at=now())
    return row


def _assemble(upload: FileUpload) -> None:
    access = _access_of(upload)

    def make_rendition(file: StoredFile) -> None:
        item = lock_item(upload.item)
        row = FileUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if row is None or row.finished_at is not None or row.failure:
            raise _AlreadyDone
        refuse_removed(item)
        made = new_rendition(item, file, rendition_format=Format(row.format), language=row.language)
        record_item(access, item, "media_item.file_added", rendition=str(made.uuid), format=row.format)
        row.finished_at, row.rendition = now(), made
        row.save(update_fields=["finished_at", "rendition"])
        delete_pieces(row)

    def extend_lease() -> None:
        scheduler.extend_lease(kind=ASSEMBLE, key=str(upload.uuid))

    with open_pieces(upload, in_progress=extend_lease) as content:
        store_assembled_file(
            access=access, content=content, size=upload.size, name=upload.name, then=make_rendition
        )


def _access_of(upload: FileUpload) -> Access:
    """Return the access of the person for the upload's organisation. Raises NotAllowed if it ended."""
    workspace, organisation = upload.item.package.workspace, upload.organisation
    try:
        access = access_to(upload.person, workspace.uuid, acting_for=str(organisation.uuid))
    except Http404 as error:
        raise NotAllowed(str(ONLY_EDITORS)) from error
    is_same = access.organisation.pk == organisation.pk
    require_that(is_same and may_edit_packages(access), ONLY_EDITORS)
    return access


def _fail(upload: FileUpload, words: str, *, keep_pieces: bool = False) -> None:
    with transaction.atomic():
        row = FileUpload.objects.select_for_update().filter(pk=upload.pk, finished_at=None).first()
        if row is not None:
            row.failure = words[:_FAILURE_LENGTH]
            row.changed_at = now()
            row.save(update_fields=["failure", "changed_at"])
            if not keep_pieces:
                delete_pieces(row)
