"""Setting a document of this folder: words are data, never markup, and nothing but the folder is read."""

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
from events.core.pdf.notices import change_notice

HERE: Final = Path(__file__).parent
# Around each template, so that none of them can leave the notice out.
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
    """The PDF of a `.typ` file of this folder with `data`. All in Onest, whatever the machine has.

    `pictures` by file name, for `image(name)`; names are the caller's own, never a person's. `event`: the one
    that the paper is about; if it was cancelled or moved, every page says so, in the language of the paper
    (`data["language"]`) or, where it has none, in all. None for paper that is about no event.
    `folder_of_template`: where the template lies if not here; it may import what lies here.
    """
    import typst  # the typesetter is large, and few ask for what it draws

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
