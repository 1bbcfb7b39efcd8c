"""Typesetting of PDFs: texts are data, never markup, and Typst reads only the template folder."""

import datetime
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.utils.translation import override

from coalition.accounts.enums import Language
from documents.interchange.pdf.fonts import ensure_fonts
from events.core.models import Event
from events.core.pdf.documents import change_notice

HERE: Final = Path(__file__).parent
# Wraps each template, so that none can omit the notice.
_WITH_NOTICE: Final = """
#import "page.typ": running-notice
#set page(foreground: running-notice(json("data.json").notice))
#include "%s"
"""
_EPOCH: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def typeset(
    template: str,
    data: Mapping[str, object],
    pictures: Mapping[str, bytes] | None = None,
    *,
    event: Event | None,
    folder_of_template: Path = HERE,
) -> bytes:
    """Return the PDF of a `.typ` file of this folder with `data`. Always in Onest, independent of the
    machine's fonts.

    `pictures` by file name, for `image(name)`; names are the caller's own, never a person's. `event`:
    the subject of the PDF; if it was cancelled or moved, every page says so, in the language of the
    PDF (`data["language"]`) or, without one, in all. None for a PDF without an event.
    `folder_of_template`: the template's folder if not this one; it may import from here.
    """
    import typst  # typst is large, and rarely needed

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notice = _notice(event, data.get("language")) if event is not None else ""
        (folder / "data.json").write_text(json.dumps({**data, "notice": notice}), encoding="utf-8")
        for path in [*HERE.glob("*.typ"), folder_of_template / template]:
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "paper_of_event.typ").write_text(_WITH_NOTICE % template, encoding="utf-8")
        for file, content in (pictures or {}).items():
            (folder / file).write_bytes(content)
        pdf: bytes = typst.compile(
            folder / "paper_of_event.typ",
            root=folder,
            font_paths=[ensure_fonts()],
            ignore_system_fonts=True,
            package_path=folder / "none",
            package_cache_path=folder / "none",
            timestamp=_EPOCH,
        )
    return pdf


def _notice(event: Event, language: object) -> str:
    notices = []
    for one in [str(language)] if language else Language.values:
        with override(one):
            notices.append(change_notice(event))
    return " · ".join(filter(None, notices))
