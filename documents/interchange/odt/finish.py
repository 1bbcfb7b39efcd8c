"""Completion of an OpenDocument file: tracked changes, comments, properties.

A change in the text is a pair of points; its kind and the deleted words are stored once in the
document's head. pandoc passes raw XML through: the part for the head is written next to the words,
and `odt/finish.py` moves it there.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from lxml.etree import SubElement

from documents.files.types import (
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
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.tree import Tree
from documents.interchange.reader.document import FileMetadata
from documents.interchange.suggest.marked_text import FileThread

# The namespace of the wrapper around what belongs to the head.
HEAD: Final = "urn:coalition:head"
_LOEXT: Final = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"


def insertion_inlines(content: list[Tree], author: str, at: str) -> list[Tree]:
    """Return words between the two points of an insertion."""
    start = _raw(f"{_region('insertion', author, at)}<text:change-start/>")
    return [start, *content, _raw("<text:change-end/>")]


def deletion_inlines(content: list[Tree], author: str, at: str) -> list[Tree]:
    """Return the point of a deletion; the deleted words are in the head."""
    words = f"<text:p>{''.join(map(_plain, content))}</text:p>"
    return [_raw(f"{_region('deletion', author, at, words)}<text:change/>")]


def annotation(number: str, thread: FileThread, at: str) -> Tree:
    """Return a comment with its answers, at the beginning of the words it is about.

    `resolved` is LibreOffice's extension, since OpenDocument has no such state.
    """
    rows = "".join(f"<text:p>{escape(row)}</text:p>" for row in thread.words.split("\n"))
    head = _author_and_date(thread.remarks[0].author, at)
    state = f' xmlns:loext="{_LOEXT}" loext:resolved="true"' if thread.resolved else ""
    return _raw(f'<office:annotation office:name="c{number}"{state}>{head}{rows}</office:annotation>')


def annotation_end(number: str) -> Tree:
    return _raw(f'<office:annotation-end office:name="c{number}"/>')


def _raw(xml: str) -> Tree:
    return tree.raw_node("opendocument", xml)


def _author_and_date(author: str, at: str) -> str:
    return f"<dc:creator>{escape(author)}</dc:creator><dc:date>{at.rstrip('Z')}</dc:date>"


def _region(kind: str, author: str, at: str, words: str = "") -> str:
    info = f"<office:change-info>{_author_and_date(author, at)}</office:change-info>"
    change = f"<text:{kind}>{info}{words}</text:{kind}>"
    return f"<head:region xmlns:head={quoteattr(HEAD)}>{change}</head:region>"


def _plain(inline: Tree) -> str:
    """Return deleted words without their marks, including footnotes."""
    match inline["t"]:
        case "Str":
            return escape(str(inline["c"]))
        case "Space" | "LineBreak":
            return "<text:s/>"
        case "Note":
            words = "".join(map(_plain, inline["c"][0]["c"]))
            sign = "<text:note-citation>*</text:note-citation>"
            body = f"{sign}<text:note-body><text:p>{words}</text:p></text:note-body>"
            return f'<text:note text:note-class="footnote">{body}</text:note>'
        case "Strong" | "Emph":
            return "".join(map(_plain, inline["c"]))
        case "Span" | "Link" | "Image":
            return "".join(map(_plain, inline["c"][1]))
    return ""


ROWS: Final = frozenset({text_("p"), text_("h")})


def replace_with_text(element: Element, words: str) -> None:
    element.tail = words + (element.tail or "")
    remove_element(element)


def remove_element(element: Element) -> None:
    """Remove an element; the text after it is preserved."""
    parent = element.getparent()
    if parent is None:
        return
    tail, element.tail = element.tail or "", None
    before = element.getprevious()
    parent.remove(element)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def append_text(row: Element, words: str) -> None:
    if len(row):
        row[-1].tail = (row[-1].tail or "") + words
    else:
        row.text = (row.text or "") + words


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


def finish_odt(content: bytes, properties: FileProperties) -> bytes:
    """Complete pandoc's file."""
    parts = unpack_archive(content)
    document = parse_xml(parts["content.xml"])
    _move_changes(document, tracked=properties.tracked)
    for cell in document.iter(f"{{{STYLE}}}table-cell-properties"):
        cell.set(f"{{{FO}}}border", "0.5pt solid #808080")
        cell.set(f"{{{FO}}}padding", "0.1cm")
    parts["content.xml"] = serialise_xml(document)
    styles = parse_xml(parts["styles.xml"])
    for layout in styles.iter(f"{{{STYLE}}}page-layout-properties"):
        for name, value in _PAGE.items():
            layout.set(f"{{{FO}}}{name}", value)
    for header in styles.iter(f"{{{STYLE}}}header-style"):
        space = {f"{{{FO}}}margin-bottom": "0.5cm", f"{{{FO}}}min-height": "0.6cm"}
        SubElement(header, f"{{{STYLE}}}header-footer-properties", space)
    _set_mark(styles, properties.mark)
    _restyle(styles, properties.locale)
    parts["styles.xml"] = serialise_xml(styles)
    meta = parse_xml(parts["meta.xml"])
    for title in meta.iter(f"{{{DC}}}title"):
        title.text = properties.title
    parts["meta.xml"] = serialise_xml(meta)
    return pack_archive(parts)


def _move_changes(document: Element, *, tracked: bool) -> None:
    """Move the changes written next to the words to the head, and set each point's change id."""
    body = next(document.iter(f"{{{OFFICE}}}text"))
    head = body.makeelement(text_("tracked-changes"), {text_("track-changes"): str(tracked).lower()})
    points = (text_("change"), text_("change-start"), text_("change-end"))
    for element in list(document.iter(f"{{{HEAD}}}region", *points)):
        if element.tag in points:
            element.set(text_("change-id"), f"ct{len(head)}")
        else:
            SubElement(head, text_("changed-region"), {text_("id"): f"ct{len(head) + 1}"}).extend(
                list(element)
            )
            remove_element(element)
    if tracked or len(head):
        body.insert(0, head)


def _set_mark(styles: Element, mark: str) -> None:
    for page in styles.iter(f"{{{STYLE}}}master-page"):
        for old in list(page):
            page.remove(old)
        for name, words in (("header", mark), ("footer", f"{mark} · ")):
            part = SubElement(page, f"{{{STYLE}}}{name}")
            paragraph = SubElement(part, text_("p"), {text_("style-name"): name.capitalize()})
            paragraph.text = words
        SubElement(paragraph, text_("page-number"), {text_("select-page"): "current"}).text = "1"


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
        if name not in known:
            attributes = {
                "name": name,
                "display-name": name.replace("_20_", " "),
                "family": "paragraph",
                "parent-style-name": "Standard",
            }
            known[name] = SubElement(
                next(styles.iter(f"{{{OFFICE}}}styles")),
                f"{{{STYLE}}}style",
                {f"{{{STYLE}}}{key}": value for key, value in attributes.items()},
            )
        _shape_style(known[name], name)


def _shape_style(style: Element, name: str) -> None:
    size, weight, above, below = _SHAPES[name]
    paragraph = {"margin-top": above, "margin-bottom": below, "line-height": "115%"}
    if name in _INDENTED:
        paragraph |= {"margin-left": "1cm", "margin-right": "1cm"}
    if name in {"Header", "Footer"}:
        paragraph["text-align"] = "end"
    run = {"font-size": size, "font-weight": weight, "font-style": "normal", "color": "#000000"}
    for kind, values in (("paragraph-properties", paragraph), ("text-properties", run)):
        properties = style.find(f"{{{STYLE}}}{kind}")
        if properties is None:
            properties = SubElement(style, f"{{{STYLE}}}{kind}")
            if kind == "paragraph-properties":
                style.insert(0, properties)
        for key, value in values.items():
            properties.set(f"{{{FO}}}{key}", value)


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
    hidden = [
        str(style.get(f"{{{STYLE}}}name"))
        for style in document.iter(f"{{{STYLE}}}style")
        for properties in style.iter(f"{{{STYLE}}}text-properties")
        if properties.get(text_("display")) == "none"
    ]
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
        held = next(element.iter(_OBJECT), None)
        if held is None:
            return "pictures"
        folder = str(held.get(f"{{{XLINK}}}href")).removeprefix("./")
        return "formula_objects" if _MATH.search(parts.get(f"{folder}/content.xml", b"")) else "embedded"
    if element.tag in _OUTSIDE:
        return "outside"
    if element.tag == text_("hidden-text") or element.get(text_("is-hidden")) == "true":
        return "hidden"
    return "hidden" if element.tag == text_("span") and element.get(text_("style-name")) in hidden else ""


def _move_text_boxes(document: Element, found: FileMetadata) -> None:
    """Move the rows of each box after its paragraph, since captions of pictures are in boxes."""
    last: dict[Element, Element] = {}
    for frame, changes in list(_frames(document)):
        box = next((one for one in frame if one.tag == _BOX), None)
        if box is None:
            continue
        if "".join(box.itertext()).strip():
            found.left_out["text_boxes"] += 1
        paragraph = next(frame.iterancestors(*ROWS), frame)
        place = last.get(paragraph, paragraph)
        for block in list(box):
            for row, change in itertools.product(block.iter(*ROWS), changes):
                # Make the words of a row part of a tracked change.
                attributes = dict(change.attrib)
                start, end = row.makeelement(_START, attributes), row.makeelement(_END, attributes)
                start.tail, row.text = row.text, None
                row.insert(0, start)
                row.append(end)
            block.tail = None
            place.addnext(block)
            place = block
        last[paragraph] = place
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
