"""Word, Excel, PowerPoint and OpenDocument files: removal of people, programs, times and editing traces.

The words stay, including suggestions and comments, without authors and times. Raises NotCleaned for content
that cannot be read: a password, embedded objects of old programs, unknown pictures.
"""

import zipfile
import zlib
from io import BytesIO
from typing import Final

from documents.files.metadata import ooxml, opendocument
from documents.files.metadata.media import clean_media
from documents.files.metadata.pictures import clean_picture_inside, clean_svg
from documents.files.metadata.sound import NotCleaned
from documents.files.types import Parts, pack_archive

_MOST_PARTS: Final = 5_000
_MOST_IN_ALL: Final = 300 * 1024**2
_PIECE: Final = 256 * 1024
_DEEPEST: Final = 2  # a spreadsheet in a presentation in a text
_PICTURES: Final = (".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp")
_OFFICE: Final = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_MEDIA: Final = (".mp4", ".m4v", ".m4a", ".mov", ".webm", ".mp3", ".wav", ".ogg")
_UNKNOWN_PICTURES: Final = (".tif", ".tiff", ".wdp", ".jxr", ".svm", ".eps", ".pict", ".pct")
_AS_IT_IS: Final = (".odttf", ".fntdata", ".ttf", ".otf", ".woff", ".bmp", ".wmf")


def clean_office(content: bytes, depth: int = 0) -> bytes:
    """Return the file without metadata. Raises NotCleaned with the reason."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotCleaned("locked")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise NotCleaned("broken") from error
    is_open_document = "mimetype" in parts
    kind = opendocument if is_open_document else ooxml
    return pack_archive(
        {
            name: _clean_part(name, part, is_open_document=is_open_document, depth=depth)
            for name, part in kind.prepare(parts).items()
        }
    )


def _clean_part(name: str, part: bytes, *, is_open_document: bool, depth: int) -> bytes:
    lower = name.lower()
    if lower.endswith((".xml", ".rels", ".vml", ".rdf")):
        return opendocument.clean_xml(name, part) if is_open_document else ooxml.clean_xml(name, part)
    if lower.endswith(_PICTURES):
        return clean_picture_inside(part)
    if lower.endswith(_OFFICE) and depth < _DEEPEST:
        return clean_office(part, depth + 1)
    if lower.endswith(_MEDIA):
        return clean_media(part, lower.rpartition(".")[2])
    if lower.endswith(".svg"):
        return clean_svg(part)
    if lower.endswith(_UNKNOWN_PICTURES):
        raise NotCleaned("picture")
    if lower.endswith(".emf"):
        # Overwrite with zeros the names of program and picture (MS-EMF 2.2.9, nDescription,
        # offDescription).
        clean = bytearray(part)
        length, start = (int.from_bytes(part[at : at + 4], "little") for at in (60, 64))
        end = start + 2 * length
        if length and start >= 88 and end <= len(part):
            clean[start:end] = bytes(end - start)
        return bytes(clean)
    if lower == "mimetype" or lower.endswith((*_AS_IT_IS, "/")):
        return part
    raise NotCleaned("embedded")


def _parts(archive: zipfile.ZipFile) -> Parts:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > _MOST_PARTS or len(set(names)) != len(names):
        raise NotCleaned("broken")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise NotCleaned("locked")
    parts: Parts = {}
    left = _MOST_IN_ALL
    for entry in entries:
        pieces = []
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise NotCleaned("too_large")
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts
