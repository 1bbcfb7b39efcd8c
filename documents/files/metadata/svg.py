"""SVG inside of other files: drawings stay, what drawing programs write about themselves goes."""

from typing import Final

from documents.files.metadata.xml import local_name, read_part, remove_elements
from documents.interchange.archive import serialise

_SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = (_SVG, "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}")


def clean_svg(content: bytes) -> bytes:
    """Return the drawing without elements and attributes of other namespaces, and without `metadata`.

    Raises NotCleaned for XML that is broken or asks for things outside.
    """
    root = read_part(content)
    remove_elements(
        [one for one in root.iter() if not one.tag.startswith(_SVG) or local_name(one) == "metadata"]
    )
    for element in root.iter():
        for attribute in list(element.attrib):
            if attribute.startswith("{") and not attribute.startswith(_DRAWN):
                del element.attrib[attribute]
    return serialise(root)
