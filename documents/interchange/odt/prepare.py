"""Preparation of an OpenDocument text for pandoc: changes and comments become markers, references
outside the file are dropped.

A deletion is a point in the text, and the deleted words are in the document's head. They are
restored at the point, between two markers, in their original paragraphs.
"""

import copy
from typing import Final

from documents.files.archive import (
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
from documents.interchange.odt.changes import ROWS, append_text, remove_element, replace_with_text
from documents.interchange.odt.finish import record_odt_margins, remove_unsupported_odt
from documents.interchange.reader import markers
from documents.interchange.reader.document import FileComment, FileMetadata

_TITLES: Final = ("Title", "Subtitle")
_MANIFEST: Final = b"""<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" \
xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry \
manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry \
manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry \
manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def prepare_odt(parts: Parts) -> tuple[bytes, FileMetadata]:
    """Return an archive for pandoc, and the metadata found. Raises NotTaken."""
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
    _keep_titles(document)
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
    creator = next(meta.iter(f"{{{DC}}}creator"), None)
    found.saved_by = (creator.text or "").strip() if creator is not None else ""


def _keep_titles(document: Element) -> None:
    """Give titles a style of their own, since pandoc removes titles from the text."""
    for row in document.iter(*ROWS):
        if row.get(text_("style-name")) in _TITLES:
            row.set(text_("style-name"), f"Own_20_{row.get(text_('style-name'))}")


# --- comments ---------------------------------------------------------------------------------------


def _sign_comments(document: Element, found: FileMetadata) -> None:
    numbers: dict[str, int] = {}
    notes = list(document.iter(f"{{{OFFICE}}}annotation"))
    for note in notes:
        author = next(note.iter(f"{{{DC}}}creator"), None)
        at = next(note.iter(f"{{{DC}}}date"), None)
        rows = ["".join(row.itertext()) for row in note.iter(text_("p"))]
        numbers[str(note.get(f"{{{OFFICE}}}name"))] = number = len(found.comments)
        found.comments.append(
            FileComment(
                (author.text or "").strip() if author is not None else "",
                (at.text or "") if at is not None else "",
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


# --- changes ----------------------------------------------------------------------------------------


def _sign_changes(document: Element, found: FileMetadata) -> None:
    regions: dict[str, tuple[str, int, list[Element]]] = {}
    for region in document.iter(text_("changed-region")):
        change = next((one for one in region if one.tag != f"{{{OFFICE}}}annotation"), None)
        if change is None:
            continue
        author, at = next(change.iter(f"{{{DC}}}creator"), None), next(change.iter(f"{{{DC}}}date"), None)
        number = found.add_change(
            author.text if author is not None else "", at.text if at is not None else ""
        )
        kind = str(change.tag).rpartition("}")[2]
        if kind == "format-change":
            found.left_out["form_changes"] += 1
        rows = [copy.deepcopy(one) for one in change if one.tag in ROWS or one.tag == text_("list")]
        regions[str(region.get(text_("id")))] = (kind, number, rows)
    for head in list(document.iter(text_("tracked-changes"))):
        remove_element(head)
    for point in list(document.iter(text_("change-start"), text_("change-end"), text_("change"))):
        kind, number, rows = regions.get(str(point.get(text_("change-id"))), ("", 0, []))
        name = str(point.tag).rpartition("}")[2]
        if name == "change":
            _restore_deleted(point, number, rows if kind == "deletion" else [])
        elif kind == "insertion":
            sign = (
                markers.make_sign(markers.INSERTED, number)
                if name == "change-start"
                else markers.make_sign(markers.CHANGE_END)
            )
            _replace_point(point, sign)
        else:
            remove_element(point)


def _replace_point(point: Element, sign: str) -> None:
    """Replace a point by a marker. One between paragraphs moves to the next, or to the end of the
    last."""
    parent = point.getparent()
    if parent is None:
        return
    if _row_of(point) is not None:
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


def _row_of(element: Element) -> Element | None:
    parent = element.getparent()
    while parent is not None and parent.tag not in ROWS:
        parent = parent.getparent()
    return parent


def _restore_deleted(point: Element, number: int, rows: list[Element]) -> None:
    """Restore deleted words at their point.

    The first paragraph continues the words before the point, the last one joins the words after it,
    and the ends between them are marked as deleted.
    """
    rows = [row for one in rows for row in ([one] if one.tag in ROWS else one.iter(*ROWS))]
    row = _row_of(point)
    if not rows or row is None or point.getparent() is not row:
        # No paragraph can end inside a link or a span: the words are joined in one row.
        words = " ".join("".join(one.itertext()) for one in rows)
        replace_with_text(point, _between_signs(number, words) if words else "")
        return
    start, end = markers.make_sign(markers.DELETED, number), markers.make_sign(markers.CHANGE_END)
    after = _split_row(row, point)
    for index, deleted in enumerate(rows):
        if index:
            ended = markers.make_sign(markers.MARK_DELETED, number)
            append_text(row, ended)
            following = row.makeelement(row.tag, dict(row.attrib))
            row.addnext(following)
            row = following
        append_text(row, start)
        append_text(row, deleted.text or "")
        row.extend(list(deleted))
        append_text(row, end)
    append_text(row, after[0])
    row.extend(after[1])


def _between_signs(number: int, words: str) -> str:
    return markers.make_sign(markers.DELETED, number) + words + markers.make_sign(markers.CHANGE_END)


def _split_row(row: Element, point: Element) -> tuple[str, list[Element]]:
    """Split the row at the point; return the words and elements after it."""
    behind = list(point.itersiblings())
    words = point.tail or ""
    point.tail = None
    for one in behind:
        row.remove(one)
    row.remove(point)
    return words, behind
