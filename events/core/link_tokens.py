"""What a journalist holds: the token of a link, and a code that is shown at the door.

Both are derived with the site's key, so that every mail can carry them while the database keeps hashes only.
The code tells nothing: twelve letters and digits that cannot be mistaken for each other when read aloud.
"""

import re
from uuid import UUID

from django.utils.crypto import salted_hmac

from coalition.core.tokens import derive_token

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ3456789"
_LONG = 12


def token_of(uuid: UUID) -> str:
    """The token of the link, the same in every mail."""
    return derive_token("events.press_registration", str(uuid))


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
