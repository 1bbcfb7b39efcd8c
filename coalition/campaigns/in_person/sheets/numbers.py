"""Numbers of sheets as people write them: “12–18, 20”. Pure."""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

MOST_NUMBERS: Final = 1000  # in one line
LARGEST: Final = 9_999_999
_PART: Final = re.compile(r"(\d{1,7})(?:\s*[-–—−]\s*(\d{1,7}))?")


def parse_numbers(words: str) -> list[int]:
    """Return the numbers in “12–18, 20”, each once, in order. Commas, semicolons and new lines part them.

    Raises Refused for what is not a number, a range that runs backwards, and more than `MOST_NUMBERS`.
    """
    found: set[int] = set()
    for part in re.split(r"[,;\n]+", words):
        if not part.strip():
            continue
        read = _PART.fullmatch(part.strip())
        if read is None:
            raise Refused(_("“%(part)s” is no number. Write them as 12–18, 20."), part=part.strip()[:40])
        first, last = int(read[1]), int(read[2] or read[1])
        if last < first or first < 1:
            raise Refused(_("“%(part)s” is no range: the smaller number comes first."), part=part.strip())
        if last - first >= MOST_NUMBERS or len(found) > MOST_NUMBERS:
            raise Refused(_("At most %(most)s sheets at once."), most=MOST_NUMBERS)
        found.update(range(first, last + 1))
    if not found:
        raise Refused(_("Write the numbers that stand on the sheets."))
    if len(found) > MOST_NUMBERS:
        raise Refused(_("At most %(most)s sheets at once."), most=MOST_NUMBERS)
    return sorted(found)
