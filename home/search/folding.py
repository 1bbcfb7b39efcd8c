"""Word folding for the search: lower case, with letters missing on common keyboards replaced.

People without a Kazakh keyboard write “кызметкер”; the text says “қызметкер”. Folding preserves
length, so that positions in the folded text are positions in the text.
"""

import re
import unicodedata
from collections.abc import Iterator

FOLDED_LETTERS = dict(zip("әіңғүұқөһё", "аингуукохе", strict=True))
WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40  # letters: anything longer is not a word


# Characters whose lower case has the same length and no combining marks: nearly every text has only
# these.
PLAIN = re.compile(r"[\x00-\xbf\u0400-\u04ff\u2002-\u2027\u202f-\u205e\u20a0-\u20bf№→−×]*")


class _Letters(dict[int, str]):
    """Cache of each letter's folded form."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        if not "Ѐ" <= letter <= "ӿ":  # й is a separate letter, é is not
            low = unicodedata.normalize("NFD", low)
        folded = self[code] = FOLDED_LETTERS.get(low[0], low[0])
        return folded


_letters = _Letters()


def tidy(text: str) -> str:
    """Return the text with composed letters (NFC), without NUL, which databases reject, and
    invisible characters."""
    return unicodedata.normalize("NFC", text).replace("\0", " ").replace("\u00ad", "")


def fold(text: str) -> str:
    """Return the folded text, of equal length. The input must come from `tidy`."""
    if PLAIN.fullmatch(text) is None:
        return text.translate(_letters)
    folded = text.lower()  # equivalent, ten times as fast
    for letter, other in FOLDED_LETTERS.items():
        folded = folded.replace(letter, other)
    return folded


def folded_words(folded: str) -> Iterator[str]:
    """Yield the words of a folded text in order: letters and digits only."""
    return (found[0][:LONGEST_WORD] for found in WORD.finditer(folded))
