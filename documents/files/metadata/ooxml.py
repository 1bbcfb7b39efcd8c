"""Word, Excel, PowerPoint (ECMA-376): parts and attributes revealing people, programs and times."""

import posixpath
import re
from typing import Final

from documents.files.archive import RELATIONS, TYPES, Element, Parts, serialise_xml
from documents.files.metadata.xml import local_name, read_part

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
_MOMENT: Final = "2020-01-01T00:00:00Z"
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
        _clean_relations(root, name)
    elif name == "[Content_Types].xml":
        for entry in root.findall(f"{{{TYPES}}}Override"):
            if _DROPPED.match(entry.get("PartName", "").removeprefix("/")):
                root.remove(entry)
    else:
        _clean_elements(root, name)
    return serialise_xml(root)


def _clean_relations(root: Element, name: str) -> None:
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in root.findall(f"{{{RELATIONS}}}Relationship"):
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            if _OUTSIDE.match(target):
                relation.set("Target", NOWHERE)  # a path on the author's machine
        elif _DROPPED.match(_resolved(folder, target)):
            root.remove(relation)


def _resolved(folder: str, target: str) -> str:
    path = target if target.startswith("/") else f"{folder}/{target}"
    return posixpath.normpath(path).lstrip("/")


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
            _remove_attribute(element, "id")  # printer settings
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
        elif kind in _TIMES and local_name(element) in {
            "cm",
            "threadedComment",
            "reply",
            "pivotCacheDefinition",
        }:
            _forget_moment(element, attribute, kind)


def _forget_moment(element: Element, attribute: str, kind: str) -> None:
    if kind.startswith("refreshed"):
        del element.attrib[attribute]
    else:
        element.set(attribute, _MOMENT.removesuffix("Z"))


def _remove_attribute(element: Element, name: str) -> None:
    for attribute in list(element.attrib):
        if attribute.rpartition("}")[2] == name:
            del element.attrib[attribute]
