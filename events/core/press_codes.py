"""The code that a journalist shows at the door.

Derived with the site's key, so that every mail can carry it while the database keeps its hash only. It tells
nothing: twelve letters and digits that cannot be mistaken for each other when read aloud.
"""

import re
from uuid import UUID

from django.utils.crypto import salted_hmac

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ3456789"
_LONG = 12


def code_of(uuid: UUID) -> str:
    """The code, without its hyphens."""
    digest = salted_hmac("events.press_code", str(uuid), algorithm="sha256").digest()
    number, letters = int.from_bytes(digest), ""
    for _place in range(_LONG):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return letters


def shown(code: str) -> str:
    """In fours, as people read it aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def tidy(words: str) -> str:
    """What somebody typed or scanned, as `code_of` writes it."""
    return re.sub(r"[\s\-–—]", "", words).upper()
