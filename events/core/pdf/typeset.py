"""Setting a document of this folder: words are data, never markup, and nothing but the folder is read."""

import datetime
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from documents.interchange.pdf.fonts import ensure_fonts

HERE: Final = Path(__file__).parent
_EPOCH: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def typeset(template: str, data: Mapping[str, object], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a `.typ` file of this folder with `data`. All in Onest, whatever the machine has.

    `pictures` by file name, for `image(name)`; names are the caller's own, never a person's.
    """
    import typst  # the typesetter is large, and few ask for what it draws

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for path in HERE.glob("*.typ"):
            (folder / path.name).write_bytes(path.read_bytes())
        for file, content in (pictures or {}).items():
            (folder / file).write_bytes(content)
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
