"""Words in the trees of OpenDocument: they stand in elements and behind them."""

from typing import Final

from documents.interchange.archive import Element, text_

ROWS: Final = frozenset({text_("p"), text_("h")})


def put_text(element: Element, words: str) -> None:
    """Words in place of an element."""
    element.tail = words + (element.tail or "")
    take_out(element)


def take_out(element: Element) -> None:
    """Take an element out; the words that follow it stay."""
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
    """Words at the end of a row."""
    if len(row):
        row[-1].tail = (row[-1].tail or "") + words
    else:
        row.text = (row.text or "") + words
