"""What of a Word file does not come in: one pass that takes it out and counts it, by the codes of
`reasons.py`."""

import re
from collections.abc import Mapping
from typing import Final

from documents.interchange.archive import Element, w
from documents.interchange.reader.metadata import Found

_SILENT: Final = ""
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("altChunk", "subDoc", "object", "control"), "embedded"),
    **dict.fromkeys(("drawing", "pict"), "pictures"),
    **dict.fromkeys(
        ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblPrExChange",
         "tblGridChange", "numberingChange"),
        "form_changes",
    ),
    **dict.fromkeys(("cellIns", "cellDel", "cellMerge"), "table_changes"),
    # The borders of moves: what was moved is a deletion and an insertion.
    **dict.fromkeys(
        ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"), _SILENT
    ),
}  # fmt: skip
_OUTSIDE: Final = re.compile(
    r"^\s*(INCLUDE|LINK|DDE|IMPORT|DATABASE|RD\b|HYPERLINK\s+\"?file)", re.IGNORECASE
)


def take_out(root: Element, found: Found) -> None:
    """Take out of a part what our texts cannot hold, and what would lead outside of the file, in place."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):  # a comment or instruction of XML
            continue
        code = _code(element)
        if code is None:
            _clean(element, found)
            waiting += reversed(element)
            continue
        if code:
            found.left_out[code] += 1
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _code(element: Element) -> str | None:
    """Why an element does not come in, or None."""
    name = str(element.tag).rpartition("}")[2]
    parent = element.getparent()
    if name == "r" and _is_hidden(element):
        return "hidden"
    if name in {"ins", "del"} and parent is not None and parent.tag == w("trPr"):
        return "table_changes"
    return _KINDS.get(name)


def _is_hidden(run: Element) -> bool:
    mark = run.find(f"{w('rPr')}/{w('vanish')}")
    return mark is not None and mark.get(w("val")) not in {"0", "false", "off"}


def _clean(element: Element, found: Found) -> None:
    if element.tag in {w("t"), w("delText")} and element.text:
        element.text = found.cleaned(element.text)
    elif element.tag in {w("instrText"), w("fldSimple")}:
        _check_field(element, found)


def _check_field(element: Element, found: Found) -> None:
    """A field that fetches something is emptied; the words that stand in its place stay."""
    inside = element.tag == w("instrText")
    code = (element.text if inside else element.get(w("instr"))) or ""
    if not _OUTSIDE.match(code):
        return
    found.left_out["outside"] += 1
    if inside:
        element.text = ""
    else:
        element.set(w("instr"), "")
