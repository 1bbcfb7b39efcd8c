"""Styles of our Word files: one widely installed typeface with Kazakh letters, quiet headings."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from lxml.etree import SubElement

from documents.files.types import DC, Element, W, pack_archive, parse_xml, serialise_xml, unpack_archive, w
from documents.interchange.docx.prepare import mark_paragraph_end, register_part, write_comment_states
from documents.interchange.file_properties import FileProperties
from documents.interchange.suggest.marked_text import FileThread

FONT: Final = "Times New Roman"
# Half points, bold, and space before and after in twentieths of a point.
_SHAPES: Final[dict[str, tuple[int, bool, int, int]]] = {
    "Title": (36, True, 0, 200),
    "Heading1": (32, True, 360, 120),
    "Heading2": (28, True, 320, 120),
    "Heading3": (26, True, 280, 100),
    "Heading4": (24, True, 240, 80),
    "BodyText": (24, False, 0, 160),
    "Compact": (24, False, 0, 60),
    "Lead": (26, True, 0, 240),
    "Quotation": (24, False, 120, 60),
    "Speaker": (24, True, 0, 200),
    "BlockText": (24, False, 120, 160),
    "PictureCaption": (20, False, 60, 20),
    "PictureCredit": (18, False, 0, 200),
    "ApprovedText": (18, True, 200, 60),
    "Letterhead": (22, False, 0, 60),
    "FootnoteText": (20, False, 0, 40),
    "Header": (18, False, 0, 0),
    "Footer": (18, False, 0, 0),
}
_INDENTED: Final = frozenset({"Quotation", "Speaker", "BlockText"})


def restyle_docx(content: bytes, locale: str) -> bytes:
    """Adapt pandoc's styles to our design; recipients can change them."""
    styles = parse_xml(content)
    for fonts in styles.iter(w("rFonts")):
        _set_font(fonts)
    for language in styles.iterfind(f"{w('docDefaults')}//{w('lang')}"):
        language.set(w("val"), locale)
    known = {str(style.get(w("styleId"))): style for style in styles.iter(w("style"))}
    for name in ("Header", "Footer"):
        if name not in known:
            known[name] = _add(styles, "style", type="paragraph", styleId=name)
            _add(known[name], "name", val=name.lower())
            _add(known[name], "basedOn", val="Normal")
    for name, style in known.items():
        if name in _SHAPES:
            _shape_style(style, name)
    _frame_tables(known["Table"])
    return serialise_xml(styles)


def _add(parent: Element, name: str, **values: str) -> Element:
    """Append an element with these attributes, all in Word's namespace."""
    return SubElement(parent, w(name), {w(key): value for key, value in values.items()})


def _frame_tables(style: Element) -> None:
    """Add thin borders around every cell, which comparative tables need."""
    properties = style.find(w("tblPr"))
    assert properties is not None  # noqa: S101  pandoc's table style has properties
    for old in properties.findall(w("tblBorders")):
        properties.remove(old)
    borders = _add(properties, "tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _add(borders, edge, val="single", sz="4", space="0", color="808080")
    margins = properties.find(w("tblCellMar"))
    if margins is not None:
        margins.addprevious(borders)


def _set_font(fonts: Element) -> None:
    if any(name in (fonts.get(w("ascii")) or "") for name in ("Consolas", "Courier")):
        return
    fonts.attrib.clear()
    for part in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(w(part), FONT)


def _shape_style(style: Element, name: str) -> None:
    size, bold, before, after = _SHAPES[name]
    paragraph = _fresh_properties(style, "pPr", keep=("keepNext", "keepLines", "outlineLvl", "numPr"))
    place = next((index for index, one in enumerate(paragraph) if one.tag == w("outlineLvl")), len(paragraph))
    spacing = _add(paragraph, "spacing", before=str(before), after=str(after), line="276", lineRule="auto")
    paragraph.insert(place, spacing)
    if name in _INDENTED:
        paragraph.insert(place + 1, _add(paragraph, "ind", left="567", right="567"))
    run = _fresh_properties(style, "rPr")
    _set_font(_add(run, "rFonts"))
    _add(run, "b", val="1" if bold else "0")
    for tag in ("sz", "szCs"):
        _add(run, tag, val=str(size))


def _fresh_properties(style: Element, name: str, *, keep: tuple[str, ...] = ()) -> Element:
    """Return the properties with this name, emptied except for those essential to the style."""
    found = style.find(w(name))
    if found is None:
        before = style.find(w("rPr"))
        found = _add(style, name)
        if name == "pPr" and before is not None:
            before.addprevious(found)
    for child in list(found):
        if child.tag not in {w(one) for one in keep}:
            found.remove(child)
    return found


# Additions to pandoc's Word file: the handling mark on every page, suggested paragraph ends, our
# typography, the token that identifies the file, and change tracking switched on.

_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES: Final = f'xmlns:w="{W}" xmlns:r="{_RELATION}"'
_HEADER: Final = """<w:hdr {names}><w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="right"/></w:pPr>\
<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{mark}</w:t></w:r></w:p></w:hdr>"""
_FOOTER: Final = """<w:ftr {names}><w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr>\
<w:r><w:t xml:space="preserve">{mark} · </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>\
<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/>\
</w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>"""
# A4 in twentieths of a point.
_SECTION: Final = """<w:sectPr {names}><w:headerReference w:type="default" r:id="rIdMarkAbove"/>\
<w:footerReference w:type="default" r:id="rIdMarkBelow"/><w:pgSz w:w="11906" w:h="16838"/>\
<w:pgMar w:top="1418" w:right="1134" w:bottom="1134" w:left="1418" w:header="567" w:footer="567" \
w:gutter="0"/></w:sectPr>"""
_FIRST_IN_SETTINGS: Final = ("zoom", "embedSystemFonts", "proofState", "stylePaneFormatFilter")


def finish_docx(content: bytes, properties: FileProperties, threads: Iterable[FileThread]) -> bytes:
    """Complete pandoc's file. `threads`: those whose comments are in it."""
    parts = unpack_archive(content)
    document = parse_xml(parts["word/document.xml"])
    _move_paragraph_marks(document)
    for number, change in enumerate(document.iter(w("ins"), w("del")), 1000):
        change.set(w("id"), str(number))
    body = document.find(w("body"))
    assert body is not None  # noqa: S101  pandoc writes one
    for old in [one for one in body if one.tag.endswith("sectPr")]:
        body.remove(old)
    body.append(parse_xml(_SECTION.format(names=_NAMES).encode()))
    parts["word/document.xml"] = serialise_xml(document)
    parts["word/header1.xml"] = _HEADER.format(names=_NAMES, mark=escape(properties.mark)).encode()
    parts["word/footer1.xml"] = _FOOTER.format(names=_NAMES, mark=escape(properties.mark)).encode()
    for kind, name in (("header", "rIdMarkAbove"), ("footer", "rIdMarkBelow")):
        part, relation = f"{kind}1.xml", f"{_RELATION}/{kind}"
        register_part(parts, part, name, content_type=f"{_KIND}.{kind}+xml", relation=relation)
    write_comment_states(parts, threads)
    parts["word/styles.xml"] = restyle_docx(parts["word/styles.xml"], properties.locale)
    if properties.tracked:
        settings = parse_xml(parts["word/settings.xml"])
        before = [one for one in settings if one.tag in {w(name) for name in _FIRST_IN_SETTINGS}]
        place = settings.index(before[-1]) + 1 if before else 0
        settings.insert(place, settings.makeelement(w("trackRevisions")))
        parts["word/settings.xml"] = serialise_xml(settings)
    core = parse_xml(parts["docProps/core.xml"])
    for element in core:
        if element.tag == f"{{{DC}}}title":
            element.text = properties.title
    if properties.holder:
        SubElement(core, f"{{{DC}}}description").text = properties.holder
    parts["docProps/core.xml"] = serialise_xml(core)
    # pandoc's own names Word as the application, with a wrong word count.
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    parts["docProps/app.xml"] = f'<Properties xmlns="{space}"/>'.encode()
    return pack_archive(parts)


def _move_paragraph_marks(document: Element) -> None:
    """Move an empty change at the end of a paragraph into its properties, where Word expects it."""
    for name in ("ins", "del"):
        for mark in [one for one in document.iter(w(name)) if len(one) == 0]:
            paragraph = mark.getparent()
            if paragraph is None or paragraph.tag != w("p"):
                continue
            mark_paragraph_end(paragraph, mark)
