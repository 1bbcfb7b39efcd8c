"""An OpenDocument text made ready for pandoc: changes and comments become signs, what leads out is dropped.

A deletion is a point in the words, and what was deleted stands at the head of the document. It is put back
where it was, between two signs, in as many paragraphs as it had.
"""

import copy
from typing import Final

from documents.files.archive import (
    DC,
    META,
    OFFICE,
    PROPERTY,
    Element,
    NotTaken,
    Parts,
    packed,
    read_xml,
    serialise,
    text_,
)
from documents.interchange.odt.changes import ROWS, append_text, put_text, take_out
from documents.interchange.odt.finish import leave_out, note_margins
from documents.interchange.reader import markers
from documents.interchange.reader.metadata import FileComment, Found

_TITLES: Final = ("Title", "Subtitle")
_MANIFEST: Final = b"""<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" \
xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry \
manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry \
manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry \
manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def prepare_odt(parts: Parts) -> tuple[bytes, Found]:
    """An archive for pandoc, and what was found. Raises NotTaken."""
    found = Found()
    if "styles.xml" not in parts:
        raise NotTaken("broken")
    _properties(parts, found)
    document = read_xml(parts["content.xml"])
    for element in document.iter():
        if isinstance(element.tag, str):
            element.text = found.cleaned(element.text or "")
            element.tail = found.cleaned(element.tail or "")
    styles = read_xml(parts["styles.xml"])
    leave_out(document, parts, found)
    note_margins(styles, found)
    _put_comments(document, found)
    _put_changes(document, found)
    _keep_titles(document)
    kept = {
        "mimetype": parts["mimetype"],
        "content.xml": serialise(document),
        "styles.xml": serialise(styles),
        "META-INF/manifest.xml": _MANIFEST,
    }
    return packed(kept), found


def _properties(parts: Parts, found: Found) -> None:
    if "meta.xml" not in parts:
        return
    meta = read_xml(parts["meta.xml"])
    for one in meta.iter(f"{{{META}}}user-defined"):
        if one.get(f"{{{META}}}name") == PROPERTY:
            found.token = (one.text or "").strip()
    creator = next(meta.iter(f"{{{DC}}}creator"), None)
    found.saved_by = (creator.text or "").strip() if creator is not None else ""


def _keep_titles(document: Element) -> None:
    """pandoc takes titles out of the words: they get a style of their own."""
    for row in document.iter(*ROWS):
        if row.get(text_("style-name")) in _TITLES:
            row.set(text_("style-name"), f"Own_20_{row.get(text_('style-name'))}")


# --- comments ---------------------------------------------------------------------------------------


def _put_comments(document: Element, found: Found) -> None:
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
                resolved=_named(note, "resolved") == "true",
            )
        )
        put_text(note, markers.sign(markers.COMMENT, number))
    for comment, note in zip(found.comments, notes, strict=True):  # an answer may stand before its comment
        comment.parent = numbers.get(_named(note, "parent-name"))
    for end in list(document.iter(f"{{{OFFICE}}}annotation-end")):
        known = numbers.get(str(end.get(f"{{{OFFICE}}}name")))
        put_text(end, markers.sign(markers.COMMENT_END, known) if known is not None else "")


def _named(note: Element, name: str) -> str:
    """An attribute by its local name: LibreOffice has those of answers in a namespace of its own."""
    return next((str(value) for key, value in note.attrib.items() if str(key).endswith(f"}}{name}")), "")


# --- changes ----------------------------------------------------------------------------------------


def _put_changes(document: Element, found: Found) -> None:
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
        take_out(head)
    for point in list(document.iter(text_("change-start"), text_("change-end"), text_("change"))):
        kind, number, rows = regions.get(str(point.get(text_("change-id"))), ("", 0, []))
        name = str(point.tag).rpartition("}")[2]
        if name == "change":
            _put_deleted(point, number, rows if kind == "deletion" else [])
        elif kind == "insertion":
            sign = (
                markers.sign(markers.INSERTED, number)
                if name == "change-start"
                else markers.sign(markers.CHANGE_END)
            )
            _put_point(point, sign)
        else:
            take_out(point)


def _put_point(point: Element, sign: str) -> None:
    """A sign in place of a point. One between paragraphs goes to the next, or to the end of the last."""
    parent = point.getparent()
    if parent is None:
        return
    if _row_of(point) is not None:
        put_text(point, sign)
        return
    following = next((row for one in point.itersiblings() for row in one.iter(*ROWS)), None)
    earlier = point.itersiblings(preceding=True)
    before = next((row for one in earlier for row in reversed(list(one.iter(*ROWS)))), None)
    if following is not None:
        following.text = sign + (following.text or "")
    elif before is not None:
        append_text(before, sign)
    take_out(point)


def _row_of(element: Element) -> Element | None:
    parent = element.getparent()
    while parent is not None and parent.tag not in ROWS:
        parent = parent.getparent()
    return parent


def _put_deleted(point: Element, number: int, rows: list[Element]) -> None:
    """Put back what was deleted: its first paragraph runs on from the words before the point, its last
    one into the words after it, and the ends between them are deleted."""
    rows = [row for one in rows for row in ([one] if one.tag in ROWS else one.iter(*ROWS))]
    row = _row_of(point)
    if not rows or row is None or point.getparent() is not row:
        # Inside a link or a span no paragraph can end: the words stand in one row.
        words = " ".join("".join(one.itertext()) for one in rows)
        put_text(point, _between(number, words) if words else "")
        return
    start, end = markers.sign(markers.DELETED, number), markers.sign(markers.CHANGE_END)
    after = _split(row, point)
    for index, deleted in enumerate(rows):
        if index:
            ended = markers.sign(markers.MARK_DELETED, number)
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


def _between(number: int, words: str) -> str:
    return markers.sign(markers.DELETED, number) + words + markers.sign(markers.CHANGE_END)


def _split(row: Element, point: Element) -> tuple[str, list[Element]]:
    """Cut the row at the point; returns the words and elements that stood behind it."""
    behind = list(point.itersiblings())
    words = point.tail or ""
    point.tail = None
    for one in behind:
        row.remove(one)
    row.remove(point)
    return words, behind
