"""Pictures for files: in a widely supported format, and not larger than a page displays."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from PIL import Image, UnidentifiedImageError

_MOST: Final = 1800  # pixels on the longer side: a page's width at 280 dpi
_PAGE: Final = 960  # pixels that fill the width of the text at 150 dpi
_LEAST: Final = 25  # percent


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture for a file. `width`: the share of the text's width, as “80%”."""

    content: bytes
    media_type: str
    width: str

    @property
    def ending(self) -> str:
        return {"image/jpeg": "jpg", "image/png": "png"}[self.media_type]


def draw_for_file(file: IO[bytes]) -> DrawnPicture | None:
    """Return the picture converted for a file, or None if it cannot be read."""
    try:
        with Image.open(file) as picture:
            share = min(100, max(_LEAST, round(picture.width * 100 / _PAGE)))
            picture.thumbnail((_MOST, _MOST))
            see_through = picture.has_transparency_data
            out = BytesIO()
            if see_through:
                picture.convert("RGBA").save(out, "PNG")
            else:
                picture.convert("RGB").save(out, "JPEG", quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    return DrawnPicture(out.getvalue(), "image/png" if see_through else "image/jpeg", f"{share}%")
