"""Styles of our Word files: one widely installed typeface with Kazakh letters, quiet headings."""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from documents.files.archive import (
    RELATIONS,
    TYPES,
    Element,
    Parts,
    pack_archive,
    parse_xml,
    serialise_xml,
    unpack_archive,
    w,
)
from documents.interchange.docx.prepare import write_comment_states
from documents.interchange.file_properties import FileProperties
from documents.interchange.suggest.threads import FileThread

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
_OUR_STYLES: Final = {"Header": "header", "Footer": "footer"}


def restyle_docx(content: bytes, locale: str) -> bytes:
    """Adapt pandoc's styles to our design; recipients can change them."""
    styles = parse_xml(content)
    _set_defaults(styles, locale)
    known = {str(style.get(w("styleId"))): style for style in styles.iter(w("style"))}
    for name, label in _OUR_STYLES.items():
        if name not in known:
            known[name] = _new_style(styles, name, label)
    for name, style in known.items():
        for fonts in style.iter(w("rFonts")):
            _set_font(fonts)
        if name in _SHAPES:
            _shape_style(style, name)
    _frame_tables(known["Table"])
    return serialise_xml(styles)


def _frame_tables(style: Element) -> None:
    """Add thin borders around every cell, which comparative tables need."""
    properties = style.find(w("tblPr"))
    assert properties is not None  # noqa: S101  pandoc's table style has properties
    for old in properties.findall(w("tblBorders")):
        properties.remove(old)
    borders = properties.makeelement(w("tblBorders"))
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = {w("val"): "single", w("sz"): "4", w("space"): "0", w("color"): "808080"}
        borders.append(borders.makeelement(w(edge), line))
    margins = properties.find(w("tblCellMar"))
    if margins is not None:
        margins.addprevious(borders)
    else:
        properties.append(borders)


def _set_defaults(styles: Element, locale: str) -> None:
    for fonts in styles.iterfind(f"{w('docDefaults')}//{w('rFonts')}"):
        _set_font(fonts)
    for language in styles.iterfind(f"{w('docDefaults')}//{w('lang')}"):
        language.set(w("val"), locale)


def _set_font(fonts: Element) -> None:
    if any(name in (fonts.get(w("ascii")) or "") for name in ("Consolas", "Courier")):
        return
    fonts.attrib.clear()
    for part in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(w(part), FONT)


def _new_style(styles: Element, name: str, label: str) -> Element:
    style = styles.makeelement(w("style"), {w("type"): "paragraph", w("styleId"): name})
    for tag, value in (("name", label), ("basedOn", "Normal")):
        style.append(style.makeelement(w(tag), {w("val"): value}))
    styles.append(style)
    return style


def _shape_style(style: Element, name: str) -> None:
    size, bold, before, after = _SHAPES[name]
    paragraph = _fresh_properties(style, "pPr", keep=("keepNext", "keepLines", "outlineLvl", "numPr"))
    place = next((index for index, one in enumerate(paragraph) if one.tag == w("outlineLvl")), len(paragraph))
    spacing = {w("before"): str(before), w("after"): str(after), w("line"): "276", w("lineRule"): "auto"}
    paragraph.insert(place, paragraph.makeelement(w("spacing"), spacing))
    if name in _INDENTED:
        indent = {w("left"): "567", w("right"): "567"}
        paragraph.insert(place + 1, paragraph.makeelement(w("ind"), indent))
    run = _fresh_properties(style, "rPr", keep=())
    fonts = run.makeelement(w("rFonts"))
    _set_font(fonts)
    run.append(fonts)
    run.append(run.makeelement(w("b"), {w("val"): "1" if bold else "0"}))
    for tag in ("sz", "szCs"):
        run.append(run.makeelement(w(tag), {w("val"): str(size)}))


def _fresh_properties(style: Element, name: str, *, keep: tuple[str, ...]) -> Element:
    """Return the properties with this name, emptied except for those essential to the style."""
    found = style.find(w(name))
    if found is None:
        found = style.makeelement(w(name))
        before = style.find(w("rPr"))
        if name == "pPr" and before is not None:
            before.addprevious(found)
        else:
            style.append(found)
    for child in list(found):
        if child.tag not in {w(one) for one in keep}:
            found.remove(child)
    return found


# --- finish ---
# Additions to pandoc's Word file: the handling mark on every page, suggested paragraph ends, our
# typography, the token that identifies the file, and change tracking switched on.


_NAMES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
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


def finish_docx(content: bytes, sheet: FileProperties, threads: Iterable[FileThread]) -> bytes:
    """Complete pandoc's file. `threads`: those whose comments are in it."""
    parts = unpack_archive(content)
    document = parse_xml(parts["word/document.xml"])
    _move_paragraph_marks(document)
    _number_changes(document)
    _set_section(document)
    parts["word/document.xml"] = serialise_xml(document)
    parts["word/header1.xml"] = _HEADER.format(names=_NAMES, mark=escape(sheet.mark)).encode()
    parts["word/footer1.xml"] = _FOOTER.format(names=_NAMES, mark=escape(sheet.mark)).encode()
    _declare_margins(parts)
    write_comment_states(parts, threads)
    parts["word/styles.xml"] = restyle_docx(parts["word/styles.xml"], sheet.locale)
    if sheet.tracked:
        parts["word/settings.xml"] = _enable_tracking(parts["word/settings.xml"])
    _set_properties(parts, sheet)
    return pack_archive(parts)


def _move_paragraph_marks(document: Element) -> None:
    """Move an empty change at the end of a paragraph into its properties, where Word expects it."""
    for name in ("ins", "del"):
        for mark in [one for one in document.iter(w(name)) if len(one) == 0]:
            paragraph = mark.getparent()
            if paragraph is None or paragraph.tag != w("p"):
                continue
            paragraph.remove(mark)
            properties = paragraph.find(w("pPr"))
            if properties is None:
                properties = paragraph.makeelement(w("pPr"))
                paragraph.insert(0, properties)
            run = properties.find(w("rPr"))
            if run is None:
                run = properties.makeelement(w("rPr"))
                properties.append(run)
            run.insert(0, mark)


def changes_in(document: Element) -> Iterator[Element]:
    """Yield every tracked change of words or of a paragraph's end, in order."""
    yield from document.iter(w("ins"), w("del"))


def _number_changes(document: Element) -> None:
    for number, change in enumerate(changes_in(document), 1000):
        change.set(w("id"), str(number))


def _set_section(document: Element) -> None:
    body = document.find(w("body"))
    assert body is not None  # noqa: S101  pandoc writes one
    for old in [one for one in body if one.tag.endswith("sectPr")]:
        body.remove(old)
    body.append(parse_xml(_SECTION.format(names=_NAMES).encode()))


def _declare_margins(parts: Parts) -> None:
    """Register the header and footer in the content types and relationships."""
    types = parse_xml(parts["[Content_Types].xml"])
    relations = parse_xml(parts["word/_rels/document.xml.rels"])
    for part, kind, name in (("header1", "header", "rIdMarkAbove"), ("footer1", "footer", "rIdMarkBelow")):
        entry = {"PartName": f"/word/{part}.xml", "ContentType": f"{_KIND}.{kind}+xml"}
        types.append(types.makeelement(f"{{{TYPES}}}Override", entry))
        link = {"Id": name, "Type": f"{_RELATION}/{kind}", "Target": f"{part}.xml"}
        relations.append(relations.makeelement(f"{{{RELATIONS}}}Relationship", link))
    parts["[Content_Types].xml"] = serialise_xml(types)
    parts["word/_rels/document.xml.rels"] = serialise_xml(relations)


def _enable_tracking(content: bytes) -> bytes:
    settings = parse_xml(content)
    before = [one for one in settings if one.tag in {w(name) for name in _FIRST_IN_SETTINGS}]
    place = settings.index(before[-1]) + 1 if before else 0
    settings.insert(place, settings.makeelement(w("trackRevisions")))
    return serialise_xml(settings)


def _set_properties(parts: Parts, sheet: FileProperties) -> None:
    core = parse_xml(parts["docProps/core.xml"])
    for element in core:
        if element.tag == "{http://purl.org/dc/elements/1.1/}title":
            element.text = sheet.title
    if sheet.holder:
        holder = core.makeelement("{http://purl.org/dc/elements/1.1/}description")
        holder.text = sheet.holder
        core.append(holder)
    parts["docProps/core.xml"] = serialise_xml(core)
    # pandoc's own names Word as the application, with a wrong word count.
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    parts["docProps/app.xml"] = f'<Properties xmlns="{space}"/>'.encode()
