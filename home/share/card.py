"""Drawing the picture that a shared address shows: 1200 × 630 pixels, with the title in its language."""

import json
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings

from documents.interchange.pdf.fonts import ensure_fonts

TEMPLATE: Final = Path(__file__).with_name("card.typ")
WIDTH, HEIGHT = 1200, 630
_PIXELS: Final = 72  # an inch: 1 pt is 1 px
_LONGEST: Final = 300


def draw_card(*, title: str, kind: str, language: str) -> bytes:
    """The picture as PNG. Every letter is drawn in Onest, the site's typeface, whatever the machine has."""
    import typst  # the typesetter is large, and few ask for what it draws

    words = {"title": title[:_LONGEST], "kind": kind, "language": language, "site": settings.SITE_NAME}
    with tempfile.TemporaryDirectory() as name:
        # The typesetter may read this folder and nothing above it, and has no packages to look for.
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(words), encoding="utf-8")
        (folder / "card.typ").write_bytes(TEMPLATE.read_bytes())
        drawn: bytes = typst.compile(
            folder / "card.typ",
            format="png",
            ppi=_PIXELS,
            root=folder,
            font_paths=[ensure_fonts()],
            ignore_system_fonts=True,
            package_path=folder / "none",
            package_cache_path=folder / "none",
        )
    return drawn
