"""The typeface for PDFs: Onest's web font subsets merged into whole TrueType files.

Built once at set-up (`python -m documents.interchange.pdf.fonts`) into `build/fonts`, or when the first PDF
is made. Onest has no italic: slanted faces are derived from the upright ones, as in browsers.
"""

import os
import tempfile
from pathlib import Path
from typing import Final

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
            from documents.interchange.pdf.faces import build_face

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
