"""Text boxes of a Word file: their paragraphs are moved behind the paragraph that holds the box.

pandoc reads the words of a drawn box in place of those of the paragraph, and none of a box in VML.
"""

from typing import Final

from documents.interchange.archive import Element, w
from documents.interchange.reader.metadata import Found

_CONTENT: Final = w("txbxContent")
_DRAWN: Final = frozenset({w("drawing"), w("pict")})
_CHANGES: Final = frozenset({w("ins"), w("del"), w("moveTo"), w("moveFrom")})
_MARKUP: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def move_text_boxes(root: Element, found: Found) -> None:
    """Move the rows of every text box that has words, in place. A box that somebody inserted or deleted
    gives rows that they inserted or deleted."""
    _choose(root)
    last: dict[Element, Element] = {}  # the row behind which the next box of a paragraph goes
    for box in list(root.iter(_CONTENT)):
        paragraph = next(box.iterancestors(w("p")), None)
        if paragraph is None or not _has_words(box):
            continue
        found.left_out["text_boxes"] += 1
        changes = [one for one in box.iterancestors(*_CHANGES) if paragraph in one.iterancestors()]
        place = last.get(paragraph, _end_of_chain(paragraph))
        inside = [one for one in box.iter(w("p")) if next(one.iterancestors(_CONTENT)) is box]
        for row in inside:
            for change in changes:
                _belongs_to(row, change)
        for row in list(box):
            place.addnext(row)
            place = row
        last[paragraph] = place
    for drawing in [one for one in root.iter(*_DRAWN) if next(one.iter(_CONTENT), None) is not None]:
        parent = drawing.getparent()
        if parent is not None:
            parent.remove(drawing)


def _choose(root: Element) -> None:
    """Of what is written twice, for new programs and for old ones, one stays: that which has words."""
    for both in list(root.iter(f"{_MARKUP}AlternateContent")):
        ways = [one for one in both if isinstance(one.tag, str)]
        chosen = next((one for one in ways if _has_words(one)), None)
        for other in ways:
            if other is not (ways[0] if chosen is None else chosen):
                both.remove(other)


def _end_of_chain(paragraph: Element) -> Element:
    """The last of the paragraphs whose ends somebody changed: their words may be one paragraph."""
    while any(one.tag in _CHANGES for one in paragraph.iterfind(f"{w('pPr')}/{w('rPr')}/*")):
        following = paragraph.getnext()
        if following is None or following.tag != w("p"):
            break
        paragraph = following
    return paragraph


def _has_words(element: Element) -> bool:
    return any((one.text or "").strip() for one in element.iter(w("t"), w("delText")))


def _belongs_to(paragraph: Element, change: Element) -> None:
    """Make the words of a paragraph, and its end, part of a tracked change."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = paragraph.makeelement(w("pPr"))
        paragraph.insert(0, properties)
    end = properties.find(w("rPr"))
    if end is None:
        end = properties.makeelement(w("rPr"))
        properties.append(end)
    end.insert(0, end.makeelement(change.tag, dict(change.attrib)))
    around = paragraph.makeelement(change.tag, dict(change.attrib))
    around.extend([one for one in paragraph if one is not properties])
    paragraph.append(around)
