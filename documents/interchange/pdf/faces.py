"""Font faces merged from web font subsets, upright or slanted."""

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

SOURCE: Final = Path(__file__).parents[3] / "node_modules" / "@fontsource-variable" / "onest" / "files"
FAMILY: Final = "Onest"
_PIECES: Final = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "symbols")
_LEAN: Final = 0.21  # of the height: twelve degrees


def build_face(name: str, weight: int, *, leans: bool) -> bytes:
    """Return a whole TrueType file. Raises FileNotFoundError if the web fonts are not installed."""
    with tempfile.TemporaryDirectory() as folder:
        pieces = [_piece(piece, weight, Path(folder)) for piece in _PIECES]
        font = Merger().merge([str(piece) for piece in pieces])
    if leans:
        _slant_outlines(font)
    # Set the names by which a typesetter finds the face: a family, its style and weight.
    table = font["name"]
    table.names = [one for one in table.names if one.nameID in {0, 13, 14}]  # copyright, licence
    plain = name.replace(" ", "")
    for number, text in ((1, FAMILY), (2, name), (4, f"{FAMILY} {name}"), (6, f"{FAMILY}-{plain}")):
        table.setName(text, number, 3, 1, 0x409)
    style = font["OS/2"]
    style.usWeightClass = weight
    style.fsSelection = (0x01 if leans else 0) | (0x20 if weight >= 700 else 0) or 0x40
    font["head"].macStyle = (2 if leans else 0) | (1 if weight >= 700 else 0)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _piece(name: str, weight: int, folder: Path) -> Path:
    """Return one subset at one weight, as a file that can be merged."""
    font = TTFont(SOURCE / f"onest-{name}-wght-normal.woff2")
    font = instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    # Alternates refer to glyphs of other subsets. Kerning and accent positions are preserved.
    for table in ("GSUB", "STAT", "DSIG", "MVAR", "HVAR"):
        if table in font:
            del font[table]
    path = folder / f"{name}.ttf"
    font.save(path)
    return path


def _slant_outlines(font: TTFont) -> None:
    """Slant every outline to the right. Composites are decomposed, or their parts slant twice."""
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
