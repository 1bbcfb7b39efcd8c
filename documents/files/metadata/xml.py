"""Reading a part of XML: hostile XML is refused, comments are left out."""

from collections.abc import Iterable

from documents.files.archive import Element, NotTaken, read_xml
from documents.files.metadata.overwrite import NotCleaned


def read_part(content: bytes) -> Element:
    """Return the root of the tree. Raises NotCleaned for XML that is broken or asks for things outside."""
    try:
        root = read_xml(content)
    except NotTaken as error:
        raise NotCleaned(error.code if error.code == "hostile" else "broken") from error
    remove_elements([one for one in root.iter() if not isinstance(one.tag, str)])
    return root


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def remove_elements(elements: Iterable[Element]) -> None:
    """Remove elements, and keep the words that follow them."""
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
