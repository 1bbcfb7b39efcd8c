"""A logo that somebody from outside sends: checked and drawn anew as every picture is, then made small."""

from io import BytesIO
from typing import IO, Final

from django.utils.translation import gettext_lazy as _
from PIL import Image

from coalition.core.errors import Refused
from documents.files.images import CleanPicture, clean_picture
from documents.files.types import type_of

KINDS: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp")
MOST_BYTES: Final = 2 * 1024**2
BOX: Final = (480, 240)  # pixels: twice of what is shown


def logo_of(content: IO[bytes], *, size: int, name: str) -> CleanPicture:
    """The logo as a PNG of at most `BOX` pixels.

    Raises Refused in words for what is no picture of these kinds, is too large, moves or is broken.
    """
    if not name.lower().endswith(ENDINGS):
        raise Refused(_("A logo is a picture: send a PNG, JPEG or WebP file."))
    if size > MOST_BYTES:
        raise Refused(_("A logo has at most %(limit)d MB. Make it smaller."), limit=MOST_BYTES // 1024**2)
    kind = type_of(content, name)
    if kind.media_type not in KINDS:
        raise Refused(_("A logo is a picture: send a PNG, JPEG or WebP file."))
    return _small(clean_picture(content, kind.media_type))


def _small(clean: CleanPicture) -> CleanPicture:
    out = BytesIO()
    with Image.open(BytesIO(clean.content)) as picture:
        drawn = _eight_bits(picture).convert("RGBA")
    drawn.thumbnail(BOX)
    drawn.info.clear()
    drawn.save(out, "PNG", optimize=True)
    return CleanPicture(out.getvalue(), drawn.width, drawn.height)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of sixteen bits as eight: Pillow would cut off all that is lighter than black."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    return picture
