"""Word files by ISO/IEC 29500 Strict: the same words and changes under other names of namespaces."""

import re
from typing import Final

from documents.interchange.archive import Parts, serialise
from documents.interchange.reader.unpack import read_xml

_STRICT: Final = b"http://purl.oclc.org/ooxml/"
# After `serialise` namespaces, kinds of relations and of drawings are attributes in double quotes.
_NAME: Final = re.compile(rb'="http://purl\.oclc\.org/ooxml/(\w+)/')


def as_transitional(parts: Parts) -> Parts:
    """The parts under the names that pandoc and the rest of us know. Raises NotTaken."""
    return {
        name: _NAME.sub(rb'="http://schemas.openxmlformats.org/\1/2006/', serialise(read_xml(content)))
        if _STRICT in content
        else content
        for name, content in parts.items()
    }
