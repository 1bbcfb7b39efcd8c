"""Setting a page or a picture with typst: words are data, never markup, and nothing is read but the template.

A template is a `.typ` file that reads its words from `data.json` and pictures by the names they are given;
it may import `tulip.typ`, which holds the tulip and the colours of the poster.
"""

import datetime
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from documents.interchange.pdf.fonts import ensure_fonts

TULIP: Final = Path(__file__).with_name("tulip.typ")
_EPOCH: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)  # the same words give the same bytes
_PIXELS_AN_INCH: Final = 72  # 1 pt is 1 px


def draw_template(
    template: Path,
    data: Mapping[str, object],
    *,
    format: Literal["pdf", "png"],  # noqa: A002  the typesetter's own word
    pictures: Mapping[str, bytes] | None = None,
    pixels_an_inch: int = _PIXELS_AN_INCH,
) -> bytes:
    """Return the PDF, or the one page as PNG (1 pt is 1 px unless `pixels_an_inch` says otherwise). Every
    letter is drawn in Onest, the site's typeface, whatever the machine has.

    `pictures` by file name, for `image(name)`; names are the caller's own, never a person's.
    """
    import typst  # the typesetter is large, and few ask for what it draws

    with _prepared(template, data, pictures or {}) as (source, place):
        drawn: bytes = (
            typst.compile(source, format="pdf", timestamp=_EPOCH, **place)
            if format == "pdf"
            else typst.compile(source, format="png", ppi=pixels_an_inch, **place)
        )
    return drawn


def query_template(
    template: Path,
    data: Mapping[str, object],
    label: str,
    *,
    pictures: Mapping[str, bytes] | None = None,
) -> Any:
    """Return the value of the one `metadata` with this label ("<fit>"), read from its JSON: what the
    typesetter measured. Data and pictures as in `draw_template`."""
    import typst  # as above

    with _prepared(template, data, pictures or {}) as (source, place):
        return json.loads(typst.query(source, label, field="value", one=True, **place))


@contextmanager
def _prepared(
    template: Path, data: Mapping[str, object], pictures: Mapping[str, bytes]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Lay out a folder with the template and what it reads. The typesetter may read this folder and nothing
    above it, and has no packages to look for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for path in (template, TULIP):
            (folder / path.name).write_bytes(path.read_bytes())
        for file, content in pictures.items():
            (folder / file).write_bytes(content)
        yield (
            folder / template.name,
            {
                "root": folder,
                "font_paths": [ensure_fonts()],
                "ignore_system_fonts": True,
                "package_path": folder / "none",
                "package_cache_path": folder / "none",
            },
        )
