"""The typesetting process: a JSON object on standard input, a PDF on standard output.

Called as `python -m documents.interchange.pdf.worker`. The object: `blocks` of pandoc's tree, `title`,
`language`, `mark`, `letterhead`, `fonts` (a folder), and `pictures`, from file names to base64.
"""

import base64
import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import Final

import typst

TEMPLATE: Final = Path(__file__).with_name("pages.typ")
_EPOCH: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def typeset_from_stdin() -> None:
    given = json.load(sys.stdin.buffer)
    with tempfile.TemporaryDirectory() as name:
        # The typesetter may read this folder only, and has no packages to load.
        folder = Path(name)
        for picture, content in given.pop("pictures").items():
            (folder / picture).write_bytes(base64.b64decode(content))
        fonts = given.pop("fonts")
        (folder / "data.json").write_text(json.dumps(given), encoding="utf-8")
        (folder / "pages.typ").write_bytes(TEMPLATE.read_bytes())
        pdf = typst.compile(
            folder / "pages.typ",
            root=folder,
            font_paths=[fonts],
            ignore_system_fonts=True,
            package_path=folder / "none",
            package_cache_path=folder / "none",
            timestamp=_EPOCH,
        )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    typeset_from_stdin()
