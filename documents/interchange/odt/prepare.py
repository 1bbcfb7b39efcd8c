"""Preparation of an OpenDocument text for pandoc: changes and comments become markers, references
outside the file are dropped.

A deletion is a point in the text, and the deleted words are in the document's head. They are
restored at the point, between two markers, in their original paragraphs.
"""

import copy
from typing import Final

from documents.files.types import (
    DC,
    META,
    OFFICE,
    PROPERTY,
    Element,
    Parts,
    UnreadableFile,
    pack_archive,
    read_xml,
    serialise_xml,
    text_,
)
from documents.interchange.odt.finish import (
    ROWS,
    append_text,
    record_odt_margins,
    remove_element,
    remove_unsupported_odt,
    replace_with_text,
)
from documents.interchange.reader import markers
from documents.interchange.reader.document import FileComment, FileMetadata

_TITLES: Final = ("Title", "Subtitle")
_MANIFEST: Final = b"""<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" \
xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry \
manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry \
manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry \
manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def prepare_odt(parts: Parts) -> tuple[bytes, FileMetadata]:
    """Return an archive for pandoc, and the metadata found. Raises UnreadableFile."""
    found = FileMetadata()
    if "styles.xml" not in parts:
        raise UnreadableFile("broken")
    _properties(parts, found)
    document = read_xml(parts["content.xml"])
    for element in document.iter():
        if isinstance(element.tag, str):
            element.text = found.cleaned(element.text or "")
            element.tail = found.cleaned(element.tail or "")
    styles = read_xml(parts["styles.xml"])
    remove_unsupported_odt(document, parts, found)
    record_odt_margins(styles, found)
    _sign_comments(document, found)
    _sign_changes(document, found)
    # Give titles a style of their own, since pandoc removes titles from the text.
    for row in document.iter(*ROWS):
        if row.get(text_("style-name")) in _TITLES:
            row.set(text_("style-name"), f"Own_20_{row.get(text_('style-name'))}")
    kept = {
        "mimetype": parts["mimetype"],
        "content.xml": serialise_xml(document),
        "styles.xml": serialise_xml(styles),
        "META-INF/manifest.xml": _MANIFEST,
    }
    return pack_archive(kept), found


def _properties(parts: Parts, found: FileMetadata) -> None:
    if "meta.xml" not in parts:
        return
    meta = read_xml(parts["meta.xml"])
    for one in meta.iter(f"{{{META}}}user-defined"):
        if one.get(f"{{{META}}}name") == PROPERTY:
            found.token = (one.text or "").strip()
    found.saved_by = _text_of(meta, "creator").strip()


def _text_of(element: Element, name: str) -> str:
    """Return the text of the first element in the Dublin Core's namespace, or an empty string."""
    return next((one.text or "" for one in element.iter(f"{{{DC}}}{name}")), "")


def _sign_comments(document: Element, found: FileMetadata) -> None:
    numbers: dict[str, int] = {}
    notes = list(document.iter(f"{{{OFFICE}}}annotation"))
    for note in notes:
        rows = ["".join(row.itertext()) for row in note.iter(text_("p"))]
        numbers[str(note.get(f"{{{OFFICE}}}name"))] = number = len(found.comments)
        found.comments.append(
            FileComment(
                _text_of(note, "creator").strip(),
                _text_of(note, "date"),
                "\n".join(rows).strip(),
                resolved=_attribute_by_local_name(note, "resolved") == "true",
            )
        )
        replace_with_text(note, markers.make_sign(markers.COMMENT, number))
    for comment, note in zip(found.comments, notes, strict=True):  # a reply may precede its comment
        comment.parent = numbers.get(_attribute_by_local_name(note, "parent-name"))
    for end in list(document.iter(f"{{{OFFICE}}}annotation-end")):
        known = numbers.get(str(end.get(f"{{{OFFICE}}}name")))
        replace_with_text(end, markers.make_sign(markers.COMMENT_END, known) if known is not None else "")


def _attribute_by_local_name(note: Element, name: str) -> str:
    """Return an attribute by its local name: LibreOffice uses its own namespace for replies."""
    return next((str(value) for key, value in note.attrib.items() if str(key).endswith(f"}}{name}")), "")


def _sign_changes(document: Element, found: FileMetadata) -> None:
    regions: dict[str, tuple[str, int, list[Element]]] = {}  # kind, number of the change, deleted rows
    for region in document.iter(text_("changed-region")):
        change = next((one for one in region if one.tag != f"{{{OFFICE}}}annotation"), None)
        if change is None:
            continue
        number = found.add_change(_text_of(change, "creator"), _text_of(change, "date"))
        kind = str(change.tag).rpartition("}")[2]
        if kind == "format-change":
            found.left_out["form_changes"] += 1
        rows = [copy.deepcopy(one) for one in change if one.tag in ROWS or one.tag == text_("list")]
        regions[str(region.get(text_("id")))] = (kind, number, rows)
    for head in list(document.iter(text_("tracked-changes"))):
        remove_element(head)
    for point in list(document.iter(text_("change-start"), text_("change-end"), text_("change"))):
        kind, number, rows = regions.get(str(point.get(text_("change-id"))), ("", 0, []))
        if point.tag == text_("change"):
            _restore_deleted(point, number, rows if kind == "deletion" else [])
        elif kind == "insertion":
            starts = point.tag == text_("change-start")
            sign = markers.make_sign(*((markers.INSERTED, number) if starts else (markers.CHANGE_END,)))
            _replace_point(point, sign)
        else:
            remove_element(point)


def _replace_point(point: Element, sign: str) -> None:
    """Replace a point by a marker. One between paragraphs moves to the next, or to the end of the last."""
    if next(point.iterancestors(*ROWS), None) is not None:
        replace_with_text(point, sign)
        return
    following = next((row for one in point.itersiblings() for row in one.iter(*ROWS)), None)
    earlier = point.itersiblings(preceding=True)
    before = next((row for one in earlier for row in reversed(list(one.iter(*ROWS)))), None)
    if following is not None:
        following.text = sign + (following.text or "")
    elif before is not None:
        append_text(before, sign)
    remove_element(point)


def _restore_deleted(point: Element, number: int, rows: list[Element]) -> None:
    """Restore deleted words at their point.

    The first paragraph continues the words before the point, the last one joins the words after it,
    and the ends between them are marked as deleted.
    """
    rows = [row for one in rows for row in ([one] if one.tag in ROWS else one.iter(*ROWS))]
    row = point.getparent()
    start, end = markers.make_sign(markers.DELETED, number), markers.make_sign(markers.CHANGE_END)
    if not rows or row is None or row.tag not in ROWS:
        # No paragraph can end inside a link or a span: the words are joined in one row.
        words = " ".join("".join(one.itertext()) for one in rows)
        replace_with_text(point, f"{start}{words}{end}" if words else "")
        return
    behind, words_behind = list(point.itersiblings()), point.tail or ""
    point.tail = None
    for one in (*behind, point):
        row.remove(one)
    for index, deleted in enumerate(rows):
        if index:
            append_text(row, markers.make_sign(markers.MARK_DELETED, number))
            following = row.makeelement(row.tag, dict(row.attrib))
            row.addnext(following)
            row = following
        append_text(row, start)
        append_text(row, deleted.text or "")
        row.extend(list(deleted))
        append_text(row, end)
    append_text(row, words_behind)
    row.extend(behind)
