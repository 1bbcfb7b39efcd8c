"""Types of files, read from their content."""

import codecs
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
import puremagic
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _
from lxml import etree

from coalition.core.errors import Refused

HEAD_BYTES: Final = 64 * 1024  # bytes read to tell text from binary


@dataclass(frozen=True, slots=True)
class FileType:
    """An accepted file type. `magic`: extensions with these first bytes."""

    media_type: str
    endings: tuple[str, ...]
    magic: tuple[str, ...] = ()
    inside: str = ""  # the ZIP member that identifies this type

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


_WORD: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
FILE_TYPES: Final = (
    FileType("image/jpeg", (".jpg", ".jpeg"), (".jpg", ".jpeg", ".jfif", ".jpe")),
    FileType("image/png", (".png",), (".png",)),
    FileType("image/webp", (".webp",), (".webp",)),
    FileType("image/gif", (".gif",), (".gif",)),
    FileType("image/avif", (".avif",), (".avif",)),
    FileType("application/pdf", (".pdf",), (".pdf",)),
    FileType(f"{_WORD}.wordprocessingml.document", (".docx",), inside="word/document.xml"),
    FileType(f"{_WORD}.spreadsheetml.sheet", (".xlsx",), inside="xl/workbook.xml"),
    FileType(f"{_WORD}.presentationml.presentation", (".pptx",), inside="ppt/presentation.xml"),
    FileType(f"{_OPEN}.text", (".odt",), inside="mimetype"),
    FileType(f"{_OPEN}.spreadsheet", (".ods",), inside="mimetype"),
    FileType(f"{_OPEN}.presentation", (".odp",), inside="mimetype"),
    FileType("video/mp4", (".mp4", ".m4v"), (".mp4", ".m4v", ".mp4v", ".f4v", ".m4a", ".mov")),
    FileType("video/webm", (".webm",), (".webm", ".mkv")),
    FileType("audio/mpeg", (".mp3",), (".mp3", ".mpga")),
    FileType("audio/mp4", (".m4a",), (".m4a", ".mp4", ".m4v")),
    FileType("audio/ogg", (".ogg", ".opus"), (".ogg", ".oga", ".opus", ".ogx", ".spx", ".ogv")),
    FileType("audio/wav", (".wav",), (".wav", ".wave")),
    FileType("text/plain", (".txt",)),
    FileType("text/csv", (".csv",)),
    FileType("text/vtt", (".vtt",)),
    FileType("application/x-subrip", (".srt",)),
)
ENDINGS: Final = tuple(ending for kind in FILE_TYPES for ending in kind.endings)


def detect_file_type(file: IO[bytes], name: str) -> FileType:
    """Return the type on which content and extension agree. Raises Refused with the reason if there is none.

    A file of two types at once (a picture or PDF followed by an archive) is refused.
    """
    kind = file_type_for_name(name)
    if not _type_agrees(kind, file):
        raise _other_content(name)
    return kind


def file_type_for_name(name: str) -> FileType:
    """Return the type that the extension says. Raises Refused for one that is not accepted."""
    ending = _ending_of(name)
    kind = next((one for one in FILE_TYPES if ending in one.endings), None)
    if kind is None:
        raise Refused(
            _("Files that end in “%(ending)s” are not taken. Send one of: %(endings)s."),
            ending=ending or "…",
            endings=", ".join(ENDINGS),
        )
    return kind


def check_first_bytes(head: bytes, name: str) -> None:
    """Raise Refused if the first bytes of a file, whose rest is not there yet, are not of the type that its
    extension says. The whole file is checked later by `detect_file_type`."""
    kind = file_type_for_name(name)
    if not (head.startswith(b"PK\x03\x04") if kind.inside else _head_agrees(kind, head[:HEAD_BYTES])):
        raise _other_content(name)


def _ending_of(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _other_content(name: str) -> Refused:
    return Refused(
        _(
            "The content of this file is not what its ending “%(ending)s” says. Open it in its program, "
            "save it again, and send the new file."
        ),
        ending=_ending_of(name),
    )


def _other_encoding() -> Refused:
    return Refused(
        _("This text is not in UTF-8. Open it, choose “Save as” with the encoding UTF-8, and send that file.")
    )


def _type_agrees(kind: FileType, file: IO[bytes]) -> bool:
    file.seek(0)
    is_archive = zipfile.is_zipfile(file)
    if kind.inside:
        return is_archive and _archive_matches(kind, file)
    if is_archive:
        return False
    file.seek(0)
    return _head_agrees(kind, file.read(HEAD_BYTES))


def _head_agrees(kind: FileType, head: bytes) -> bool:
    """Whether the first bytes are of this type, which is no archive. Raises Refused for text in another
    encoding than UTF-8."""
    if not kind.magic:
        # Whether it is UTF-8 without control characters and cannot be taken for HTML by a browser.
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise _other_encoding()
        if any(sign in head for sign in (b"\x00", b"\x1b")):
            return False
        try:
            head.decode("utf-8")
        except UnicodeDecodeError as error:
            if len(head) < HEAD_BYTES or error.start < HEAD_BYTES - 4:
                raise _other_encoding() from error
        opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
        return not opening.startswith((b"<", b"%pdf", b"#!"))
    if kind.media_type == "application/pdf":
        return head.startswith(b"%PDF-")  # readers also accept one that begins with other bytes
    return bool(_endings_for_magic(head) & set(kind.magic))


def _endings_for_magic(head: bytes) -> set[str]:
    """Return the extensions that match the first bytes."""
    try:
        return {match.extension.lower() for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _archive_matches(kind: FileType, file: IO[bytes]) -> bool:
    """Whether the archive contains the member that identifies this type, and no programs."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names) or kind.inside not in names:
                return False
            if kind.inside != "mimetype":
                return "[Content_Types].xml" in names
            return archive.getinfo("mimetype").file_size < 200 and (
                archive.read("mimetype").decode("ascii", "replace").strip() == kind.media_type
            )
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return False


type Element = etree._Element  # noqa: SLF001  lxml has no other name for it
type Parts = dict[str, bytes]

# The name of the property by which a file is recognised.
PROPERTY: Final = "coalition"
W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
W15: Final = "http://schemas.microsoft.com/office/word/2012/wordml"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
FO: Final = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
META: Final = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
DC: Final = "http://purl.org/dc/elements/1.1/"
XLINK: Final = "http://www.w3.org/1999/xlink"
XML: Final = "http://www.w3.org/XML/1998/namespace"


def w(name: str) -> str:
    """Return a name in Word's namespace in lxml notation."""
    return f"{{{W}}}{name}"


def text_(name: str) -> str:
    """Return a name in OpenDocument's text namespace."""
    return f"{{{TEXT}}}{name}"


def xml_parser() -> etree.XMLParser:
    """Return an XML parser without entities, access to other files, or network."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse_xml(content: bytes) -> Element:
    return etree.fromstring(content, xml_parser())


def declare_ignorable_namespaces(root: Element, **names: str) -> Element:
    """Return the element with namespace prefixes that an older Word may ignore."""
    made = etree.Element(root.tag, dict(root.attrib), nsmap={**root.nsmap, "mc": MC, **names})
    made.extend(list(root))
    made.set(f"{{{MC}}}Ignorable", " ".join(names))
    return made


def serialise_xml(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def unpack_archive(content: bytes) -> Parts:
    """Return the parts of a file that we made ourselves, in order."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack_archive(parts: Parts) -> bytes:
    """Return an archive of the parts, with OpenDocument's `mimetype` first and uncompressed as required."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, how)
    return out.getvalue()


class UnreadableFile(Exception):
    """The file is not read. `code` is that of the sentence in `reasons.py`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_xml(content: bytes) -> Element:
    """Parse a part. Raises NotTaken for XML that declares entities, has external references or is broken."""
    try:
        # Detects declarations in any encoding of the part before a tree is built.
        defusedxml.sax.parseString(content, ContentHandler(), forbid_dtd=True)
        return parse_xml(content)
    except DefusedXmlException as error:
        raise UnreadableFile("hostile") from error
    except (SAXException, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableFile("broken") from error
