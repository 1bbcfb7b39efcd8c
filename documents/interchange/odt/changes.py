"""Tracked changes and comments in OpenDocument's form, which pandoc does not write.

A change in the text is a pair of points; its kind and the deleted words are stored once in the
document's head. pandoc passes raw XML through: the part for the head is written next to the words,
and `odt/finish.py` moves it there.
"""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from documents.files.archive import Element, text_
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.tree import Tree

HEAD: Final = "urn:coalition:head"


"""The namespace of the wrapper around what belongs to the head."""


_LOEXT: Final = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"


def insertion_inlines(content: list[Tree], author: str, at: str) -> list[Tree]:
    """Return words between the two points of an insertion."""
    return [
        _raw(_region("insertion", author, at) + _point("change-start")),
        *content,
        _raw(_point("change-end")),
    ]


def deletion_inlines(content: list[Tree], author: str, at: str) -> list[Tree]:
    """Return the point of a deletion; the deleted words are in the head."""
    words = f"<text:p>{''.join(map(_plain, content))}</text:p>"
    return [_raw(_region("deletion", author, at, words) + _point("change"))]


def annotation(number: str, author: str, at: str, words: str, *, resolved: bool = False) -> Tree:
    """Return a comment at the beginning of its words.

    `resolved` is LibreOffice's extension, since OpenDocument has no such state.
    """
    rows = "".join(f"<text:p>{escape(row)}</text:p>" for row in words.split("\n"))
    head = f"<dc:creator>{escape(author)}</dc:creator><dc:date>{at.rstrip('Z')}</dc:date>"
    state = f' xmlns:loext="{_LOEXT}" loext:resolved="true"' if resolved else ""
    return _raw(f'<office:annotation office:name="c{number}"{state}>{head}{rows}</office:annotation>')


def annotation_end(number: str) -> Tree:
    return _raw(f'<office:annotation-end office:name="c{number}"/>')


def _raw(xml: str) -> Tree:
    return tree.raw_node("opendocument", xml)


def _region(kind: str, author: str, at: str, words: str = "") -> str:
    who = f"<dc:creator>{escape(author)}</dc:creator><dc:date>{at.rstrip('Z')}</dc:date>"
    change = f"<text:{kind}><office:change-info>{who}</office:change-info>{words}</text:{kind}>"
    return f"<head:region xmlns:head={quoteattr(HEAD)}>{change}</head:region>"


def _point(name: str) -> str:
    return f"<text:{name}/>"


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


# --- trees ---
# Text in OpenDocument's trees: in elements and after them.


ROWS: Final = frozenset({text_("p"), text_("h")})


def replace_with_text(element: Element, words: str) -> None:
    """Replace an element by text."""
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
    """Append text to a row."""
    if len(row):
        row[-1].tail = (row[-1].tail or "") + words
    else:
        row.text = (row.text or "") + words
