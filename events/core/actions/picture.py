"""The public copy of an event's picture: its pixels only, not larger than a page needs."""

from io import BytesIO
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image

from coalition.core.errors import Refused
from documents.files.images import clean_picture
from documents.models import StoredFile
from events.core.models.event import public_storage

WIDEST = 1600  # pixels of the longer side


def copy_for_everyone(file: StoredFile) -> str:
    """Make the public copy and return its name in the public storage. Call before the transaction.

    Whoever calls deletes it with `discard` if the transaction fails. Raises Refused if the picture is gone.
    """
    return public_storage().save(f"events/{uuid4().hex}.jpg", ContentFile(small_jpeg(file)))


def small_jpeg(file: StoredFile, widest: int = WIDEST) -> bytes:
    """The picture's pixels alone, its longer side at most `widest`. Raises Refused if it is gone."""
    try:
        with file.file.storage.open(str(file.file.name)) as kept:
            return jpeg_of(kept, file.content_type, widest)
    except OSError as error:
        raise Refused(_("The picture cannot be read any more. Choose another one.")) from error


def jpeg_of(content: IO[bytes], media_type: str, widest: int = WIDEST) -> bytes:
    """A picture drawn anew, on white, at most so large. Raises Refused if it is broken or too large."""
    clean = clean_picture(content, media_type)
    with Image.open(BytesIO(clean.content)) as picture:
        profile = picture.info.get("icc_profile")
        drawn = _on_white(picture)
    drawn.thumbnail((widest, widest))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True, icc_profile=profile if drawn.mode == "RGB" else None)
    return out.getvalue()


def discard(name: str) -> None:
    """Delete a public copy; none for ""."""
    if name:
        public_storage().delete(name)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture.copy()
    if "A" not in picture.mode and "transparency" not in picture.info:
        return picture.convert("RGB")
    see_through = picture.convert("RGBA")
    ground = Image.new("RGBA", see_through.size, "white")
    return Image.alpha_composite(ground, see_through).convert("RGB")
