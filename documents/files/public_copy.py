"""Public copy of a file, served to people outside.

Members download the file as it was uploaded. Everyone else gets a copy without metadata, stored
beside the original with its own checksum. It is made by a member's action or a job, never by a
request from outside: cleaning takes up to a minute of CPU time.
"""

import hashlib
import logging
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, Any, Final

from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.sandbox.run import SandboxFailed, run_sandboxed
from documents.files.metadata import worker
from documents.files.metadata.media import IN_PLACE
from documents.files.metadata.overwrite import NotCleaned, apply_overwrites
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.models import StoredFile

CLEANING_TIMEOUT_SECONDS: Final = 60  # of CPU time; 25 MB take some ten
CLEANING_MEMORY_BYTES: Final = 2 * 1024**3
_CHUNK: Final = 256 * 1024
_SANDBOX_KINDS: Final = {
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """Bytes in the storage, with their size and SHA-256."""

    file: FieldFile
    size: int  # bytes
    sha256: str


def original_of(file: StoredFile) -> StoredBytes:
    return StoredBytes(file.file, file.size, file.sha256)


def is_cleaned(file: StoredFile) -> bool:
    """Whether a copy without metadata is served instead: not for pictures, which are re-encoded on
    upload, nor for plain text, which has none."""
    return not (
        file.is_picture or file.content_type.startswith("text/") or file.content_type.endswith("subrip")
    )


def public_size(file: StoredFile) -> int:
    """Return the size of the public bytes; of the original while there is no copy."""
    return file.clean_size or file.size


class CopyMissing(Refused):
    """The copy without metadata has not been made yet."""

    def __init__(self) -> None:
        super().__init__(_("This file is being prepared. Look again in a few minutes."))


class CleaningFailed(Refused):
    """The cleaning process ended too early; a retry may succeed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Removing the metadata of the file took too long, or was interrupted. Try again; "
                "if that does not help, make the file smaller and send the new one."
            )
        )


def has_public_bytes(file: StoredFile) -> bool:
    """Whether there are public bytes now."""
    return not is_cleaned(file) or (bool(file.clean_sha256) and not file.not_cleaned)


def public_bytes(file: StoredFile) -> StoredBytes:
    """Return the public bytes. Raises CopyMissing if the copy has not been made, Refused with the
    reason if the metadata cannot be removed."""
    if not is_cleaned(file):
        return original_of(file)
    if file.not_cleaned:
        raise Refused(not_cleaned_reason(file.not_cleaned))
    if not file.clean_sha256:
        raise CopyMissing
    return StoredBytes(file.clean_file, file.clean_size, file.clean_sha256)


def make_public_copy(file: StoredFile) -> None:
    """Make the public bytes if missing. Call outside a transaction, and not in a request from
    outside.

    Raises Refused with the reason if the metadata cannot be removed because of the file; the reason
    is stored. Raises CleaningFailed, and stores nothing, if the process timed out, was killed or
    crashed.
    """
    if is_cleaned(file) and not file.clean_sha256 and not file.not_cleaned:
        _make_copy(file)
    if file.not_cleaned:
        raise Refused(not_cleaned_reason(file.not_cleaned))


def _make_copy(file: StoredFile) -> None:
    try:
        with file.file.open("rb") as source, tempfile.TemporaryFile() as target:
            _clean(source, target, file.content_type)
            _store_public_copy(file, target)
    except NotCleaned as error:
        file.not_cleaned = error.code
        StoredFile.objects.filter(pk=file.pk).update(not_cleaned=error.code)


def _clean(source: IO[bytes], target: IO[bytes], content_type: str) -> None:
    """Write the file without metadata. Raises NotCleaned and CleaningFailed."""
    if find := IN_PLACE.get(content_type):
        while chunk := source.read(_CHUNK):
            target.write(chunk)
        apply_overwrites(target, find(target))
    else:
        target.write(clean_in_sandbox(source.read(), _SANDBOX_KINDS.get(content_type, "office")))


def clean_in_sandbox(content: bytes, kind: str) -> bytes:
    """Clean a file in a sandboxed process: it is untrusted, and programs that parse it may fail.

    Raises NotCleaned with the reason if the file is the cause, CleaningFailed for every other
    failure.
    """
    command = [sys.executable, "-m", worker.__name__, kind]
    try:
        answer = run_sandboxed(
            command, content, seconds=CLEANING_TIMEOUT_SECONDS, memory=CLEANING_MEMORY_BYTES
        )
    except SandboxFailed as error:
        logger.warning("cleaning a file failed: %s", error.said)
        raise CleaningFailed from error
    outcome, _line, clean = answer.partition(b"\n")
    if outcome != worker.CLEAN:
        raise NotCleaned(outcome.decode())
    return clean


def _store_public_copy(file: StoredFile, content: IO[bytes]) -> None:
    """Save the bytes first, since files do not roll back.
    If another request was faster, its copy stays."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    copy: File[Any] = File(content)
    storage = file.clean_file.storage
    name = storage.save(StoredFile.clean_file.field.generate_filename(file, file.name), copy)
    with undo_on_failure(lambda: storage.delete(name)), transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        if locked.clean_sha256:
            transaction.on_commit(lambda: storage.delete(name))
        else:
            locked.clean_file.name, locked.clean_sha256 = name, digest.hexdigest()
            locked.clean_size = size
            locked.save(update_fields=["clean_file", "clean_sha256", "clean_size"])
    for field in ("clean_sha256", "clean_size"):
        setattr(file, field, getattr(locked, field))
    file.clean_file.name = locked.clean_file.name
