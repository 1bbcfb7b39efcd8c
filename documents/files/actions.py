"""Files of a workspace: upload, describe, delete, undo a deletion."""

import unicodedata
from collections.abc import Callable, Collection
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.workspaces.permissions import Access
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.manage import apply_reader_change, check_restriction, set_handling
from documents.drafts.models import DraftText, Handling
from documents.drafts.permissions import may_create, require_that
from documents.files.captions import check_timed_text
from documents.files.models import StoredFile
from documents.files.public_copy import clean_picture, digest_of
from documents.files.queries import may_change_file, may_mark_file, may_open_file
from documents.files.types import detect_file_type
from documents.hooks import HOOKS


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
    """Change a file's descriptions and its mark. Texts that display it keep the words saved with them.

    Nothing is written if nothing changes. Raises NotAllowed without the rights, Refused for a mark
    that excludes the person.
    """
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        words = {"alt": alt.strip(), "caption": caption.strip(), "credit": credit.strip()}
        changed = [name for name, value in words.items() if value != getattr(locked, name)]
        is_marked, handling = locked.handling != handling, Handling(handling)
        require_that(
            may_mark_file(access, locked, handling),
            _("Coordinators, and who brought this file, say who reads it and let it travel further."),
        )
        if named_people is not None and handling == Handling.NAMED_PEOPLE:
            require_that(may_open_file(access, locked))
        readers_changed = set_handling(thing=locked, access=access, handling=handling, people=named_people)
        if readers_changed:
            apply_reader_change(locked)
        if not changed and not is_marked and not readers_changed:
            return locked
        for name in changed:
            setattr(locked, name, words[name])
        locked.save(update_fields=changed)
        drafts_audit.record_document_audit(
            thing=locked, access=access, action="file.described", handling=handling
        )
        if changed:
            drafts_audit.record_document_activity(thing=locked, access=access, kind="file_described")
        if is_marked:
            drafts_audit.record_document_activity(
                thing=locked, access=access, kind="file_marked", handling=handling
            )
    return locked


def delete_file(*, access: Access, file: StoredFile) -> StoredFile:
    """Delete a file for everyone; `restore_file` undoes it. Raises Refused if a text or something else has
    it (`Hooks.file_guards`)."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is not None:
            return locked
        # Texts that contain the file, in the current words or in a suggestion.
        uuid = str(locked.uuid)
        texts = DraftText.objects.filter(draft__workspace=locked.workspace, draft__archived_at=None)
        if texts.filter(Q(body__icontains=uuid) | Q(marked__icontains=uuid)).exists():
            raise Refused(
                _("A draft shows this picture. Take it out of the text first, then delete the file.")
            )
        for guard in HOOKS.file_guards:
            guard(locked)
        locked.deleted_at = now()
        locked.save(update_fields=["deleted_at"])
        drafts_audit.record_document_audit(thing=locked, access=access, action="file.deleted")
        drafts_audit.record_document_activity(thing=locked, access=access, kind="file_deleted")
    return locked


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
    then: Callable[[StoredFile], None] | None = None,
) -> StoredFile:
    """Validate, clean and store a file; return its record.

    A picture is re-encoded, which removes its location and anything hidden in it. `then(file)` is called in
    the transaction that writes the record: if it raises, nothing is stored. Raises NotAllowed
    without the right to share files, Refused with the reason if the file is empty, too large, of an
    unsupported type, has content that does not match its extension, or has too many pixels.
    """
    require_that(may_create(access))
    check_restriction(access=access, organisations=restricted_to)
    name = plain_name(name)
    limit = settings.FILE_UPLOAD_MAX_BYTES
    if size == 0:
        raise Refused(_("The file is empty."))
    if size > limit:
        raise too_large(size, limit)
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
    stored: File[Any] = File(content)
    if kind.is_picture:
        clean = clean_picture(content, kind.media_type)
        file.width, file.height = clean.width, clean.height
        stored = ContentFile(clean.content)
    file.sha256, file.size = digest_of(stored)
    _store_file(file, stored, access, restricted_to, named_people, then=then)
    return file


def store_assembled_file(
    *, access: Access, content: IO[bytes], size: int, name: str, then: Callable[[StoredFile], None]
) -> StoredFile:
    """Store a file that arrived in pieces, of any size, for the workspace; return its record.

    `content`, of `size` bytes, is read in chunks, several times. `then(file)` is called in the transaction
    that writes the record: if it raises, nothing is stored. Raises NotAllowed and Refused as `upload_file`,
    but only pictures are limited in size, since they are re-encoded in memory; Refused for captions with
    markup that could be run.
    """
    require_that(may_create(access))
    name = plain_name(name)
    kind = detect_file_type(content, name)
    check_timed_text(content, kind.media_type)
    file = StoredFile(
        workspace=access.workspace,
        name=name,
        content_type=kind.media_type,
        handling=Handling.WORKSPACE,
        uploaded_by=access.user,
        organisation=access.organisation,
    )
    stored: File[Any] = File(content)
    if kind.is_picture:
        if size > settings.FILE_UPLOAD_MAX_BYTES:
            raise too_large(size, settings.FILE_UPLOAD_MAX_BYTES)
        clean = clean_picture(content, kind.media_type)
        file.width, file.height = clean.width, clean.height
        stored = ContentFile(clean.content)
    file.sha256, file.size = digest_of(stored)
    _store_file(file, stored, access, (), (), then=then)
    return file


def too_large(size: int, limit: int) -> Refused:
    """Return the refusal of a file of `size` bytes; `limit`: the most it may have."""
    return Refused(
        _("The file has %(size)s MB, the limit is %(limit)s MB. Make it smaller, or share parts of it."),
        size=-(-size // 1024**2),
        limit=limit // 1024**2,
    )


def plain_name(name: str) -> str:
    """Return the file's name without folders, control and direction-changing characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in hidden)
    plain = unicodedata.normalize("NFC", visible).strip().lstrip(".")
    if not plain:
        raise Refused(_("The file has no name. Name it and send it again."))
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:15]}" if dot else plain[:180]


def _store_file(
    file: StoredFile,
    content: File[Any],
    access: Access,
    organisations: Collection[Organisation],
    people: Collection[User],
    *,
    then: Callable[[StoredFile], None] | None = None,
) -> None:
    """Save the bytes first, since files do not roll back: no record refers to a missing file. `then`: called
    last in the transaction."""
    file.file.save(file.name, content, save=False)
    with undo_on_failure(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if organisations:
            check_restriction(access=access, organisations=organisations)
            file.restricted = bool(organisations)
            file.save(update_fields=["restricted"])
            file.restricted_to.set(organisations)
        set_handling(thing=file, access=access, handling=Handling(file.handling), people=people)
        drafts_audit.record_document_audit(
            thing=file, access=access, action="file.shared", sha256=file.sha256, kind=file.content_type
        )
        drafts_audit.record_document_activity(thing=file, access=access, kind="file_shared")
        if then is not None:
            then(file)
