"""Parts of the site of which no log says that somebody was there: who reads them may be in danger for it.

`deploy/nginx.conf` leaves the same paths out of its log; a test holds the two together.
"""

import re
from typing import Final

SECTIONS: Final = ("help",)  # below `/<language>/`
# With or without the language: without it a visitor is led to the address that has one. However often
# a slash is written, and with parameters of the path (`;`, which uvicorn writes as %3B): nobody is served
# there, but a line in a log would tell the same.
_QUIET: Final = re.compile(
    rf"(?:/+[a-z]{{2,3}}(?:-[a-z]+)?)?/+(?:{'|'.join(SECTIONS)})(?=[/?#;]|%3b|$)", re.IGNORECASE
)


def is_quiet(path: str) -> bool:
    """Return whether the path, with or without a query, lies in such a part."""
    return _QUIET.match(path) is not None
