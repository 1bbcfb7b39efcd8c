"""Numbers: digits, with spaces between thousands, a fraction, a per cent sign."""

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"(?:[0-9]{1,3}(?:[ \u00a0][0-9]{3}){0,3}|[0-9]{1,9})(?:[.,][0-9]{1,3})?(?:[ \u00a0]?%)?"
)


def is_number(value: str, language: str) -> bool:
    """Whether it is one number; it is written alike in every `language`."""
    return _NUMBER.fullmatch(value) is not None
