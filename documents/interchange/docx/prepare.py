"""A Word file made ready for pandoc: changes and comments become signs, what leads outside is dropped.

The archive that pandoc gets is written here and holds words, styles, lists and notes, nothing else.
"""

from typing import Final
from urllib.parse import urlsplit

from documents.interchange.archive import PROPERTY, RELATIONS, Parts, packed, serialise, w
from documents.interchange.docx.comments import read_comments
from documents.interchange.docx.left_out import take_out
from documents.interchange.docx.margins import note_margins
from documents.interchange.docx.markers import put_signs
from documents.interchange.docx.strict import as_transitional
from documents.interchange.docx.text_boxes import move_text_boxes
from documents.interchange.reader.metadata import Found
from documents.interchange.reader.unpack import NotTaken, read_xml

_OFFICE: Final = "/officeDocument"
_NOTES: Final = ("footnotes.xml", "endnotes.xml")
_FORM: Final = ("styles.xml", "numbering.xml")
_WEB: Final = frozenset({"http", "https", "mailto", "tel"})
# pandoc takes paragraphs in these styles out of the words.
_OWN_STYLES: Final = frozenset({"title", "subtitle", "author", "date", "abstract", "abstract title"})


def prepare_docx(parts: Parts) -> tuple[bytes, Found]:
    """An archive for pandoc, and what was found. Raises NotTaken."""
    found = Found()
    parts = as_transitional(parts)
    main = _main_part(parts)
    folder = main.rpartition("/")[0]
    _properties(parts, found)
    note_margins(parts, folder, _relations_of(main), found)
    comments = read_comments(parts, folder, found)
    kept = {name: parts[name] for name in ("[Content_Types].xml", "_rels/.rels")}
    for name in (main, *(f"{folder}/{note}" for note in _NOTES)):
        if name in parts:
            kept[name] = _words(parts[name], found, comments)
    for name in list(kept):
        relations = _relations_of(name)
        if relations in parts:
            kept[relations] = _inner_relations(parts[relations], found)
    for name in _FORM:
        if f"{folder}/{name}" in parts:
            kept[f"{folder}/{name}"] = _renamed(parts[f"{folder}/{name}"])
    kept["_rels/.rels"] = _inner_relations(kept["_rels/.rels"], found)
    _count_others(parts, kept, found)
    return packed(kept), found


def _main_part(parts: Parts) -> str:
    for relation in read_xml(parts["_rels/.rels"]):
        if str(relation.get("Type")).endswith(_OFFICE):
            name = str(relation.get("Target")).lstrip("/")
            if name in parts:
                return name
    raise NotTaken("no_document")


def _relations_of(name: str) -> str:
    folder, _slash, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _properties(parts: Parts, found: Found) -> None:
    if "docProps/custom.xml" in parts:
        for one in read_xml(parts["docProps/custom.xml"]):
            if one.get("name") == PROPERTY:
                found.token = "".join(one.itertext()).strip()
    if "docProps/core.xml" in parts:
        for one in read_xml(parts["docProps/core.xml"]):
            if str(one.tag).endswith("}lastModifiedBy"):
                found.saved_by = (one.text or "").strip()


def _words(content: bytes, found: Found, comments: dict[str, int]) -> bytes:
    root = read_xml(content)
    if not str(root.tag).startswith(w("")):  # pandoc would find no words, or no changes, and say nothing
        raise NotTaken("broken")
    move_text_boxes(root, found)
    take_out(root, found)
    put_signs(root, found, comments)
    return serialise(root)


def _inner_relations(content: bytes, found: Found) -> bytes:
    """The relations that stay inside the file, and links to the web."""
    root = read_xml(content)
    for relation in list(root.iter(f"{{{RELATIONS}}}Relationship")):
        if relation.get("TargetMode") != "External":
            continue
        is_link = str(relation.get("Type")).endswith("/hyperlink")
        if not is_link or urlsplit(str(relation.get("Target"))).scheme.lower() not in _WEB:
            found.left_out["outside"] += 1
            root.remove(relation)
    return serialise(root)


def _renamed(content: bytes) -> bytes:
    root = read_xml(content)
    for name in root.iter(w("name")):
        value = name.get(w("val")) or ""
        if value.lower() in _OWN_STYLES:
            name.set(w("val"), f"Own {value}")
    return serialise(root)


def _count_others(parts: Parts, kept: Parts, found: Found) -> None:
    """Relations of parts that are not taken along, such as a template that lies on a server."""
    for name, content in parts.items():
        if name.endswith(".rels") and name not in kept and b"External" in content:
            _inner_relations(content, found)
