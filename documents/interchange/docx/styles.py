"""How our Word files look: one typeface that every machine has with Kazakh letters, quiet headings."""

from typing import Final

from documents.interchange.archive import Element, parse, serialise, w

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
_OURS: Final = {"Header": "header", "Footer": "footer"}


def restyle(content: bytes, locale: str) -> bytes:
    """pandoc's styles with our looks; what a recipient changes in them stays theirs."""
    styles = parse(content)
    _defaults(styles, locale)
    known = {str(style.get(w("styleId"))): style for style in styles.iter(w("style"))}
    for name, label in _OURS.items():
        if name not in known:
            known[name] = _new_style(styles, name, label)
    for name, style in known.items():
        for fonts in style.iter(w("rFonts")):
            _set_font(fonts)
        if name in _SHAPES:
            _shape(style, name)
    _frame_tables(known["Table"])
    return serialise(styles)


def _frame_tables(style: Element) -> None:
    """Thin lines around every cell: a comparative table is read by them."""
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


def _defaults(styles: Element, locale: str) -> None:
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


def _shape(style: Element, name: str) -> None:
    size, bold, before, after = _SHAPES[name]
    paragraph = _fresh(style, "pPr", keep=("keepNext", "keepLines", "outlineLvl", "numPr"))
    place = next((index for index, one in enumerate(paragraph) if one.tag == w("outlineLvl")), len(paragraph))
    spacing = {w("before"): str(before), w("after"): str(after), w("line"): "276", w("lineRule"): "auto"}
    paragraph.insert(place, paragraph.makeelement(w("spacing"), spacing))
    if name in _INDENTED:
        indent = {w("left"): "567", w("right"): "567"}
        paragraph.insert(place + 1, paragraph.makeelement(w("ind"), indent))
    run = _fresh(style, "rPr", keep=())
    fonts = run.makeelement(w("rFonts"))
    _set_font(fonts)
    run.append(fonts)
    run.append(run.makeelement(w("b"), {w("val"): "1" if bold else "0"}))
    for tag in ("sz", "szCs"):
        run.append(run.makeelement(w(tag), {w("val"): str(size)}))


def _fresh(style: Element, name: str, *, keep: tuple[str, ...]) -> Element:
    """The properties of this name, emptied but for what belongs to the style's meaning."""
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
