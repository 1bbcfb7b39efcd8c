"""Unpacking of an untrusted file: the unpacked size is limited before any content is parsed.

Sizes are counted while unpacking, since the sizes declared in an archive are unreliable. Only the
parts with words and their form are extracted; pictures, programs and embedded files are not.
"""

import zipfile
import zlib
from io import BytesIO
from typing import Final

from documents.files.types import Parts, UnreadableFile

MOST_BYTES: Final = 20 * 1024**2
MOST_PARTS: Final = 3_000
MOST_IN_A_PART: Final = 48 * 1024**2
MOST_IN_ALL: Final = 96 * 1024**2
# How many times larger a part may become, if it becomes larger than `SMALL`. Words become ten
# times so.
MOST_TIMES: Final = 150
SMALL: Final = 2 * 1024**2
_PIECE: Final = 64 * 1024
_ODT: Final = b"application/vnd.oasis.opendocument.text"
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def unpack_document(content: bytes) -> tuple[str, Parts]:
    """Return the kind of file (`docx` or `odt`) and its XML parts, by name. Raises UnreadableFile."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_large")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("old_or_locked")  # Word before 2007, or a document with a password
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile("broken") from error
    if parts.get("mimetype", b"").strip() == _ODT and "content.xml" in parts:
        return "odt", parts
    if "[Content_Types].xml" in parts and "_rels/.rels" in parts:
        return "docx", parts
    raise UnreadableFile("no_document")


def _unpacked(archive: zipfile.ZipFile) -> Parts:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise UnreadableFile("unpacks_too_large")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile("old_or_locked")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise UnreadableFile("broken")
    parts: Parts = {}
    left = MOST_IN_ALL
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) or entry.filename == "mimetype":
            most = min(left, MOST_IN_A_PART)
            if entry.compress_type not in _METHODS:
                raise UnreadableFile("broken")
            pieces: list[bytes] = []
            size = 0
            packed = max(1, entry.compress_size)
            with archive.open(entry) as part:
                while piece := part.read(_PIECE):
                    size += len(piece)
                    if size > most or (size > SMALL and size > packed * MOST_TIMES):
                        raise UnreadableFile("unpacks_too_large")
                    pieces.append(piece)
            parts[entry.filename] = b"".join(pieces)
            left -= size
    return parts
