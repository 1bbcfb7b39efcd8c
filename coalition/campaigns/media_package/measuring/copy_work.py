"""Schedule the making of copies: due work of the kind `COPY`, by the UUID of a file and a format."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.measuring.ffmpeg import DEMUXERS, find_ffmpeg
from coalition.campaigns.media_package.measuring.warnings import MAX_LIGHT_COPY_BYTES, MAX_PREVIEW_BYTES
from coalition.campaigns.media_package.models import Rendition
from coalition.core.clock import now
from coalition.jobs import scheduler

COPY: Final = "media_package.copy"
AUTOMATIC: Final = {Format.LIGHT_COPY: MAX_LIGHT_COPY_BYTES, Format.PREVIEW: MAX_PREVIEW_BYTES}
_COPIED: Final = (Format.MASTER, Format.CLEAN_PICTURE, Format.B_ROLL, Format.BITES)


def key_for(rendition: Rendition, copy_format: Format) -> str:
    return f"{rendition.uuid} {copy_format}"


def read_key(key: str) -> tuple[UUID, Format]:
    """Return the UUID of the file and the format of its copy."""
    uuid, _space, copy_format = key.partition(" ")
    return UUID(uuid), Format(copy_format)


def may_have_copies(rendition: Rendition, measurements: dict[str, Any]) -> bool:
    """Whether copies can be made of the file: a film with a moving picture whose length is known."""
    return (
        rendition.format in _COPIED
        and rendition.file is not None
        and rendition.file.content_type in DEMUXERS
        and bool(measurements.get("has_picture") and measurements.get("seconds"))
        and bool(find_ffmpeg())
    )


def schedule_copies(rendition: Rendition, formats: Iterable[Format]) -> None:
    """Schedule the making of copies in these formats, in the caller's transaction."""
    moment = now()
    scheduler.schedule_all({(COPY, key_for(rendition, one)): moment for one in formats})


def schedule_automatic_copies(rendition: Rendition, measurements: dict[str, Any]) -> None:
    """Schedule the copies that a film gets once it is ready: of a master both, of another film those whose
    limit it exceeds. In the caller's transaction."""
    if may_have_copies(rendition, measurements):
        is_master = rendition.format == Format.MASTER
        formats = [one for one, most in AUTOMATIC.items() if is_master or rendition.size > most]
        schedule_copies(rendition, formats)
