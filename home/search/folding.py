"""Words as the search sees them: in small letters, and one letter for those that keyboards lack.

People without a Kazakh keyboard write “кызметкер”; the text says “қызметкер”. Folding keeps the number of
letters, so that a place in the folded text is the same place in the text itself.
"""

import re
import unicodedata
from collections.abc import Iterator

FOLDED_LETTERS = dict(zip("әіңғүұқөһё", "аингуукохе", strict=True))
WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40  # letters: what is longer is no word


# Letters and signs whose small form is as long and has no parts: nearly every text has these alone.
PLAIN = re.compile(r"[\x00-\xbf\u0400-\u04ff\u2002-\u2027\u202f-\u205e\u20a0-\u20bf№→−×]*")


class _Letters(dict[int, str]):
    """Each letter's folded form, found once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        if not "Ѐ" <= letter <= "ӿ":  # й is a letter of its own, é is not
            low = unicodedata.normalize("NFD", low)
        folded = self[code] = FOLDED_LETTERS.get(low[0], low[0])
        return folded


_letters = _Letters()


def tidy(text: str) -> str:
    """The text with composed letters, and without what no database keeps (NUL) or no one sees."""
    return unicodedata.normalize("NFC", text).replace("\0", " ").replace("\u00ad", "")


def fold(text: str) -> str:
    """The text in folded letters, as many as before. Give it what `tidy` returned."""
    if PLAIN.fullmatch(text) is None:
        return text.translate(_letters)
    folded = text.lower()  # the same, ten times as fast
    for letter, other in FOLDED_LETTERS.items():
        folded = folded.replace(letter, other)
    return folded


def folded_words(folded: str) -> Iterator[str]:
    """The words of a folded text in their order: letters and digits, nothing else."""
    return (found[0][:LONGEST_WORD] for found in WORD.finditer(folded))
