"""The words of headers and footers: they are not part of a text, and are only said to be left out."""

from documents.interchange.archive import Element, Parts, w
from documents.interchange.reader.metadata import Found
from documents.interchange.reader.unpack import read_xml


def note_margins(parts: Parts, folder: str, relations: str, found: Found) -> None:
    """Keep what stands above and below the pages. `relations`: the part that names headers and footers."""
    for relation in read_xml(parts[relations]) if relations in parts else ():
        if str(relation.get("Type")).rpartition("/")[2] not in {"header", "footer"}:
            continue
        target = str(relation.get("Target"))
        name = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        if name in parts:
            found.add_margin(_words_of(read_xml(parts[name])))


def _words_of(part: Element) -> str:
    """The words, without what fields such as the number of the page show."""
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
