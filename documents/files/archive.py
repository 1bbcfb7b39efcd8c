"""The parts of a Word or OpenDocument file: an archive of XML, read and written whole."""

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
    """A name of Word's, as lxml wants it."""
    return f"{{{W}}}{name}"


def text_(name: str) -> str:
    """A name of OpenDocument's texts."""
    return f"{{{TEXT}}}{name}"


def parser() -> etree.XMLParser:
    """Reads XML and nothing beside it: no entities, no other files, no network."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse(content: bytes) -> Element:
    return etree.fromstring(content, parser())


def with_names(root: Element, **names: str) -> Element:
    """The same element with prefixes for namespaces that an older Word may ignore."""
    made = etree.Element(root.tag, dict(root.attrib), nsmap={**root.nsmap, "mc": MC, **names})
    made.extend(list(root))
    made.set(f"{{{MC}}}Ignorable", " ".join(names))
    return made


def serialise(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def unpacked(content: bytes) -> Parts:
    """The parts of a file that we made ourselves, in their order."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    """An archive of the parts. OpenDocument's `mimetype` stays first and is not compressed, as it must be."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, how)
    return out.getvalue()


class NotTaken(Exception):
    """The file is not read. `code` stands for the sentence in `reasons.py`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_xml(content: bytes) -> Element:
    """A part as a tree. Raises NotTaken for XML that declares entities, points elsewhere or is broken."""
    try:
        # Looks for declarations in whatever encoding the part is, before a tree is built.
        defusedxml.sax.parseString(content, ContentHandler(), forbid_dtd=True)
        return parse(content)
    except DefusedXmlException as error:
        raise NotTaken("hostile") from error
    except (SAXException, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotTaken("broken") from error
