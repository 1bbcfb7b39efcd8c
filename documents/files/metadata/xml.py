"""Parsing of XML parts: hostile XML is refused, comments are dropped."""

from collections.abc import Iterable

from documents.files.archive import Element, UnreadableFile, read_xml
from documents.files.metadata.overwrite import NotCleaned


def read_part(content: bytes) -> Element:
    """Return the root. Raises NotCleaned for XML that is broken or refers to external resources."""
    try:
        root = read_xml(content)
    except UnreadableFile as error:
        raise NotCleaned(error.code if error.code == "hostile" else "broken") from error
    remove_elements([one for one in root.iter() if not isinstance(one.tag, str)])
    return root


def local_name(element: Element) -> str:
    """Return the name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def remove_elements(elements: Iterable[Element]) -> None:
    """Remove elements, and keep the text that follows them."""
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        before = element.getprevious()
        if element.tail:
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)
