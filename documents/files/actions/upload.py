"""Taking a file into a workspace: checked by its content, cleaned, kept under its UUID."""

import hashlib
import unicodedata
from collections.abc import Collection
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts import audit as trail
from documents.drafts.actions.restrict import check_list, mark, restrict_file_to
from documents.drafts.enums import Handling
from documents.drafts.permissions import may_create, require_that
from documents.files.images import clean_picture
from documents.files.models import StoredFile
from documents.files.types import type_of

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
    with unless_done(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if organisations:
            restrict_file_to(file=file, access=access, organisations=organisations)
        mark(thing=file, access=access, handling=Handling(file.handling), people=people)
        trail.record(
            thing=file, access=access, action="file.shared", sha256=file.sha256, kind=file.content_type
        )
        trail.tell(thing=file, access=access, kind="file_shared")
