"""Which videos go public: MP4 and WebM by content, not too large; their metadata is removed."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from documents.files.metadata.media import IN_PLACE
from documents.files.metadata.overwrite import NotCleaned, apply
from documents.files.metadata.reasons import reason
from documents.files.types import type_of

LARGEST: Final = 300 * 1024 * 1024  # bytes: half an hour that a phone can still load
LARGEST_REQUEST: Final = LARGEST + 10 * 1024 * 1024  # bytes: with captions, transcripts and the form
ENDINGS: Final = {"video/mp4": ".mp4", "video/webm": ".webm"}


def clean_video(file: Any, name: str) -> str:
    """Overwrite the metadata of an upload in place: where it was taken, people, programs and times.

    `file` is open for reading and writing; it is read from its beginning again afterwards. Returns the media
    type. Raises Refused in words for what is no video, is too large, or cannot be cleaned.
    """
    if file.size > LARGEST:
        raise Refused(
            _("The video has %(size)s MB, the limit is %(limit)s MB. Save it smaller."),
            size=-(-file.size // 1024**2),
            limit=LARGEST // 1024**2,
        )
    kind = type_of(file, name)
    if kind.media_type not in ENDINGS:
        raise Refused(_("Videos are taken as MP4 (.mp4) or WebM (.webm)."))
    try:
        apply(file, IN_PLACE[kind.media_type](file))
    except NotCleaned as error:
        raise Refused(reason(error.code)) from error
    file.seek(0)
    return kind.media_type
