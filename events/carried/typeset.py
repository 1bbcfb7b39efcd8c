"""Setting a document of this folder: words are data, never markup, and nothing but the folder is read."""

import datetime
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import typst

from documents.exchange.fonts import ensure_fonts

HERE: Final = Path(__file__).parent
SHARED: Final = "page.typ"
_EPOCH: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """The PDF of a `.typ` file of this folder with `data`. All in Onest, whatever the machine has."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for name in (template, SHARED):
            (folder / name).write_bytes((HERE / name).read_bytes())
        pdf: bytes = typst.compile(
            folder / template,
            root=folder,
            font_paths=[ensure_fonts()],
            ignore_system_fonts=True,
            package_path=folder / "none",
            package_cache_path=folder / "none",
            timestamp=_EPOCH,
        )
    return pdf
