"""Describing a file, deleting it, and taking the deletion back."""

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
from documents.drafts import audit
from documents.drafts import audit as trail
from documents.drafts.actions.manage import check_list, hold, mark, restrict_file_to
from documents.drafts.enums import Handling
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_create, require_that
from documents.files.images import clean_picture
from documents.files.models import StoredFile
from documents.files.permissions import may_change_file, may_mark_file, may_open_file
from documents.files.types import type_of


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
    """Change what is said of a file, and its mark. Texts that show it keep the words they were saved with.

    Nothing is written where nothing changes. Raises NotAllowed without the rights, Refused for a mark that
    shuts the person out.
    """
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        words = {"alt": alt.strip(), "caption": caption.strip(), "credit": credit.strip()}
        changed = [name for name, value in words.items() if value != getattr(locked, name)]
        marked = locked.handling != handling
        readers_changed = _mark(access, locked, Handling(handling), named_people)
        if not changed and not marked and not readers_changed:
            return locked
        for name in changed:
            setattr(locked, name, words[name])
        locked.save(update_fields=changed)
        audit.record(thing=locked, access=access, action="file.described", handling=handling)
        if changed:
            audit.tell(thing=locked, access=access, kind="file_described")
        if marked:
            audit.tell(thing=locked, access=access, kind="file_marked", handling=handling)
    return locked


def _mark(access: Access, file: StoredFile, handling: Handling, people: Collection[User] | None) -> bool:
    require_that(
        may_mark_file(access, file, handling),
        _("Coordinators, and who brought this file, say who reads it and let it travel further."),
    )
    if people is not None and handling == Handling.NAMED_PEOPLE:
        require_that(may_open_file(access, file))
    changed = mark(thing=file, access=access, handling=handling, people=people)
    if changed:
        hold(file)
    return changed


def delete_file(*, access: Access, file: StoredFile) -> StoredFile:
    """Take a file away from everyone; `take_back_deletion` undoes it. Raises Refused if a text shows it."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is not None:
            return locked
        if _texts_with(locked).exists():
            raise Refused(
                _("A draft shows this picture. Take it out of the text first, then delete the file.")
            )
        locked.deleted_at = now()
        locked.save(update_fields=["deleted_at"])
        audit.record(thing=locked, access=access, action="file.deleted")
        audit.tell(thing=locked, access=access, kind="file_deleted")
    return locked


def _texts_with(file: StoredFile) -> QuerySet[DraftText]:
    """Texts that show the file, as they stand or with what is suggested."""
    uuid = str(file.uuid)
    holds = Q(body__icontains=uuid) | Q(marked__icontains=uuid)
    return DraftText.objects.filter(holds, draft__workspace=file.workspace, draft__archived_at=None)


def take_back_deletion(*, access: Access, file: StoredFile) -> StoredFile:
    """Bring a deleted file back. Doing it twice is one."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is None:
            return locked
        locked.deleted_at = None
        locked.save(update_fields=["deleted_at"])
        audit.record(thing=locked, access=access, action="file.brought_back")
        audit.tell(thing=locked, access=access, kind="file_brought_back")
    return locked


# --- upload ---
# Taking a file into a workspace: checked by its content, cleaned, kept under its UUID.


_CHUNK = 256 * 1024


def upload(
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
    """Check, clean and keep a file; returns its record.

    A picture is drawn anew, so that neither the place where it was taken nor anything hidden in it
    stays. Raises NotAllowed without the right to share files, Refused in words if the file is empty,
    too large, not of a kind that is taken, not what its ending says, or has too many pixels.
    """
    require_that(may_create(access))
    check_list(access=access, organisations=restricted_to)
    name = plain_name(name)
    _check_size(size)
    kind = type_of(content, name)
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
    _keep(file, kept, access, restricted_to, named_people)
    return file


def plain_name(name: str) -> str:
    """The file's own name without folders, control characters and signs that turn the reading direction."""
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


def _keep(
    file: StoredFile,
    content: File[Any],
    access: Access,
    organisations: Collection[Organisation],
    people: Collection[User],
) -> None:
    """Bytes first, since files do not roll back: a record never points to nothing."""
    file.file.save(file.name, content, save=False)
    with undo_on_failure(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if organisations:
            restrict_file_to(file=file, access=access, organisations=organisations)
        mark(thing=file, access=access, handling=Handling(file.handling), people=people)
        trail.record(
            thing=file, access=access, action="file.shared", sha256=file.sha256, kind=file.content_type
        )
        trail.tell(thing=file, access=access, kind="file_shared")
