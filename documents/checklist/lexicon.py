"""The word lists of the rules in each language, from `words/`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "words"


@dataclass(frozen=True)
class ChecklistWords:
    """The word lists of one language.

    `no_claim`: expressions with numbers that claim nothing; `source`: names a source; `about`:
    violence; `given`: a way to get help; `said`: reported speech; `title`: precedes the name of
    a thing; `case`: a court or police case; `firm`: the legal form of a firm; `presents`:
    introduces people who appear in their own name.
    """

    no_claim: tuple[str, ...]
    source: re.Pattern[str]
    about: re.Pattern[str]
    given: re.Pattern[str]
    said: re.Pattern[str]
    title: re.Pattern[str]
    case: re.Pattern[str]
    firm: re.Pattern[str]
    presents: re.Pattern[str]


@cache
def load_checklist_words(language: str) -> ChecklistWords:
    """Return the word lists of a language. Raises FileNotFoundError if it has none."""
    raw = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return ChecklistWords(
        no_claim=tuple(raw["numbers"]["no_claim"]),
        source=re.compile(rf"(?<!\w)(?:{'|'.join(raw['numbers']['source'])})", re.IGNORECASE),
        about=_whole_word_pattern(raw["help"]["about"]),
        given=_whole_word_pattern(raw["help"]["given"]),
        said=_whole_word_pattern(raw["quotations"]["said"]),
        title=_whole_word_pattern(raw["quotations"]["title"]),
        case=re.compile("|".join(raw["legal"]["case"])),  # a name begins with a capital letter
        firm=_whole_word_pattern(raw["legal"]["firm"]),
        presents=_whole_word_pattern(raw["legal"]["presents"]),
    )


def _whole_word_pattern(entries: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)
