"""What a file is called: its handling mark first, in letters that every system takes."""

import datetime
import re
import unicodedata
from typing import Final

_LETTERS: Final = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
    "з": "z", "и": "i", "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh",
    "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
_LONGEST: Final = 60
_CODE: Final = re.compile(r"_([0-9a-f]{8})(?:[ _(.-][^/]*)?\.[a-z]+$", re.IGNORECASE)


def plain(words: str) -> str:
    """Words in lower-case Latin letters, figures and hyphens."""
    spelled = "".join(_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", words).lower())
    simple = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", simple).strip("-")


def file_name(
    *, mark: str, kind: str, title: str, language: str, day: datetime.date, code: str, ending: str
) -> str:
    """`tlp-amber_statement-article-123_kk_2026-11-24_1f3a9c02.docx`.

    `code`: eight figures by which a file is known again when its properties are lost.
    """
    subject = f"{plain(kind)}-{plain(title)}"[:_LONGEST].strip("-")
    return f"{plain(mark)}_{subject}_{language}_{day.isoformat()}_{code}.{ending}"


def code_in(name: str) -> str:
    """The eight figures in a file's name, also in that of a copy (“… (1).docx”), or an empty string."""
    found = _CODE.search(name)
    return found.group(1).lower() if found else ""
