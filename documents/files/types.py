"""Accepted file types, detected by content and not by name."""

import zipfile
from dataclasses import dataclass
from typing import IO, Final

import puremagic
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

HEAD_BYTES: Final = 64 * 1024  # bytes read to tell text from binary


@dataclass(frozen=True, slots=True)
class FileType:
    """An accepted file type. `magic`: extensions with these first bytes."""

    media_type: str
    endings: tuple[str, ...]
    magic: tuple[str, ...] = ()
    inside: str = ""  # the ZIP member that identifies this type

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


_WORD: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
FILE_TYPES: Final = (
    FileType("image/jpeg", (".jpg", ".jpeg"), (".jpg", ".jpeg", ".jfif", ".jpe")),
    FileType("image/png", (".png",), (".png",)),
    FileType("image/webp", (".webp",), (".webp",)),
    FileType("image/gif", (".gif",), (".gif",)),
    FileType("image/avif", (".avif",), (".avif",)),
    FileType("application/pdf", (".pdf",), (".pdf",)),
    FileType(f"{_WORD}.wordprocessingml.document", (".docx",), inside="word/document.xml"),
    FileType(f"{_WORD}.spreadsheetml.sheet", (".xlsx",), inside="xl/workbook.xml"),
    FileType(f"{_WORD}.presentationml.presentation", (".pptx",), inside="ppt/presentation.xml"),
    FileType(f"{_OPEN}.text", (".odt",), inside="mimetype"),
    FileType(f"{_OPEN}.spreadsheet", (".ods",), inside="mimetype"),
    FileType(f"{_OPEN}.presentation", (".odp",), inside="mimetype"),
    FileType("video/mp4", (".mp4", ".m4v"), (".mp4", ".m4v", ".mp4v", ".f4v", ".m4a", ".mov")),
    FileType("video/webm", (".webm",), (".webm", ".mkv")),
    FileType("audio/mpeg", (".mp3",), (".mp3", ".mpga")),
    FileType("audio/mp4", (".m4a",), (".m4a", ".mp4", ".m4v")),
    FileType("audio/ogg", (".ogg", ".opus"), (".ogg", ".oga", ".opus", ".ogx", ".spx", ".ogv")),
    FileType("audio/wav", (".wav",), (".wav", ".wave")),
    FileType("text/plain", (".txt",)),
    FileType("text/csv", (".csv",)),
    FileType("text/vtt", (".vtt",)),
    FileType("application/x-subrip", (".srt",)),
)
ENDINGS: Final = tuple(ending for kind in FILE_TYPES for ending in kind.endings)


def detect_file_type(file: IO[bytes], name: str) -> FileType:
    """Return the type on which content and extension agree. Raises Refused with the reason if there
    is none.

    A file of two types at once (a picture or PDF followed by an archive) is refused.
    """
    ending = _ending(name)
    kind = next((one for one in FILE_TYPES if ending in one.endings), None)
    if kind is None:
        raise Refused(
            _("Files that end in “%(ending)s” are not taken. Send one of: %(endings)s."),
            ending=ending or "…",
            endings=", ".join(ENDINGS),
        )
    if not _type_agrees(kind, file):
        raise Refused(
            _(
                "The content of this file is not what its ending “%(ending)s” says. Open it in its program, "
                "save it again, and send the new file."
            ),
            ending=ending,
        )
    return kind


def _ending(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _type_agrees(kind: FileType, file: IO[bytes]) -> bool:
    file.seek(0)
    is_archive = zipfile.is_zipfile(file)
    if kind.inside:
        return is_archive and _archive_matches(kind, file)
    if is_archive:
        return False
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not kind.magic:
        return _is_text(head)
    if kind.media_type == "application/pdf":
        return head.startswith(b"%PDF-")  # readers also accept one that begins with other bytes
    return bool(_endings_for_magic(head) & set(kind.magic))


def _endings_for_magic(head: bytes) -> set[str]:
    """Return the extensions that match the first bytes."""
    try:
        return {match.extension.lower() for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _archive_matches(kind: FileType, file: IO[bytes]) -> bool:
    """Whether the archive contains the member that identifies this type, and no programs."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names) or kind.inside not in names:
                return False
            if kind.inside != "mimetype":
                return "[Content_Types].xml" in names
            return archive.getinfo("mimetype").file_size < 200 and (
                archive.read("mimetype").decode("ascii", "replace").strip() == kind.media_type
            )
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return False


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without control characters and cannot be taken for HTML by a browser."""
    if any(sign in head for sign in (b"\x00", b"\x1b")):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < HEAD_BYTES or error.start < HEAD_BYTES - 4:
            return False
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    return not opening.startswith((b"<", b"%pdf", b"#!"))
