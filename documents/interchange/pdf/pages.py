"""The text on pages: a PDF, set in Onest, with its handling mark on every page."""

import base64
import json
import sys
from collections.abc import Mapping
from typing import Final

from coalition.sandbox.run import run_sandboxed
from documents.canonical.form import Json
from documents.interchange.file_properties import Sheet
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.pdf.fonts import ensure_fonts
from documents.interchange.suggest.new_rows import Target
from documents.interchange.suggest.threads import Around

SECONDS: Final = 90  # of computing; 300 pages take some ten


def make_pdf(marked: Json, *, sheet: Sheet, around: Around, files: Mapping[str, bytes]) -> bytes:
    """A PDF. `around.pictures` names each picture's file, `files` holds them. Raises `apart.run.Failed`.

    Suggestions stand as they are marked: underlined and struck through. Comments are not printed.
    """
    plain = Sheet(sheet.title, sheet.language, sheet.mark)  # the letterhead is drawn, not written
    tree = to_pandoc(marked, sheet=plain, around=around, target=Target.PAGES)
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
    return run_sandboxed(command, json.dumps(given).encode(), seconds=SECONDS)
