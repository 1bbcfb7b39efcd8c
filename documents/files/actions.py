"""Files of a workspace: upload, describe, delete, undo a deletion."""

import hashlib
import unicodedata
from collections.abc import Collection
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.manage import (
    apply_reader_change,
    check_restriction,
    restrict_file_to,
    set_handling,
)
from documents.drafts.enums import Handling
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_create, require_that
from documents.files.images import clean_picture
from documents.files.models import StoredFile
from documents.files.permissions import may_change_file, may_mark_file, may_open_file
from documents.files.types import detect_file_type


def describe_file(
    *,
    access: Access,
    file: StoredFile,
    alt: str,
    caption: str,
    credit: str,
    handling: Handling,
    named_people: Collection[User] | None = None,
) -> StoredFile:
    """Change a file's descriptions and its mark. Texts that display it keep the words saved with
    them.

    Nothing is written if nothing changes. Raises NotAllowed without the rights, Refused for a mark
    that excludes the person.
    """
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        words = {"alt": alt.strip(), "caption": caption.strip(), "credit": credit.strip()}
        changed = [name for name, value in words.items() if value != getattr(locked, name)]
        marked = locked.handling != handling
        readers_changed = _set_file_handling(access, locked, Handling(handling), named_people)
        if not changed and not marked and not readers_changed:
            return locked
        for name in changed:
            setattr(locked, name, words[name])
        locked.save(update_fields=changed)
        drafts_audit.record_document_audit(
            thing=locked, access=access, action="file.described", handling=handling
        )
        if changed:
            drafts_audit.record_document_activity(thing=locked, access=access, kind="file_described")
        if marked:
            drafts_audit.record_document_activity(
                thing=locked, access=access, kind="file_marked", handling=handling
            )
    return locked


def _set_file_handling(
    access: Access, file: StoredFile, handling: Handling, people: Collection[User] | None
) -> bool:
    require_that(
        may_mark_file(access, file, handling),
        _("Coordinators, and who brought this file, say who reads it and let it travel further."),
    )
    if people is not None and handling == Handling.NAMED_PEOPLE:
        require_that(may_open_file(access, file))
    changed = set_handling(thing=file, access=access, handling=handling, people=people)
    if changed:
        apply_reader_change(file)
    return changed


def delete_file(*, access: Access, file: StoredFile) -> StoredFile:
    """Delete a file for everyone; `restore_file` undoes it. Raises Refused if a text has it."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is not None:
            return locked
        if _texts_showing(locked).exists():
            raise Refused(
                _("A draft shows this picture. Take it out of the text first, then delete the file.")
            )
        locked.deleted_at = now()
        locked.save(update_fields=["deleted_at"])
        drafts_audit.record_document_audit(thing=locked, access=access, action="file.deleted")
        drafts_audit.record_document_activity(thing=locked, access=access, kind="file_deleted")
    return locked


def _texts_showing(file: StoredFile) -> QuerySet[DraftText]:
    """Return texts that contain the file, in the current words or in a suggestion."""
    uuid = str(file.uuid)
    holds = Q(body__icontains=uuid) | Q(marked__icontains=uuid)
    return DraftText.objects.filter(holds, draft__workspace=file.workspace, draft__archived_at=None)


def restore_file(*, access: Access, file: StoredFile) -> StoredFile:
    """Restore a deleted file. Idempotent."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is None:
            return locked
        locked.deleted_at = None
        locked.save(update_fields=["deleted_at"])
        drafts_audit.record_document_audit(thing=locked, access=access, action="file.brought_back")
        drafts_audit.record_document_activity(thing=locked, access=access, kind="file_brought_back")
    return locked


# --- upload ---
# Upload to a workspace: validated by content, cleaned, stored under its UUID.


_CHUNK = 256 * 1024


def upload_file(
    *,
    access: Access,
    content: IO[bytes],
    size: int,
    name: str,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    handling: Handling = Handling.WORKSPACE,
    restricted_to: Collection[Organisation] = (),
    named_people: Collection[User] = (),
) -> StoredFile:
    """Validate, clean and store a file; return its record.

    A picture is re-encoded, which removes its location and anything hidden in it. Raises NotAllowed
    without the right to share files, Refused with the reason if the file is empty, too large, of an
    unsupported type, has content that does not match its extension, or has too many pixels.
    """
    require_that(may_create(access))
    check_restriction(access=access, organisations=restricted_to)
    name = plain_name(name)
    _check_size(size)
    kind = detect_file_type(content, name)
    file = StoredFile(
        workspace=access.workspace,
        name=name,
        content_type=kind.media_type,
        alt=alt.strip(),
        caption=caption.strip(),
        credit=credit.strip(),
        handling=handling,
        uploaded_by=access.user,
        organisation=access.organisation,
    )
    kept: File[Any] = File(content)
    if kind.is_picture:
        clean = clean_picture(content, kind.media_type)
        file.width, file.height = clean.width, clean.height
        kept = ContentFile(clean.content)
    file.sha256, file.size = _digest(kept)
    _store_file(file, kept, access, restricted_to, named_people)
    return file


def plain_name(name: str) -> str:
    """Return the file's name without folders, control and direction-changing characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    kept = unicodedata.normalize("NFC", kept).strip().lstrip(".")
    if not kept:
        raise Refused(_("The file has no name. Name it and send it again."))
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:15]}" if dot else kept[:180]


def _check_size(size: int) -> None:
    limit = settings.FILE_UPLOAD_MAX_BYTES
    if size == 0:
        raise Refused(_("The file is empty."))
    if size > limit:
        raise Refused(
            _("The file has %(size)s MB, the limit is %(limit)s MB. Make it smaller, or share parts of it."),
            size=-(-size // 1024**2),
            limit=limit // 1024**2,
        )


def _digest(file: File[Any]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size


def _store_file(
    file: StoredFile,
    content: File[Any],
    access: Access,
    organisations: Collection[Organisation],
    people: Collection[User],
) -> None:
    """Save the bytes first, since files do not roll back: no record refers to a missing file."""
    file.file.save(file.name, content, save=False)
    with undo_on_failure(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if organisations:
            restrict_file_to(file=file, access=access, organisations=organisations)
        set_handling(thing=file, access=access, handling=Handling(file.handling), people=people)
        drafts_audit.record_document_audit(
            thing=file, access=access, action="file.shared", sha256=file.sha256, kind=file.content_type
        )
        drafts_audit.record_document_activity(thing=file, access=access, kind="file_shared")
