"""Worker process that cleans a file: reads its bytes, writes a line with the outcome and the clean
bytes.

Called as `python -m documents.files.metadata.worker <kind>`. Uses no database.
"""

import sys
from collections.abc import Callable
from typing import Final

from documents.files.metadata.media import clean_media
from documents.files.metadata.office import clean_office
from documents.files.metadata.overwrite import NotCleaned

CLEAN: Final = b"clean"
KINDS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "office": clean_office,
    "mp3": lambda content: clean_media(content, "mp3"),
    "wav": lambda content: clean_media(content, "wav"),
    "ogg": lambda content: clean_media(content, "ogg"),
}


def _cleaner(kind: str) -> Callable[[bytes], bytes]:
    if kind == "pdf":
        from documents.files.metadata.pdf import clean_pdf  # loads pypdf, which other types do not need

        return clean_pdf
    return KINDS[kind]


def clean_from_stdin() -> None:
    try:
        content = _cleaner(sys.argv[1])(sys.stdin.buffer.read())
        answer = CLEAN + b"\n" + content
    except NotCleaned as reason:
        answer = reason.code.encode() + b"\n"
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    clean_from_stdin()
