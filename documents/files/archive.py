"""The parts of a Word or OpenDocument file: an archive of XML, read and written as a whole."""

import zipfile
from io import BytesIO
from typing import Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml.common import DefusedXmlException
from lxml import etree

type Element = etree._Element  # noqa: SLF001  lxml has no other name for it
type Parts = dict[str, bytes]

PROPERTY: Final = "coalition"


"""The name of the property by which a file is recognised."""


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
    """Return an archive of the parts, with OpenDocument's `mimetype` first and uncompressed as
    required."""
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
    """Parse a part. Raises NotTaken for XML that declares entities, has external references or is
    broken."""
    try:
        # Detects declarations in any encoding of the part before a tree is built.
        defusedxml.sax.parseString(content, ContentHandler(), forbid_dtd=True)
        return parse_xml(content)
    except DefusedXmlException as error:
        raise UnreadableFile("hostile") from error
    except (SAXException, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableFile("broken") from error
