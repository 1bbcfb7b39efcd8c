"""Removal of unsupported content of a Word file in one pass, counted by the codes of
`reasons.py`."""

import re
from collections.abc import Mapping
from typing import Final

from documents.files.archive import Element, Parts, read_xml, w
from documents.interchange.reader.document import FileMetadata

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
    # The borders of moves: a move is imported as a deletion and an insertion.
    **dict.fromkeys(
        ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"), _SILENT
    ),
}  # fmt: skip
_OUTSIDE: Final = re.compile(
    r"^\s*(INCLUDE|LINK|DDE|IMPORT|DATABASE|RD\b|HYPERLINK\s+\"?file)", re.IGNORECASE
)


def remove_unsupported(root: Element, found: FileMetadata) -> None:
    """Remove, in place, unsupported content of a part and references outside the file."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):  # an XML comment or processing instruction
            continue
        code = _reason_code(element)
        if code is None:
            _clean_element(element, found)
            waiting += reversed(element)
            continue
        if code:
            found.left_out[code] += 1
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _reason_code(element: Element) -> str | None:
    """Return the code of the reason why an element is not imported, or None."""
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


def _clean_element(element: Element, found: FileMetadata) -> None:
    if element.tag in {w("t"), w("delText")} and element.text:
        element.text = found.cleaned(element.text)
    elif element.tag in {w("instrText"), w("fldSimple")}:
        _check_field(element, found)


def _check_field(element: Element, found: FileMetadata) -> None:
    """Empty a field that fetches something; its displayed words are preserved."""
    inside = element.tag == w("instrText")
    code = (element.text if inside else element.get(w("instr"))) or ""
    if not _OUTSIDE.match(code):
        return
    found.left_out["outside"] += 1
    if inside:
        element.text = ""
    else:
        element.set(w("instr"), "")


# --- margins ---
# The words of headers and footers, which are not part of a text: only reported as left out.


def record_docx_margins(parts: Parts, folder: str, relations: str, found: FileMetadata) -> None:
    """Store the headers and footers. `relations`: the part that names them."""
    for relation in read_xml(parts[relations]) if relations in parts else ():
        if str(relation.get("Type")).rpartition("/")[2] not in {"header", "footer"}:
            continue
        target = str(relation.get("Target"))
        name = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        if name in parts:
            found.add_margin(_margin_words(read_xml(parts[name])))


def _margin_words(part: Element) -> str:
    """Return the words without the values of fields such as the page number."""
    words: list[str] = []
    fields = 0
    for element in part.iter(w("fldChar"), w("t"), w("p")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("p"):
            words.append(" ")
        elif kind is not None:
            fields += {"begin": 1, "end": -1}.get(kind, 0)
        elif fields <= 0 and next(element.iterancestors(w("fldSimple")), None) is None:
            words.append(element.text or "")
    return "".join(words)
