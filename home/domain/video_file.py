"""Which videos go public: MP4 and WebM by content, not too large, that do not say where they were taken."""

from collections.abc import Iterator
from typing import IO, Any, Final

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from documents.files.types import type_of

LARGEST: Final = 300 * 1024 * 1024  # bytes: half an hour that a phone can still load
LARGEST_REQUEST: Final = LARGEST + 10 * 1024 * 1024  # bytes: with captions, transcripts and the form
ENDINGS: Final = {"video/mp4": ".mp4", "video/webm": ".webm"}
_HEAD: Final = 8
_READ: Final = 32 * 1024 * 1024  # bytes of one box that are looked at; words about a film are far smaller
# Where phones write the place: QuickTime's and 3GPP's boxes, Apple's keys, XMP. ISO/IEC 14496-12, TS 26.244.
_PLACES: Final = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location", b"GPSLatitude")


def check_video(file: Any, name: str) -> str:
    """The media type. Raises Refused in words; the file is read from its beginning again afterwards."""
    if file.size > LARGEST:
        raise Refused(
            _("The video has %(size)s MB, the limit is %(limit)s MB. Save it smaller."),
            size=-(-file.size // 1024**2),
            limit=LARGEST // 1024**2,
        )
    kind = type_of(file, name)
    if kind.media_type not in ENDINGS:
        raise Refused(_("Videos are taken as MP4 (.mp4) or WebM (.webm)."))
    if kind.media_type == "video/mp4" and any(_says_place(file, start, size) for start, size in _boxes(file)):
        raise Refused(
            _("This video says where it was taken. Save it anew without the place, then send the new file.")
        )
    file.seek(0)
    return kind.media_type


def _boxes(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Beginning and size of the outermost boxes of an MP4 that hold no picture and no sound."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(2 * _HEAD)
        if len(head) < _HEAD:
            return
        size, kind = int.from_bytes(head[:4]), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16])
        if kind != b"mdat":
            yield at, size or _READ
        if size < _HEAD:  # the last box, or a broken one
            return
        at += size


def _says_place(file: IO[bytes], start: int, size: int) -> bool:
    file.seek(start)
    content = file.read(min(size, _READ))
    return any(mark in content for mark in _PLACES)
