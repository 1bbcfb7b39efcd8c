"""The typeface for PDFs: Onest's web font subsets merged into whole TrueType files.

Built once at set-up (`python -m documents.interchange.pdf.pages`) into `build/fonts`, or when the
first PDF is made. Onest has no italic: slanted faces are derived from the upright ones, as in
browsers.
"""

import base64
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from fontTools.merge import Merger
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from coalition.sandbox.run import run_sandboxed
from documents.canonical.form import JsonValue
from documents.interchange.file_properties import FileProperties
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.suggest.new_rows import TreeTarget
from documents.interchange.suggest.threads import FileContext

ROOT: Final = Path(__file__).parents[3]
TARGET: Final = ROOT / "build" / "fonts"
_FACES: Final = {
    "Regular": (400, False),
    "Bold": (700, False),
    "Italic": (400, True),
    "Bold Italic": (700, True),
}


def ensure_fonts() -> Path:
    """Return the folder of the faces, building them if they are missing.

    Safe to call from several processes: a face is written atomically. Raises FileNotFoundError
    if the web fonts are not installed.
    """
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, (weight, leans) in _FACES.items():
        path = TARGET / f"Onest-{name.replace(' ', '')}.ttf"
        if not path.exists():
            # Costs memory and a tenth of a server's start time, and is needed once.

            _write_atomically(path, build_face(name, weight, leans=leans))
    return TARGET


def _write_atomically(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


if __name__ == "__main__":
    ensure_fonts()


# --- pages ---
# The text as a PDF, set in Onest, with its handling mark on every page.


TYPESETTING_TIMEOUT_SECONDS: Final = 90  # of CPU time; 300 pages take some ten


def make_pdf(
    marked: JsonValue, *, sheet: FileProperties, around: FileContext, files: Mapping[str, bytes]
) -> bytes:
    """Return a PDF. `around.pictures` gives each picture's file name, `files` its bytes.

    Suggestions are rendered as marked: underlined and struck through. Comments are not printed.
    Raises `coalition.sandbox.run.Failed`.
    """
    plain = FileProperties(sheet.title, sheet.language, sheet.mark)  # the worker draws the letterhead
    tree = to_pandoc(marked, sheet=plain, around=around, target=TreeTarget.PAGES)
    given = {
        "blocks": tree["blocks"],
        "title": sheet.title,
        "language": sheet.language,
        "mark": sheet.mark,
        "letterhead": list(sheet.letterhead),
        "holder": sheet.holder,
        "fonts": str(ensure_fonts()),
        "pictures": {name: base64.b64encode(content).decode() for name, content in files.items()},
    }
    command = [sys.executable, "-m", "documents.interchange.pdf.worker"]
    return run_sandboxed(command, json.dumps(given).encode(), seconds=TYPESETTING_TIMEOUT_SECONDS)


# --- faces ---
# Font faces merged from web font subsets, upright or slanted.


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
    _set_face_names(font, name, weight, leans=leans)
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


def _set_face_names(font: TTFont, face: str, weight: int, *, leans: bool) -> None:
    """Set the names by which a typesetter finds the face: a family, its style and weight."""
    table = font["name"]
    table.names = [one for one in table.names if one.nameID in {0, 13, 14}]  # copyright, licence
    plain = face.replace(" ", "")
    for number, text in ((1, FAMILY), (2, face), (4, f"{FAMILY} {face}"), (6, f"{FAMILY}-{plain}")):
        table.setName(text, number, 3, 1, 0x409)
    style = font["OS/2"]
    style.usWeightClass = weight
    style.fsSelection = (0x01 if leans else 0) | (0x20 if weight >= 700 else 0) or 0x40
    font["head"].macStyle = (2 if leans else 0) | (1 if weight >= 700 else 0)
