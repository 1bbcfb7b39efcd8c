"""Nested quotation marks."""

from typing import Final

from django.utils.translation import get_language

# Quotation marks around titles in our sentences, by language, and the marks that replace them
# inside.
_INNER: Final = {
    "kk": str.maketrans("«»", "„“"),
    "ru": str.maketrans("«»", "„“"),
    "en": str.maketrans("“”", "‘’"),
}


def nest_quotes(words: str) -> str:
    """Replace the marks inside quotation marks of the active language: ««A» B» becomes «„A“ B»."""
    return words.translate(_INNER.get(get_language() or "", {}))
