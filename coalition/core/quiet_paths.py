"""Sections of the site whose visits are never logged, since a visit may endanger the reader.

`deploy/nginx.conf` excludes the same paths; a test compares the two.
"""

import re
from typing import Final

SECTIONS: Final = ("help",)  # below `/<language>/`
# With or without the language: without it a visitor is redirected to the URL with one. Also with
# repeated slashes and path parameters (`;`, which uvicorn writes as %3B): these are not served, but
# a log line would reveal the same.
_QUIET: Final = re.compile(
    rf"(?:/+[a-z]{{2,3}}(?:-[a-z]+)?)?/+(?:{'|'.join(SECTIONS)})(?=[/?#;]|%3b|$)", re.IGNORECASE
)


def is_quiet(path: str) -> bool:
    """Return whether the path, with or without a query, is in such a section."""
    return _QUIET.match(path) is not None
