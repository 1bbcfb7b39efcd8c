"""Quotation marks inside quotation marks."""

from typing import Final

from django.utils.translation import get_language

# What stands around titles in our sentences, in each language, and what the same marks become inside them.
_INNER: Final = {
    "kk": str.maketrans("«»", "„“"),
    "ru": str.maketrans("«»", "„“"),
    "en": str.maketrans("“”", "‘’"),
}


def nest_quotes(words: str) -> str:
    """The words as they stand between quotation marks of the active language: ««A» B» is «„A“ B»."""
    return words.translate(_INNER.get(get_language() or "", {}))
