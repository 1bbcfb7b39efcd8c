"""The words that the rules know in each language, from `words/`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Words:
    """`no_claim` are expressions of numbers that claim nothing, `source` names a source; `about` is violence,
    `given` a way to help; `said` goes with what somebody said, `title` with the name of a thing; `case` is
    one case of a court or the police, `firm` the legal form of a firm; `presents` goes with the names of
    those who appear in their own name."""

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
def words_of(language: str) -> Words:
    """Raises FileNotFoundError for a language without words."""
    raw = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(
        no_claim=tuple(raw["numbers"]["no_claim"]),
        source=re.compile(rf"(?<!\w)(?:{'|'.join(raw['numbers']['source'])})", re.IGNORECASE),
        about=_whole(raw["help"]["about"]),
        given=_whole(raw["help"]["given"]),
        said=_whole(raw["quotations"]["said"]),
        title=_whole(raw["quotations"]["title"]),
        case=re.compile("|".join(raw["legal"]["case"])),  # a name begins with a capital letter
        firm=_whole(raw["legal"]["firm"]),
        presents=_whole(raw["legal"]["presents"]),
    )


def _whole(entries: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)
