"""Additions to pandoc's OpenDocument text: tracked changes in its head, the handling mark on every
page, A4, our typography, and the language."""

import itertools
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from documents.files.archive import (
    DC,
    FO,
    OFFICE,
    STYLE,
    XLINK,
    Element,
    Parts,
    pack_archive,
    parse_xml,
    serialise_xml,
    text_,
    unpack_archive,
)
from documents.interchange.file_properties import FileProperties
from documents.interchange.odt.changes import HEAD, ROWS, remove_element
from documents.interchange.reader.document import FileMetadata

FONT: Final = "Times New Roman"
_PAGE: Final = {
    "page-width": "21cm",
    "page-height": "29.7cm",
    "margin-left": "2.5cm",
    "margin-right": "2cm",
    "margin-top": "1.5cm",
    "margin-bottom": "1.5cm",
}
# Size, weight, space above and below.
_SHAPES: Final[dict[str, tuple[str, str, str, str]]] = {
    "Title": ("18pt", "bold", "0cm", "0.3cm"),
    "Heading_20_2": ("14pt", "bold", "0.6cm", "0.2cm"),
    "Heading_20_3": ("13pt", "bold", "0.5cm", "0.2cm"),
    "Heading_20_4": ("12pt", "bold", "0.4cm", "0.15cm"),
    "Text_20_body": ("12pt", "normal", "0cm", "0.28cm"),
    "First_20_paragraph": ("12pt", "normal", "0cm", "0.28cm"),
    "Lead": ("13pt", "bold", "0cm", "0.4cm"),
    "Quotation": ("12pt", "normal", "0.2cm", "0.1cm"),
    "Speaker": ("12pt", "bold", "0cm", "0.35cm"),
    "Quotations": ("12pt", "normal", "0.2cm", "0.28cm"),
    "Picture_20_Caption": ("10pt", "normal", "0.1cm", "0.05cm"),
    "Picture_20_Credit": ("9pt", "normal", "0cm", "0.35cm"),
    "Approved_20_Text": ("9pt", "bold", "0.35cm", "0.1cm"),
    "Letterhead": ("11pt", "normal", "0cm", "0.1cm"),
    "Footnote": ("10pt", "normal", "0cm", "0.05cm"),
    "Header": ("9pt", "bold", "0cm", "0cm"),
    "Footer": ("9pt", "normal", "0cm", "0cm"),
}
_INDENTED: Final = frozenset({"Quotation", "Speaker", "Quotations"})


def finish_odt(content: bytes, sheet: FileProperties) -> bytes:
    """Complete pandoc's file."""
    parts = unpack_archive(content)
    document = parse_xml(parts["content.xml"])
    _move_changes(document, tracked=sheet.tracked)
    for cell in document.iter(f"{{{STYLE}}}table-cell-properties"):
        cell.set(f"{{{FO}}}border", "0.5pt solid #808080")
        cell.set(f"{{{FO}}}padding", "0.1cm")
    parts["content.xml"] = serialise_xml(document)
    styles = parse_xml(parts["styles.xml"])
    _set_page(styles)
    _set_mark(styles, sheet.mark)
    _restyle(styles, sheet.locale)
    parts["styles.xml"] = serialise_xml(styles)
    meta = parse_xml(parts["meta.xml"])
    for title in meta.iter(f"{{{DC}}}title"):
        title.text = sheet.title
    parts["meta.xml"] = serialise_xml(meta)
    return pack_archive(parts)


def _move_changes(document: Element, *, tracked: bool) -> None:
    """Move the changes written next to the words to the head, and set each point's change id."""
    regions = list(document.iter(f"{{{HEAD}}}region"))
    body = next(document.iter(f"{{{OFFICE}}}text"))
    head = body.makeelement(text_("tracked-changes"), {text_("track-changes"): str(tracked).lower()})
    names = (f"ct{number}" for number in itertools.count(1))
    current = ""
    points = {text_("change"), text_("change-start"), text_("change-end")}
    for element in list(document.iter()):
        if element.tag == f"{{{HEAD}}}region":
            current = next(names)
        elif element.tag in points:
            element.set(text_("change-id"), current)
    for number, region in enumerate(regions, 1):
        changed = head.makeelement(text_("changed-region"), {text_("id"): f"ct{number}"})
        changed.extend(list(region))
        head.append(changed)
        _remove(region)
    if tracked or len(head):
        body.insert(0, head)


def _remove(element: Element) -> None:
    """Remove an element and preserve the words after it."""
    parent = element.getparent()
    assert parent is not None  # noqa: S101  it stood inside the text
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)


def _set_page(styles: Element) -> None:
    for properties in styles.iter(f"{{{STYLE}}}page-layout-properties"):
        for name, value in _PAGE.items():
            properties.set(f"{{{FO}}}{name}", value)
    for header in styles.iter(f"{{{STYLE}}}header-style"):
        space = {f"{{{FO}}}margin-bottom": "0.5cm", f"{{{FO}}}min-height": "0.6cm"}
        header.append(header.makeelement(f"{{{STYLE}}}header-footer-properties", space))


def _set_mark(styles: Element, mark: str) -> None:
    for page in styles.iter(f"{{{STYLE}}}master-page"):
        for old in list(page):
            page.remove(old)
        for name in ("header", "footer"):
            part = page.makeelement(f"{{{STYLE}}}{name}")
            paragraph = part.makeelement(text_("p"), {text_("style-name"): name.capitalize()})
            paragraph.text = mark if name == "header" else f"{mark} · "
            if name == "footer":
                number = paragraph.makeelement(text_("page-number"), {text_("select-page"): "current"})
                number.text = "1"
                paragraph.append(number)
            part.append(paragraph)
            page.append(part)


def _restyle(styles: Element, locale: str) -> None:
    language, _dash, country = locale.partition("-")
    for properties in styles.iter(f"{{{STYLE}}}text-properties"):
        for name in (f"{{{STYLE}}}font-name", f"{{{FO}}}font-family"):
            if name in properties.attrib and "Courier" not in properties.attrib[name]:
                del properties.attrib[name]
        if f"{{{FO}}}language" in properties.attrib:
            properties.set(f"{{{FO}}}language", language)
            properties.set(f"{{{FO}}}country", country)
    for default in styles.iter(f"{{{STYLE}}}default-style"):
        for properties in default.iter(f"{{{STYLE}}}text-properties"):
            properties.set(f"{{{FO}}}font-family", f"'{FONT}'")
    known = {style.get(f"{{{STYLE}}}name"): style for style in styles.iter(f"{{{STYLE}}}style")}
    for name in _SHAPES:
        _shape_style(known[name] if name in known else _new_style(styles, name), name)


def _new_style(styles: Element, name: str) -> Element:
    named = {"name": name, "display-name": name.replace("_20_", " "), "family": "paragraph"}
    attributes = {f"{{{STYLE}}}{key}": value for key, value in named.items()}
    attributes[f"{{{STYLE}}}parent-style-name"] = "Standard"
    style = styles.makeelement(f"{{{STYLE}}}style", attributes)
    next(styles.iter(f"{{{OFFICE}}}styles")).append(style)
    return style


def _shape_style(style: Element, name: str) -> None:
    size, weight, above, below = _SHAPES[name]
    paragraph = _properties(style, "paragraph-properties")
    paragraph.set(f"{{{FO}}}margin-top", above)
    paragraph.set(f"{{{FO}}}margin-bottom", below)
    paragraph.set(f"{{{FO}}}line-height", "115%")
    if name in _INDENTED:
        paragraph.set(f"{{{FO}}}margin-left", "1cm")
        paragraph.set(f"{{{FO}}}margin-right", "1cm")
    if name in {"Header", "Footer"}:
        paragraph.set(f"{{{FO}}}text-align", "end")
    run = _properties(style, "text-properties")
    run.set(f"{{{FO}}}font-size", size)
    run.set(f"{{{FO}}}font-weight", weight)
    run.set(f"{{{FO}}}font-style", "normal")
    run.set(f"{{{FO}}}color", "#000000")


def _properties(style: Element, name: str) -> Element:
    found = style.find(f"{{{STYLE}}}{name}")
    if found is None:
        found = style.makeelement(f"{{{STYLE}}}{name}")
        if name == "paragraph-properties":
            style.insert(0, found)
        else:
            style.append(found)
    return found


# --- left out ---
# Content of an OpenDocument text that is not imported, by the codes of `reasons.py`. Boxes become
# paragraphs.


_DRAW: Final = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_FRAME: Final = f"{{{_DRAW}}}frame"
_BOX: Final = f"{{{_DRAW}}}text-box"
_OBJECT: Final = f"{{{_DRAW}}}object"
_START: Final = text_("change-start")
_END: Final = text_("change-end")
_WEB: Final = frozenset({"http", "https", "mailto", "tel"})
_OUTSIDE: Final = frozenset({text_("section-source"), text_("database-display"), text_("dde-connection")})
_FIELDS: Final = (text_("page-number"), text_("page-count"))
_MATH: Final = re.compile(rb"<(?:\w+:)?math\b")


def remove_unsupported_odt(document: Element, parts: Parts, found: FileMetadata) -> None:
    """Remove, in place, content our texts do not support and references outside the file."""
    _move_text_boxes(document, found)
    for link in document.iter(text_("a")):
        if urlsplit(str(link.get(f"{{{XLINK}}}href"))).scheme.lower() not in _WEB:
            link.set(f"{{{XLINK}}}href", "")
    hidden = _hidden_styles(document)
    for element in list(document.iter()):
        code = _reason_code(element, hidden, parts)
        if code:
            found.left_out[code] += 1
            remove_element(element)


def record_odt_margins(styles: Element, found: FileMetadata) -> None:
    """Store the headers and footers, without the values of fields."""
    for master in styles.iter(f"{{{OFFICE}}}master-styles"):
        for part in master.iter():
            name = str(part.tag).removeprefix(f"{{{STYLE}}}")
            if name.startswith(("header", "footer")):
                shown = (words for row in part.iter(*ROWS) for words in ("".join(_margin_words(row)), " "))
                found.add_margin("".join(shown))


def _margin_words(row: Element) -> Iterator[str]:
    yield row.text or ""
    for child in row:
        if child.tag not in _FIELDS:
            yield from _margin_words(child)
        yield child.tail or ""


def _reason_code(element: Element, hidden: list[str], parts: Parts) -> str:
    """Return the code of the reason why a part is dropped, or an empty string."""
    if element.tag == _FRAME:
        return _code_of_frame(element, parts)
    if element.tag in _OUTSIDE:
        return "outside"
    if element.tag == text_("hidden-text") or element.get(text_("is-hidden")) == "true":
        return "hidden"
    return "hidden" if element.tag == text_("span") and element.get(text_("style-name")) in hidden else ""


def _code_of_frame(frame: Element, parts: Parts) -> str:
    held = next(frame.iter(_OBJECT), None)
    if held is None:
        return "pictures"
    folder = str(held.get(f"{{{XLINK}}}href")).removeprefix("./")
    return "formula_objects" if _MATH.search(parts.get(f"{folder}/content.xml", b"")) else "embedded"


def _hidden_styles(document: Element) -> list[str]:
    return [
        str(style.get(f"{{{STYLE}}}name"))
        for style in document.iter(f"{{{STYLE}}}style")
        for properties in style.iter(f"{{{STYLE}}}text-properties")
        if properties.get(text_("display")) == "none"
    ]


# --- text boxes -------------------------------------------------------------------------------------


def _move_text_boxes(document: Element, found: FileMetadata) -> None:
    """Move the rows of each box after its paragraph, since captions of pictures are in boxes."""
    last: dict[Element, Element] = {}
    for frame, changes in list(_frames(document)):
        box = next((one for one in frame if one.tag == _BOX), None)
        if box is None:
            continue
        if "".join(box.itertext()).strip():
            found.left_out["text_boxes"] += 1
        holder = next(frame.iterancestors(*ROWS), frame)
        place = last.get(holder, holder)
        for row in list(box):
            _mark_as_changed(row, changes)
            row.tail = None
            place.addnext(row)
            place = row
        last[holder] = place
        remove_element(frame)


def _frames(document: Element) -> Iterator[tuple[Element, list[Element]]]:
    """Yield every frame, with the start points of the tracked changes around it."""
    begun: dict[str, Element] = {}
    for element in document.iter(_FRAME, _START, _END):
        name = str(element.get(text_("change-id")))
        if element.tag == _START:
            begun[name] = element
        elif element.tag == _END:
            begun.pop(name, None)
        else:
            yield element, list(begun.values())


def _mark_as_changed(block: Element, changes: list[Element]) -> None:
    """Make the words of a block part of tracked changes."""
    for row in block.iter(*ROWS):
        for change in changes:
            attributes = dict(change.attrib)
            start, end = row.makeelement(_START, attributes), row.makeelement(_END, attributes)
            start.tail, row.text = row.text, None
            row.insert(0, start)
            row.append(end)
