"""Pictures inside other files: cleaned without re-encoding; only what a viewer needs is kept.

Pictures uploaded on their own are re-encoded (`documents.files.public_copy`).
"""

from collections.abc import Callable
from typing import Final

from documents.files.metadata.ooxml import local_name, read_part, remove_elements
from documents.files.metadata.sound import NotCleaned
from documents.files.types import serialise_xml

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
    | {b"iCCP", b"acTL", b"fcTL", b"fdAT"}
)
_WEBP_CHUNKS: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # JPEG markers without a length
_REPEATED: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def clean_picture_inside(content: bytes) -> bytes:
    """Return the picture without metadata. Raises NotCleaned for an unknown or broken one."""
    for head, clean in _KINDS:
        if content.startswith(head):
            try:
                return clean(content)
            except IndexError as error:
                raise NotCleaned("broken") from error
    raise NotCleaned("picture")


def clean_jpeg(content: bytes) -> bytes:
    """Keep JFIF without its thumbnail, colour profile and Adobe's colours; drop EXIF, XMP, IPTC,
    comments and trailing data."""
    cleaned, at = bytearray(b"\xff\xd8"), 2
    while True:
        if content[at] != 0xFF:
            raise NotCleaned("broken")
        while content[at + 1] == 0xFF:
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            return bytes(cleaned + b"\xff\xd9")
        if marker in _ALONE:
            at += 2
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if end > len(content) or end < at + 4:
            raise NotCleaned("broken")
        cleaned += _jpeg_segment(marker, content[at:end])
        at = end
        if marker == 0xDA:
            end = _scan_end(content, at)
            cleaned += content[at:end]
            at = end


def _jpeg_segment(marker: int, segment: bytes) -> bytes:
    body = segment[4:]
    if marker == 0xE0:
        is_jfif = body.startswith(b"JFIF\0") and len(body) >= 14
        return b"\xff\xe0\0\x10" + body[:12] + b"\0\0" if is_jfif else b""
    if marker == 0xE2:
        return segment if body.startswith(b"ICC_PROFILE\0") else b""
    if marker == 0xEE:
        return segment if body.startswith(b"Adobe") else b""
    return b"" if 0xE1 <= marker <= 0xEF or marker == 0xFE else segment


def _scan_end(content: bytes, at: int) -> int:
    """Return the start of the next segment after a scan."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] and content[at + 1] not in _ALONE:
            return at
        at += 2
    raise NotCleaned("broken")


def clean_png(content: bytes) -> bytes:
    """Keep pixels, palette and colours; drop texts, times, EXIF and trailing data."""
    cleaned, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        kind = content[at + 4 : at + 8]
        if end > len(content):
            break
        if kind in _PNG_CHUNKS:
            cleaned += content[at:end]
        if kind == b"IEND":
            return bytes(cleaned)
        at = end
    raise NotCleaned("broken")


def clean_gif(content: bytes) -> bytes:
    """Keep frames and their timing; drop comments, texts and XMP."""
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    cleaned = bytearray(content[:at])
    while content[at] != 0x3B:
        start, label = at, content[at + 1] if content[at] == 0x21 else -1
        if label >= 0:
            end = _blocks_end(content, at + 2)
            is_kept = label == 0xF9 or (label == 0xFF and content[at + 3 : at + 14] in _REPEATED)
        elif content[at] == 0x2C:
            colours = 3 << (content[at + 9] & 7) + 1 if content[at + 9] & 0x80 else 0
            end, is_kept = _blocks_end(content, at + 11 + colours), True
        else:
            raise NotCleaned("broken")
        if is_kept:
            cleaned += content[start:end]
        at = end
    return bytes(cleaned + b"\x3b")


def _blocks_end(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


def clean_webp(content: bytes) -> bytes:
    """Keep pixels, transparency, animation and colours; drop EXIF and XMP."""
    if content[8:12] != b"WEBP":
        raise NotCleaned("picture")
    cleaned, at = bytearray(), 12
    while at + 8 <= len(content):
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(content) + 1:
            raise NotCleaned("broken")
        chunk = bytearray(content[at:end])
        if kind == b"VP8X":
            chunk[8] &= 0xF3  # clear the flags for EXIF and XMP
        if kind in _WEBP_CHUNKS:
            cleaned += chunk
        at = end
    return b"RIFF" + (4 + len(cleaned)).to_bytes(4, "little") + b"WEBP" + bytes(cleaned)


def clean_jpeg2000(content: bytes) -> bytes:
    """Drop boxes that hold XMP, EXIF and descriptions; a bare codestream is unchanged."""
    cleaned, at = bytearray(), 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4]) or len(content) - at
        kind = content[at + 4 : at + 8]
        if size < 8 or at + size > len(content):
            raise NotCleaned("broken")
        if kind in {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}:
            cleaned += content[at : at + size]
        at += size
    return bytes(cleaned)


_KINDS: Final[tuple[tuple[bytes, Callable[[bytes], bytes]], ...]] = (
    (b"\xff\xd8", clean_jpeg),
    (_PNG, clean_png),
    (b"GIF8", clean_gif),
    (b"RIFF", clean_webp),
    (b"\0\0\0\x0cjP  ", clean_jpeg2000),
)

_SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = (_SVG, "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}")


def clean_svg(content: bytes) -> bytes:
    """Return the drawing without elements and attributes of other namespaces, and without `metadata`.

    Raises NotCleaned for XML that is broken or refers to external resources.
    """
    root = read_part(content)
    foreign = [one for one in root.iter() if not one.tag.startswith(_SVG) or local_name(one) == "metadata"]
    remove_elements(foreign)
    for element in root.iter():
        for attribute in list(element.attrib):
            if attribute.startswith("{") and not attribute.startswith(_DRAWN):
                del element.attrib[attribute]
    return serialise_xml(root)
