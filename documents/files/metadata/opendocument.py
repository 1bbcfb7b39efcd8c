"""OpenDocument files (OASIS ODF 1.3): parts, elements, attributes revealing people and times."""

import posixpath
import re
from typing import Final

from documents.files.metadata.ooxml import AUTHOR, local_name, read_part, remove_elements
from documents.files.metadata.sound import NotCleaned
from documents.files.types import DC, META, OFFICE, Element, Parts, serialise_xml

_DROPPED: Final = re.compile(
    r"Thumbnails/|Configurations2/|META-INF/(documentsignatures|macrosignatures)\.xml$|manifest\.rdf$"
    r"|layout-cache$|Versions/|VersionList\.xml$|ObjectReplacements/|.*/ObjectReplacements/"
)
_MANIFEST: Final = "META-INF/manifest.xml"
_EMPTY: Final = (
    f'<office:document-meta xmlns:office="{OFFICE}" office:version="1.3">'
    "<office:meta/></office:document-meta>"
)
_PEOPLE: Final = frozenset({f"{{{DC}}}creator", f"{{{META}}}creator-initials"})
_SETTINGS: Final = re.compile(
    r"Printer|Rsid|CurrentDatabase|RedlineProtectionKey|.*User|.*Author|.*URL|.*Path|ProtectionKey"
)


def prepare(parts: Parts) -> Parts:
    """Return the parts to keep. Raises NotCleaned for a file with a password."""
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise NotCleaned("locked")
    return {name: part for name, part in parts.items() if not _DROPPED.match(name)}


def clean_xml(name: str, part: bytes) -> bytes:
    """Return an XML part without metadata."""
    if posixpath.basename(name) == "meta.xml":
        return _EMPTY.encode()
    root = read_part(part)
    if name == _MANIFEST:
        remove_elements([one for one in root if _DROPPED.match(_attribute(one, "full-path"))])
    elif posixpath.basename(name) == "settings.xml":
        items = [one for one in root.iter() if local_name(one).startswith("config-item")]
        remove_elements([one for one in items if _SETTINGS.match(_attribute(one, "name"))])
    else:
        times = list(root.iter(f"{{{DC}}}date", f"{{{META}}}date-string"))
        for element in root.iter():
            kind = local_name(element)
            if element.tag in _PEOPLE or kind == "sender-initials":
                element.text = AUTHOR if kind == "creator" else "A"
            for attribute in list(element.attrib):
                if attribute.rpartition("}")[2] in {"rsid", "paragraph-rsid"}:
                    del element.attrib[attribute]
        remove_elements([one for one in times if local_name(one) == "date-string"])
        for element in times:
            if local_name(element) == "date":
                element.text = "2020-01-01T00:00:00"
    return serialise_xml(root)


def _attribute(element: Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
