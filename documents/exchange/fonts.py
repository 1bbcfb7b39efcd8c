"""The typeface for PDFs: Onest comes as web fonts in pieces, a typesetter wants whole TrueType files.

Built once at set-up (`python -m documents.exchange.fonts`) into `build/fonts`, or when the first PDF is
made. Onest has no italic: the slanted faces are drawn by leaning the upright ones, as browsers do.
"""

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

from fontTools.merge import Merger
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "node_modules" / "@fontsource-variable" / "onest" / "files"
TARGET: Final = ROOT / "build" / "fonts"
FAMILY: Final = "Onest"
_PIECES: Final = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "symbols")
_FACES: Final = {
    "Regular": (400, False),
    "Bold": (700, False),
    "Italic": (400, True),
    "Bold Italic": (700, True),
}
_LEAN: Final = 0.21  # of the height: twelve degrees


def ensure_fonts() -> Path:
    """The folder of the faces, which are built if they are not there yet.

    Safe to call from several processes: a face appears whole or not at all. Raises FileNotFoundError
    where the web fonts are not installed.
    """
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, (weight, leans) in _FACES.items():
        path = TARGET / f"Onest-{name.replace(' ', '')}.ttf"
        if not path.exists():
            _put(path, _face(name, weight, leans=leans))
    return TARGET


def _put(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _face(name: str, weight: int, *, leans: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        pieces = [_piece(piece, weight, Path(folder)) for piece in _PIECES]
        font = Merger().merge([str(piece) for piece in pieces])
    if leans:
        _lean(font)
    _name(font, name, weight, leans=leans)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _piece(name: str, weight: int, folder: Path) -> Path:
    """One piece at one weight, as a file that can be merged."""
    font = TTFont(SOURCE / f"onest-{name}-wght-normal.woff2")
    font = instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    # Alternates refer to letters of other pieces. Kerning and the places of accents stay.
    for table in ("GSUB", "STAT", "DSIG", "MVAR", "HVAR"):
        if table in font:
            del font[table]
    path = folder / f"{name}.ttf"
    font.save(path)
    return path


def _lean(font: TTFont) -> None:
    """Every outline leant to the right. Composites are taken apart, or their parts would lean twice."""
    glyphs = font.getGlyphSet()
    leant = {}
    for name in font.getGlyphOrder():
        outline = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(outline)
        pen = TTGlyphPen(None)
        outline.replay(TransformPen(pen, (1, 0, _LEAN, 1, 0, 0)))
        leant[name] = pen.glyph()
    for name, glyph in leant.items():
        font["glyf"][name] = glyph
    font["post"].italicAngle = -12.0


def _name(font: TTFont, face: str, weight: int, *, leans: bool) -> None:
    """Names by which a typesetter finds the face: one family, the face's style and weight."""
    table = font["name"]
    table.names = [one for one in table.names if one.nameID in {0, 13, 14}]  # copyright and licence stay
    plain = face.replace(" ", "")
    for number, text in ((1, FAMILY), (2, face), (4, f"{FAMILY} {face}"), (6, f"{FAMILY}-{plain}")):
        table.setName(text, number, 3, 1, 0x409)
    style = font["OS/2"]
    style.usWeightClass = weight
    style.fsSelection = (0x01 if leans else 0) | (0x20 if weight >= 700 else 0) or 0x40
    font["head"].macStyle = (2 if leans else 0) | (1 if weight >= 700 else 0)


if __name__ == "__main__":
    ensure_fonts()
