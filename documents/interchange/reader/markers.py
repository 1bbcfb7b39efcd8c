"""Temporary markers in a text: where a change or a comment begins and ends.

pandoc trims spaces at the edge of a tracked change and does not support split paragraphs, so
changes pass through it as private-use characters of Unicode, which no text of ours may contain. A
marker includes the number of its change or comment.
"""

import re
from typing import Final

from documents.canonical.characters import without_refused

INSERTED: Final = "\ue100"
DELETED: Final = "\ue101"
CHANGE_END: Final = "\ue102"
# The end of this paragraph was inserted: without the change its words run on into the next one.
MARK_INSERTED: Final = "\ue103"
MARK_DELETED: Final = "\ue104"
# The end of the paragraph before was changed: white space that this one begins with counts.
RUNS_ON: Final = "\ue107"
COMMENT: Final = "\ue105"
COMMENT_END: Final = "\ue106"
_CLOSE: Final = "\ue10f"
_FIRST_DIGIT: Final = 0xE110
_DIGITS: Final = "\ue110-\ue119"
_KINDS: Final = "\ue100-\ue107"

SIGN: Final = re.compile(f"([{_KINDS}])([{_DIGITS}]*){_CLOSE}")
PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")


def make_sign(kind: str, number: int = 0) -> str:
    """Return one marker as text."""
    return kind + "".join(chr(_FIRST_DIGIT + int(digit)) for digit in str(number)) + _CLOSE


def split_at_signs(text: str) -> list[str | tuple[str, int]]:
    """Return words, and markers as (kind, number), in order."""
    found: list[str | tuple[str, int]] = []
    end = 0
    for match in SIGN.finditer(text):
        if match.start() > end:
            found.append(text[end : match.start()])
        number = int("".join(str(ord(digit) - _FIRST_DIGIT) for digit in match.group(2)) or "0")
        found.append((match.group(1), number))
        end = match.end()
    if end < len(text):
        found.append(text[end:])
    return found


def remove_forbidden_characters(text: str) -> str:
    """Remove characters not allowed in our texts; private ones could be read as markers."""
    return without_refused(PRIVATE.sub("", text))
