"""Word, Excel and PowerPoint files: parts, elements, attributes revealing people; hostile XML is refused."""

import posixpath
import re
from collections.abc import Iterable
from typing import Final

from documents.files.metadata.sound import NotCleaned
from documents.files.types import RELATIONS, TYPES, Element, Parts, UnreadableFile, read_xml, serialise_xml


def read_part(content: bytes) -> Element:
    """Return the root. Raises NotCleaned for XML that is broken or refers to external resources."""
    try:
        root = read_xml(content)
    except UnreadableFile as error:
        raise NotCleaned(error.code if error.code == "hostile" else "broken") from error
    remove_elements([one for one in root.iter() if not isinstance(one.tag, str)])
    return root


def local_name(element: Element) -> str:
    """Return the name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def remove_elements(elements: Iterable[Element]) -> None:
    """Remove elements, and keep the text that follows them."""
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        before = element.getprevious()
        if element.tail:
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)


# Optional parts: properties, data of other programs, signatures, people, printer settings,
# times of changes.
_DROPPED: Final = re.compile(
    r"docProps/|customXml/|_xmlsignatures/|docMetadata/|\[trash\]/|.*/printerSettings/|.*printerSettings[^/]*\.bin$"
    r"|word/people\.xml$|word/commentsExtensible\.xml$|word/commentsIds\.xml$|xl/revisions/"
    r"|ppt/changesInfos/|ppt/revisionInfo\.xml$",
    re.IGNORECASE,
)
AUTHOR: Final = "Author"  # where the format requires a name; Office writes the same
_NAMED: Final = {
    "author": AUTHOR,  # comments and suggestions in texts
    "initials": "A",
    "userName": AUTHOR,  # locks and shared workbooks
    "refreshedBy": AUTHOR,  # pivot tables
    "lastEditedBy": AUTHOR,
}
# Only in parts that list people: a table in a spreadsheet has a `displayName`, too.
_OF_PEOPLE: Final = {"name": AUTHOR, "displayName": AUTHOR, "userId": AUTHOR, "providerId": "None"}
_TIMES: Final = frozenset({"date", "dateUtc", "dT", "dt", "created", "refreshedDate", "refreshedDateIso"})
_TIMED: Final = frozenset({"cm", "threadedComment", "reply", "pivotCacheDefinition"})
_MOMENT: Final = "2020-01-01T00:00:00"
# Elements removed whole: editing traces, the file's location, its sources.
_REMOVED: Final = frozenset(
    {"rsids", "rsid", "docId", "attachedTemplate", "mailMerge", "absPath", "revisionPtr", "fileSharing"}
    | {"printerSettings", "documentId", "saveThroughXslt", "creationId"}
)
_PEOPLE: Final = ("xl/persons/", "ppt/authors.xml", "ppt/commentAuthors.xml")
_OUTSIDE: Final = re.compile(r"(file:|[a-z]:[\\/]|\\\\|/(users|home)/)", re.IGNORECASE)
NOWHERE: Final = "about:blank"


def prepare(parts: Parts) -> Parts:
    """Return the parts to keep. `clean_xml` removes the references to the others."""
    return {name: part for name, part in parts.items() if not _DROPPED.match(name)}


def clean_xml(name: str, part: bytes) -> bytes:
    """Return an XML part without metadata."""
    root = read_part(part)
    if name.endswith(".rels"):
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in root.findall(f"{{{RELATIONS}}}Relationship"):
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External":
                if _OUTSIDE.match(target):
                    relation.set("Target", NOWHERE)  # a path on the author's machine
            else:
                path = target if target.startswith("/") else f"{folder}/{target}"
                if _DROPPED.match(posixpath.normpath(path).lstrip("/")):
                    root.remove(relation)
    elif name == "[Content_Types].xml":
        for entry in root.findall(f"{{{TYPES}}}Override"):
            if _DROPPED.match(entry.get("PartName", "").removeprefix("/")):
                root.remove(entry)
    else:
        _clean_elements(root, name)
    return serialise_xml(root)


def _clean_elements(root: Element, name: str) -> None:
    for element in list(root.iter()):
        kind = local_name(element)
        parent = element.getparent()
        if kind in _REMOVED and parent is not None:
            parent.remove(element)
            continue
        if kind == "author" and not len(element) and element.text:
            element.text = AUTHOR  # authors of comments in a spreadsheet
        if kind == "pageSetup":
            # printer settings
            for attribute in list(element.attrib):
                if attribute.rpartition("}")[2] == "id":
                    del element.attrib[attribute]
        _clean_attributes(element, is_people=name.startswith(_PEOPLE))


def _clean_attributes(element: Element, *, is_people: bool) -> None:
    named = _NAMED | _OF_PEOPLE if is_people else _NAMED
    for attribute in list(element.attrib):
        kind = attribute.rpartition("}")[2]
        if kind.startswith("rsid"):
            del element.attrib[attribute]
        elif kind in named:
            element.set(attribute, named[kind])
        elif kind in _TIMES and attribute.startswith("{"):
            del element.attrib[attribute]  # written by Word, optional
        elif kind in _TIMES and local_name(element) in _TIMED:
            if kind.startswith("refreshed"):
                del element.attrib[attribute]
            else:
                element.set(attribute, _MOMENT)
