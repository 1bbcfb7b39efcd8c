"""What of an OpenDocument text does not come in, by the codes of `reasons.py`. Boxes become paragraphs."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from documents.interchange.archive import OFFICE, STYLE, XLINK, Element, Parts, text_
from documents.interchange.odt.trees import ROWS, take_out
from documents.interchange.reader.metadata import Found

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


def leave_out(document: Element, parts: Parts, found: Found) -> None:
    """Take out what our texts cannot hold, and what would lead outside of the file, in place."""
    _move_text_boxes(document, found)
    for link in document.iter(text_("a")):
        if urlsplit(str(link.get(f"{{{XLINK}}}href"))).scheme.lower() not in _WEB:
            link.set(f"{{{XLINK}}}href", "")
    hidden = _hidden_styles(document)
    for element in list(document.iter()):
        code = _code(element, hidden, parts)
        if code:
            found.left_out[code] += 1
            take_out(element)


def note_margins(styles: Element, found: Found) -> None:
    """Keep what stands above and below the pages, without what fields show."""
    for master in styles.iter(f"{{{OFFICE}}}master-styles"):
        for part in master.iter():
            name = str(part.tag).removeprefix(f"{{{STYLE}}}")
            if name.startswith(("header", "footer")):
                shown = (words for row in part.iter(*ROWS) for words in ("".join(_words_of(row)), " "))
                found.add_margin("".join(shown))


def _words_of(row: Element) -> Iterator[str]:
    yield row.text or ""
    for child in row:
        if child.tag not in _FIELDS:
            yield from _words_of(child)
        yield child.tail or ""


def _code(element: Element, hidden: list[str], parts: Parts) -> str:
    """The code of the reason why a part is dropped, or nothing."""
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


def _move_text_boxes(document: Element, found: Found) -> None:
    """Move the rows of each box behind the paragraph that holds it: captions of pictures stand in boxes."""
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
            _belongs_to(row, changes)
            row.tail = None
            place.addnext(row)
            place = row
        last[holder] = place
        take_out(frame)


def _frames(document: Element) -> Iterator[tuple[Element, list[Element]]]:
    """Every frame, with the beginnings of the tracked changes that it stands in."""
    begun: dict[str, Element] = {}
    for element in document.iter(_FRAME, _START, _END):
        name = str(element.get(text_("change-id")))
        if element.tag == _START:
            begun[name] = element
        elif element.tag == _END:
            begun.pop(name, None)
        else:
            yield element, list(begun.values())


def _belongs_to(block: Element, changes: list[Element]) -> None:
    """Make the words of a block part of tracked changes."""
    for row in block.iter(*ROWS):
        for change in changes:
            attributes = dict(change.attrib)
            start, end = row.makeelement(_START, attributes), row.makeelement(_END, attributes)
            start.tail, row.text = row.text, None
            row.insert(0, start)
            row.append(end)
