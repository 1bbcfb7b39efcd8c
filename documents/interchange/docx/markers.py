"""Word's tracked changes and comments as signs in the words (`signs.py`)."""

from typing import Final

from documents.interchange.archive import XML, Element, w
from documents.interchange.reader import markers
from documents.interchange.reader.metadata import Found

_KINDS: Final = {
    "ins": markers.INSERTED,
    "moveTo": markers.INSERTED,
    "del": markers.DELETED,
    "moveFrom": markers.DELETED,
}
_MARKS: Final = {
    "ins": markers.MARK_INSERTED,
    "moveTo": markers.MARK_INSERTED,
    "del": markers.MARK_DELETED,
    "moveFrom": markers.MARK_DELETED,
}
_INSIDE_ROWS: Final = frozenset(
    {"p", "hyperlink", "smartTag", "fldSimple", "sdtContent", "ins", "del", "moveTo", "moveFrom"}
)


def put_signs(root: Element, found: Found, comments: dict[str, int]) -> None:
    """Put signs where changes and comments begin and end, in place."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or not element.tag.startswith(w("")):
            continue
        name = element.tag.rpartition("}")[2]
        if name in _KINDS:
            _change(element, name, found)
        elif name == "delText":
            element.tag = w("t")
        elif name in {"commentRangeStart", "commentRangeEnd", "commentReference"}:
            _comment(element, name, comments)


def _change(element: Element, name: str, found: Found) -> None:
    parent = element.getparent()
    if parent is None:
        return
    around = str(parent.tag).rpartition("}")[2]
    if around == "rPr":
        _paragraph_mark(element, name, found)
    elif around in _INSIDE_ROWS:
        number = found.add_change(element.get(w("author")), element.get(w("date")))
        _unwrap(
            element,
            _run(parent, markers.sign(_KINDS[name], number)),
            _run(parent, markers.sign(markers.CHANGE_END)),
        )
    elif around != "trPr":
        _unwrap(element, None, None)


def _paragraph_mark(element: Element, name: str, found: Found) -> None:
    """The change of a paragraph's end stands in its properties; its sign goes to its end."""
    run = element.getparent()
    properties = run.getparent() if run is not None else None
    paragraph = properties.getparent() if properties is not None else None
    if paragraph is None or properties is None or properties.tag != w("pPr") or paragraph.tag != w("p"):
        return
    number = found.add_change(element.get(w("author")), element.get(w("date")))
    paragraph.append(_run(paragraph, markers.sign(_MARKS[name], number)))
    _drop(element)
    following = paragraph.getnext()
    if following is not None and following.tag == w("p"):
        place = 1 if following.find(w("pPr")) is not None else 0
        following.insert(place, _run(following, markers.sign(markers.RUNS_ON)))


def _unwrap(element: Element, before: Element | None, after: Element | None) -> None:
    """What stands inside takes the place of the element, between two signs."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    inside = [one for one in (before, *element, after) if one is not None]
    parent.remove(element)
    for offset, one in enumerate(inside):
        parent.insert(place + offset, one)


def _comment(element: Element, name: str, comments: dict[str, int]) -> None:
    number = comments.get(str(element.get(w("id"))))
    parent = element.getparent()
    if parent is None:
        return
    if name == "commentReference":
        _drop(element)
    elif number is not None and str(parent.tag).rpartition("}")[2] in _INSIDE_ROWS:
        kind = markers.COMMENT if name == "commentRangeStart" else markers.COMMENT_END
        parent.replace(element, _run(parent, markers.sign(kind, number)))


def _run(near: Element, words: str) -> Element:
    run = near.makeelement(w("r"))
    text = run.makeelement(w("t"), {f"{{{XML}}}space": "preserve"})
    text.text = words
    run.append(text)
    return run


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
