"""Cleaning of pictures: only the pixels, their colour profile and their orientation are kept."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from coalition.core.errors import Refused
from documents.files.types import detect_file_type

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
    """Return the picture re-encoded in its own format: no EXIF, location, XMP, comments or trailing
    data.

    The EXIF orientation is applied to the pixels; the colour profile stays. The number of pixels is
    read from the header before decoding. Raises Refused with the reason if there are more than
    IMAGE_MAX_PIXELS, if the picture is animated, or if it is broken.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=[FORMATS[media_type]]) as picture:
            _check_picture(picture)
            return _draw_anew(picture, FORMATS[media_type])
    except _BOMB as error:
        raise _too_many_pixels(_("more than can be counted safely")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise Refused(
            _("The picture cannot be read: it is broken or incomplete. Save it again and send the new file.")
        ) from error


def _check_picture(picture: Image.Image) -> None:
    pixels = picture.width * picture.height
    if pixels > settings.IMAGE_MAX_PIXELS:
        raise _too_many_pixels(f"{pixels:,}".replace(",", " "))
    if getattr(picture, "n_frames", 1) > 1:
        raise Refused(_("Moving pictures are not taken. Send the film as an MP4 file, or one picture of it."))


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


# --- logos ---
# Logo uploaded from outside: validated and re-encoded like every picture, then scaled down.


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
    return _shrink(clean_picture(content, kind.media_type))


def _shrink(clean: CleanPicture) -> CleanPicture:
    out = BytesIO()
    with Image.open(BytesIO(clean.content)) as picture:
        drawn = _eight_bits(picture).convert("RGBA")
    drawn.thumbnail(LOGO_BOX_PX)
    drawn.info.clear()
    drawn.save(out, "PNG", optimize=True)
    return CleanPicture(out.getvalue(), drawn.width, drawn.height)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Convert greys of sixteen bits to eight: Pillow would clip everything lighter than black."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    return picture
