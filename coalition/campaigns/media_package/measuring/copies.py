"""Make copies of masters: a lighter one, a preview, 1080i50.

The bytes of a master are approved with the text; a copy that the server makes of them needs no approval of
its own (`Rendition.source`). A copy is due work. Encoding takes up to hours, so the work is registered as
lengthy: it runs in a thread of its own, and nothing else waits. While the program runs,
this thread extends the lease of the work every half minute (`scheduler.extend_lease`); if the worker dies,
the lease ends within five minutes and another worker begins anew. Should two make the same copy nevertheless,
the second one is dropped under the lock of the item.
"""

import logging
from collections.abc import Iterable
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.actions.items import lock_item, lock_own_item, record_item
from coalition.campaigns.media_package.actions.packages import ONLY_EDITORS
from coalition.campaigns.media_package.actions.renditions import new_rendition
from coalition.campaigns.media_package.enums import MADE_BY_SERVER, Format, RenditionState
from coalition.campaigns.media_package.measuring.copy_work import (
    COPY,
    may_have_copies,
    read_key,
    schedule_copies,
)
from coalition.campaigns.media_package.measuring.encoding import TooLong, encoded_copy
from coalition.campaigns.media_package.measuring.ffmpeg import find_ffmpeg, opened_file
from coalition.campaigns.media_package.models import Rendition
from coalition.campaigns.media_package.permissions import may_edit_packages
from coalition.core.errors import Refused, undo_on_failure
from coalition.jobs import scheduler
from coalition.sandbox.run import SandboxFailed
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.models import StoredFile
from documents.files.public_copy import digest_of, public_bytes

logger = logging.getLogger(__name__)


def make_copies(*, access: Access, rendition: Rendition, formats: Iterable[Format]) -> list[Format]:
    """Schedule copies of a master in these formats, except those that exist. Return what is scheduled.

    Raises NotAllowed; Refused for a format that the server does not make, a file of which no copies are made,
    and on a machine without the program.
    """
    with transaction.atomic():
        item = lock_own_item(access, rendition.item)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        row = Rendition.objects.select_for_update(of=("self",)).select_related("file").get(pk=rendition.pk)
        wanted = list(dict.fromkeys(formats))
        if not wanted or any(one not in MADE_BY_SERVER for one in wanted):
            raise Refused(_("Choose which copy to make."))
        if not find_ffmpeg():
            raise Refused(_("This machine cannot make copies of films. Make the copy yourself and add it."))
        if Format.INTERLACED in wanted and row.format != Format.MASTER:
            raise Refused(_("1080i50 is made of a master in 1080p25."))
        is_ready = row.state == RenditionState.READY and row.removed_at is None and item.removed_at is None
        if not is_ready or not may_have_copies(row, row.measurements):
            raise Refused(_("Copies are made of a film that is ready."))
        missing = [one for one in wanted if not has_copy(row, one)]
        if missing:
            _forget_failures(row, missing)
            schedule_copies(row, missing)
            record_item(access, item, "media_item.copies_asked", rendition=str(row.uuid), formats=[*missing])
    return missing


def has_copy(rendition: Rendition, copy_format: Format) -> bool:
    """Whether there is a copy that was not taken out, ready or being prepared. Beside a master, also one that
    people added later than it."""
    rows = Rendition.objects.filter(item=rendition.item_id, format=copy_format, removed_at=None)
    made = Q(source=rendition)
    if rendition.format == Format.MASTER:
        made |= Q(source=None, language=rendition.language, added_at__gte=rendition.added_at)
    return rows.filter(made).exclude(state=RenditionState.FAILED).exists()


def make_copy(key: str, _payload: dict[str, Any] | None = None) -> None:
    """Encode a copy, store it and add it to the item. Due work: idempotent.

    A film that cannot be encoded, or does not fit, is noted at its master (`failed_copies` of the
    measurements); the desk shows it. What fails for another reason is tried again.
    """
    uuid, copy_format = read_key(key)
    row = Rendition.objects.select_related("file", "item").filter(uuid=uuid).first()
    if row is None or row.file is None or not _is_wanted(row, copy_format):
        return
    try:
        with (
            opened_file(public_bytes(row.file)) as source,
            encoded_copy(
                source,
                row.file.content_type,
                copy_format,
                row.measurements,
                in_progress=lambda: scheduler.extend_lease(kind=COPY, key=key),
            ) as made,
        ):
            _add_copy(row, row.file, copy_format, made)
    except (SandboxFailed, TooLong) as error:
        logger.warning("a copy in the format %s cannot be made: %s", copy_format, error)
        _note_failure(row, copy_format)


def _is_wanted(row: Rendition, copy_format: Format) -> bool:
    return (
        row.state == RenditionState.READY
        and row.removed_at is None
        and row.item.removed_at is None
        and may_have_copies(row, row.measurements)
        and not has_copy(row, copy_format)
    )


def _add_copy(row: Rendition, original: StoredFile, copy_format: Format, content: IO[bytes]) -> None:
    """Store the bytes first, since files do not roll back; then write both rows, with the item locked."""
    file = StoredFile(
        workspace_id=original.workspace_id,
        name=f"{row.file_name.rpartition('.')[0]}_{copy_format}.mp4"[-200:],
        content_type="video/mp4",
        alt=original.alt,
        credit=original.credit,
        handling=original.handling,
        restricted=original.restricted,
        uploaded_by_id=original.uploaded_by_id,
        organisation_id=original.organisation_id,
    )
    file.sha256, file.size = digest_of(content)
    file.file.save(file.name, File(content), save=False)
    storage, stored_name = file.file.storage, str(file.file.name)
    with undo_on_failure(lambda: storage.delete(stored_name)), transaction.atomic():
        item = lock_item(row.item)
        current = (
            Rendition.objects.select_for_update(of=("self",)).select_related("file", "item").get(pk=row.pk)
        )
        if not _is_wanted(current, copy_format):
            transaction.on_commit(lambda: storage.delete(stored_name))
            return
        file.save()
        file.restricted_to.set(original.restricted_to.all())
        file.named_people.set(original.named_people.all())
        new_rendition(item, file, rendition_format=copy_format, language=row.language, source=current)


def _note_failure(row: Rendition, copy_format: Format) -> None:
    with transaction.atomic():
        current = Rendition.objects.select_for_update(of=("self",)).get(pk=row.pk)
        failed = {*current.measurements.get("failed_copies", []), str(copy_format)}
        current.measurements["failed_copies"] = sorted(failed)
        current.save(update_fields=["measurements"])


def _forget_failures(row: Rendition, formats: Iterable[Format]) -> None:
    """Clear the note that these copies failed: they are tried again. The row is locked."""
    failed = [one for one in row.measurements.get("failed_copies", []) if one not in set(formats)]
    if failed != row.measurements.get("failed_copies", []):
        row.measurements["failed_copies"] = failed
        row.save(update_fields=["measurements"])
