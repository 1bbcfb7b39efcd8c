"""Posters and infographics as files: pages for print as PDF, pictures for screens as PNG."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import segno
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.drawn_once import drawn_once
from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.posters.content import PosterContent, language_name
from coalition.core.errors import Refused

_FOLDER: Final = Path(__file__).parent
_PARTS: Final = "parts.typ"  # read by both templates
_TOO_LONG: Final = "the words are too long"  # as the templates say it
_PREVIEW_PIXELS_AN_INCH: Final = 60  # of pages for print: A4 is 496 × 702
_POINTS_A_MILLIMETRE: Final = 72 / 25.4


@dataclass(frozen=True)
class PageSize:
    """A page. `width`, `height`: in points, which are pixels in a picture; `unit`: size of letters and edges,
    1 on a page 1080 wide; `safe`: points at top and bottom that stay free of words."""

    width: float
    height: float
    unit: float
    safe: float = 0
    for_print: bool = False

    @property
    def kind(self) -> Literal["pdf", "png"]:
        return "pdf" if self.for_print else "png"


def _paper(width: int, height: int, unit: float) -> PageSize:
    """A page for print. `width`, `height`: in millimetres."""
    return PageSize(width * _POINTS_A_MILLIMETRE, height * _POINTS_A_MILLIMETRE, unit, for_print=True)


SIZES: Final[Mapping[Format, PageSize]] = {
    Format.A3: _paper(297, 420, 0.78),
    Format.A4: _paper(210, 297, 0.55),
    Format.WIDE: PageSize(1920, 1080, 1),
    Format.PORTRAIT: PageSize(1080, 1350, 1),
    Format.SQUARE: PageSize(1080, 1080, 0.9),
    Format.STORY: PageSize(1080, 1920, 1, safe=250),
    Format.WEB: PageSize(1200, 675, 0.68),
}


@dataclass(frozen=True)
class DrawnFile:
    """A file as it is stored. `ending`: with its dot."""

    content: bytes
    content_type: str
    ending: str


def draw_poster(content: PosterContent, rendition_format: Format) -> DrawnFile:
    """Return the poster in a format. Raises Refused, naming the language, if the words do not fit."""
    size = SIZES[rendition_format]
    drawn = _draw(content, rendition_format, size.kind)
    if size.for_print:
        return DrawnFile(drawn, "application/pdf", ".pdf")
    return DrawnFile(drawn, "image/png", ".png")


def preview_poster(content: PosterContent, rendition_format: Format) -> bytes:
    """Return the poster as PNG, pages for print in low resolution. Each machine draws each content once.

    Raises as `draw_poster`.
    """
    size = SIZES[rendition_format]
    named = {
        "what": f"{content.template} {rendition_format}",
        "content": json.dumps(_data(content, size), sort_keys=True),
    }
    pixels = _PREVIEW_PIXELS_AN_INCH if size.for_print else 72
    return drawn_once(named, lambda: _draw(content, rendition_format, "png", pixels))


def _draw(
    content: PosterContent, rendition_format: Format, kind: Literal["pdf", "png"], pixels: int = 72
) -> bytes:
    from typst import TypstError  # the typesetter is large, and few ask for what it draws

    size = SIZES[rendition_format]
    files = {"code.svg": _code_svg(content.address), _PARTS: (_FOLDER / _PARTS).read_bytes()}
    try:
        return draw_template(
            _FOLDER / f"{content.template}.typ",
            _data(content, size),
            format=kind,
            pictures=files,
            pixels_an_inch=pixels,
        )
    except TypstError as fault:
        if _TOO_LONG not in str(fault):
            raise
        raise Refused(
            _(
                "The text in %(language)s is too long for “%(format)s”. Shorten its title, its lead, the "
                "figure or the credit."
            ),
            language=language_name(content.language),
            format=rendition_format.label,
        ) from fault


def _code_svg(address: str) -> bytes:
    """Return the QR code of an address as SVG, without a border."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0)
    return out.getvalue()


def _data(content: PosterContent, size: PageSize) -> dict[str, Any]:
    return content.data() | {
        "width": round(size.width, 2),
        "height": round(size.height, 2),
        "unit": size.unit,
        "safe": size.safe,
    }
