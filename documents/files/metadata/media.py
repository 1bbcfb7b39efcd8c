"""Cleaning of audio and video by type."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Final

from documents.files.metadata.matroska import find_matroska_metadata
from documents.files.metadata.mp4 import find_mp4_metadata
from documents.files.metadata.overwrite import NotCleaned, Overwrite, apply_overwrites
from documents.files.metadata.sound import clean_mp3, clean_ogg, clean_wav

type Find = Callable[[IO[bytes]], list[Overwrite]]

# Overwritten in place, whatever their size.
IN_PLACE: Final[dict[str, Find]] = {
    "video/mp4": find_mp4_metadata,
    "audio/mp4": find_mp4_metadata,
    "video/webm": find_matroska_metadata,
}
_ENDINGS: Final[dict[str, Find]] = {
    **dict.fromkeys(("mp4", "m4v", "m4a", "mov"), find_mp4_metadata),
    "webm": find_matroska_metadata,
}
_ANEW: Final = {"mp3": clean_mp3, "wav": clean_wav, "ogg": clean_ogg}


def clean_media(content: bytes, ending: str) -> bytes:
    """Return audio or video without metadata, by the extension of its name."""
    if ending in _ANEW:
        return _ANEW[ending](content)
    if ending not in _ENDINGS:
        raise NotCleaned("embedded")
    file = BytesIO(content)
    apply_overwrites(file, _ENDINGS[ending](file))
    return file.getvalue()
