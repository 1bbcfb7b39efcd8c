"""The text as a PDF, set in Onest, with its handling mark on every page."""

import base64
import json
import sys
from collections.abc import Mapping
from typing import Final

from coalition.sandbox.run import run_sandboxed
from documents.canonical.form import JsonValue
from documents.interchange.file_properties import FileProperties
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.pdf.fonts import ensure_fonts
from documents.interchange.suggest.marked_text import FileContext
from documents.interchange.suggest.new_rows import TreeTarget

TYPESETTING_TIMEOUT_SECONDS: Final = 90  # of CPU time; 300 pages take some ten


def make_pdf(
    marked: JsonValue, *, properties: FileProperties, context: FileContext, files: Mapping[str, bytes]
) -> bytes:
    """Return a PDF. `context.pictures` gives each picture's file name, `files` its bytes.

    Suggestions are rendered as marked: underlined and struck through. Comments are not printed.
    Raises SandboxFailed.
    """
    plain = FileProperties(
        properties.title, properties.language, properties.mark
    )  # the worker draws the letterhead
    tree = to_pandoc(marked, properties=plain, context=context, target=TreeTarget.PAGES)
    given = {
        "blocks": tree["blocks"],
        "title": properties.title,
        "language": properties.language,
        "mark": properties.mark,
        "letterhead": list(properties.letterhead),
        "holder": properties.holder,
        "fonts": str(ensure_fonts()),
        "pictures": {name: base64.b64encode(content).decode() for name, content in files.items()},
    }
    command = [sys.executable, "-m", "documents.interchange.pdf.worker"]
    return run_sandboxed(command, json.dumps(given).encode(), seconds=TYPESETTING_TIMEOUT_SECONDS)
