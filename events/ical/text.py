"""TEXT values of calendars (RFC 5545, 3.3.11)."""

import re
from typing import Self

from icalendar import vText

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ENDS_OF_LINE = re.compile("\r\n|[\r\x85\u2028\u2029]")  # Unicode's count only in lenient readers
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class Text(vText):
    r"""Words without control characters, with one kind of line ends.

    icalendar's own class (7.3) writes a line end for a backslash before an N ("D:\News").
    """

    def __new__(cls, words: str) -> Self:
        return super().__new__(cls, plain_ical_text(words))

    def to_ical(self) -> bytes:
        return self.translate(_ESCAPES).encode()


def plain_ical_text(words: str) -> str:
    """Return the text without control characters, with one kind of line ends."""
    return _CONTROLS.sub("", _ENDS_OF_LINE.sub("\n", words))
