"""Public copies of files, and pictures.

Members download the file as it was uploaded. Everyone else gets a copy without metadata, stored
beside the original with its own checksum. It is made by a member's action or a job, never by a
request from outside: cleaning takes up to a minute of CPU time.
"""

import hashlib
import logging
import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Final

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from coalition.core.errors import Refused, undo_on_failure
from coalition.sandbox.run import SandboxFailed, run_sandboxed
from coalition.workspaces.permissions import Access
from documents.drafts.models import Handling
from documents.files.metadata import worker
from documents.files.metadata.media import IN_PLACE
from documents.files.metadata.sound import NotCleaned, apply_overwrites
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.models import StoredFile
from documents.files.types import detect_file_type

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
    """Whether a copy without metadata is served instead: not for pictures, which are re-encoded on upload,
    nor for plain text, which has none."""
    is_text = file.content_type.startswith("text/") or file.content_type.endswith("subrip")
    return not (file.is_picture or is_text)


def is_limited(file: StoredFile) -> bool:
    """Whether only some people of the workspace may read the file, so that it must not be public."""
    return file.restricted or Handling(file.handling).names_readers


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


def may_be_public(file: StoredFile | None) -> bool:
    """Whether everybody can read the file, where it is used in public: not once it is deleted, or only some
    people may read it."""
    return file is not None and file.deleted_at is None and not is_limited(file) and has_public_bytes(file)


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
    """Make the public bytes if missing. Call outside a transaction, and not in a request from outside.

    Raises Refused with the reason if the metadata cannot be removed because of the file; the reason is
    stored. Raises CleaningFailed, and stores nothing, if the process timed out, was killed or crashed.
    """
    if is_cleaned(file) and not file.clean_sha256 and not file.not_cleaned:
        try:
            with file.file.open("rb") as source, tempfile.TemporaryFile() as target:
                _clean(source, target, file.content_type)
                # Save the bytes first, since files do not roll back. If another request was
                # faster, its copy stays.
                sha256, size = digest_of(target)
                copy: File[Any] = File(target)
                storage = file.clean_file.storage
                name = storage.save(StoredFile.clean_file.field.generate_filename(file, file.name), copy)
                with undo_on_failure(lambda: storage.delete(name)), transaction.atomic():
                    locked = StoredFile.objects.select_for_update().get(pk=file.pk)
                    if locked.clean_sha256:
                        transaction.on_commit(lambda: storage.delete(name))
                    else:
                        locked.clean_file.name, locked.clean_sha256 = name, sha256
                        locked.clean_size = size
                        locked.save(update_fields=["clean_file", "clean_sha256", "clean_size"])
                for field in ("clean_sha256", "clean_size"):
                    setattr(file, field, getattr(locked, field))
                file.clean_file.name = locked.clean_file.name
        except NotCleaned as error:
            file.not_cleaned = error.code
            StoredFile.objects.filter(pk=file.pk).update(not_cleaned=error.code)
    if file.not_cleaned:
        raise Refused(not_cleaned_reason(file.not_cleaned))


def require_usable(access: Access, file: StoredFile) -> None:
    """Raise Refused for a file of another workspace, and for a deleted one."""
    if file.workspace_id != access.workspace.pk or file.deleted_at is not None:
        raise Refused(_("This file cannot be used here. Choose another one."))


def prepare_public_copy(access: Access, file: StoredFile | None) -> None:
    """Make the copy of a chosen file that everybody may read, as `make_public_copy` does.

    Raises Refused for a file that cannot be used here, one that only some people may read, and one that
    cannot be cleaned.
    """
    if file is None:
        return
    require_usable(access, file)
    if is_limited(file):
        raise Refused(_("Only some people may read this file, and here everybody could. Choose another one."))
    make_public_copy(file)


def digest_of(file: IO[Any] | File[Any]) -> tuple[str, int]:
    """Return the SHA-256 and the size in bytes of a file, which is then at its start."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size


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

    Raises NotCleaned with the reason if the file is the cause, CleaningFailed for every other failure.
    """
    command = [sys.executable, "-m", worker.__name__, kind]
    limits = {"seconds": CLEANING_TIMEOUT_SECONDS, "memory": CLEANING_MEMORY_BYTES}
    try:
        answer = run_sandboxed(command, content, **limits)
    except SandboxFailed as error:
        logger.warning("cleaning a file failed: %s", error.said)
        raise CleaningFailed from error
    outcome, _line, clean = answer.partition(b"\n")
    if outcome != worker.CLEAN:
        raise NotCleaned(outcome.decode())
    return clean


FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
}
_QUALITY: Final[dict[str, dict[str, object]]] = {
    "JPEG": {"quality": 92, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 92},
    "GIF": {},
    "AVIF": {"quality": 85},
}
_MODES: Final = {"JPEG": ("RGB", "L", "CMYK"), "GIF": ("P", "L")}
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A re-encoded picture: its bytes and its size in pixels, upright."""

    content: bytes
    width: int
    height: int


def clean_picture(file: IO[bytes], media_type: str) -> CleanPicture:
    """Return the picture re-encoded in its own format: no EXIF, location, XMP, comments or trailing data.

    The EXIF orientation is applied to the pixels; the colour profile stays. The number of pixels is read from
    the header before decoding. Raises Refused with the reason if there are more than IMAGE_MAX_PIXELS, if the
    picture is animated, if it is broken or no picture at all.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=[FORMATS[media_type]]) as picture:
            pixels = picture.width * picture.height
            if pixels > settings.IMAGE_MAX_PIXELS:
                raise _too_many_pixels(f"{pixels:,}".replace(",", " "))
            if getattr(picture, "n_frames", 1) > 1:
                raise Refused(
                    _("Moving pictures are not taken. Send the film as an MP4 file, or one picture of it.")
                )
            return _draw_anew(picture, FORMATS[media_type])
    except _BOMB as error:
        raise _too_many_pixels(_("more than can be counted safely")) from error
    except (KeyError, OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise Refused(
            _("The picture cannot be read: it is broken or incomplete. Save it again and send the new file.")
        ) from error


def _too_many_pixels(pixels: object) -> Refused:
    return Refused(
        _("The picture has too many pixels (%(pixels)s; the limit is %(limit)d million). Make it smaller."),
        pixels=pixels,
        limit=settings.IMAGE_MAX_PIXELS // 1_000_000,
    )


def _draw_anew(picture: Image.Image, form: str) -> CleanPicture:
    upright = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    clean = _in_mode(upright, form)
    clean.info.clear()  # Pillow would write XMP and comments found here
    out = BytesIO()
    keep = {"icc_profile": profile} if profile and clean.mode == picture.mode and form != "GIF" else {}
    clean.save(out, form, **_QUALITY[form], **keep)
    return CleanPicture(out.getvalue(), clean.width, clean.height)


def _in_mode(picture: Image.Image, form: str) -> Image.Image:
    """Return the pixels in a mode that the format supports, with their transparency."""
    see_through = "transparency" in picture.info
    if form in _MODES and picture.mode in _MODES[form] and not see_through:
        return picture.copy()
    if form == "JPEG":
        return picture.convert("RGB")
    if form == "GIF":
        return picture.convert("RGBA").quantize(255) if see_through else picture.convert("P")
    if picture.mode in {"RGB", "RGBA"} and not see_through:
        return picture.copy()
    if form == "PNG" and picture.mode in {"L", "LA", "1", "I;16"} and not see_through:
        return picture.copy()
    return picture.convert("RGBA" if see_through or "A" in picture.mode else "RGB")


LOGO_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
LOGO_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp")
MAX_LOGO_BYTES: Final = 2 * 1024**2
LOGO_BOX_PX: Final = (480, 240)  # pixels: twice the displayed size


def make_logo(content: IO[bytes], *, size: int, name: str) -> CleanPicture:
    """Return the logo as a PNG of at most `BOX` pixels.

    Raises Refused with the reason for an unsupported, too large, animated or broken picture.
    """
    if not name.lower().endswith(LOGO_ENDINGS):
        raise Refused(_("A logo is a picture: send a PNG, JPEG or WebP file."))
    if size > MAX_LOGO_BYTES:
        raise Refused(_("A logo has at most %(limit)d MB. Make it smaller."), limit=MAX_LOGO_BYTES // 1024**2)
    kind = detect_file_type(content, name)
    if kind.media_type not in LOGO_TYPES:
        raise Refused(_("A logo is a picture: send a PNG, JPEG or WebP file."))
    out = BytesIO()
    with Image.open(BytesIO(clean_picture(content, kind.media_type).content)) as picture:
        drawn: Image.Image = picture.copy()
        if picture.mode.startswith("I"):
            # Greys of sixteen bits become eight: Pillow would clip everything lighter than black.
            drawn = picture.convert("I").point(lambda grey: grey / 256).convert("L")
    drawn = drawn.convert("RGBA")
    drawn.thumbnail(LOGO_BOX_PX)
    drawn.info.clear()
    drawn.save(out, "PNG", optimize=True)
    return CleanPicture(out.getvalue(), drawn.width, drawn.height)
