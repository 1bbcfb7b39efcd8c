"""The words of the rule in one language, read from its file and compiled."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
_CAPITAL: Final = "[A-ZА-ЯӘІҢҒҮҰҚӨҺ]"
_BUILT_IN: Final = {
    "capital": _CAPITAL,
    "named": rf"{_CAPITAL}[\w’-]{{2,}}",
    "quoted": "(?:«[^»]{2,60}»|“[^”]{2,60}”|„[^“]{2,60}“)",
    "number": r"(?:№\s?\d+|No\.?\s?\d+)",
}
_ENDINGS: Final = {
    "kk": {"~": r"(?!лар|лер|дар|дер|тар|тер)\w*"},
    "ru": {"~f": "(?:а|ы|е|у|ой|ою|ей|я|и|ю|ь|ью)", "~m": "(?:|а|у|ом|ем|е|ь|я|ю|й)"},
    "en": {"~": "(?:’s)?"},
}
_NAME_ENDINGS: Final = {
    "kk": r"\w{0,6}",
    "ru": "(?:а|я|ь|й|ы|и|е|у|ой|ю|ей|ем|ом|ью)?",
    "en": "(?:’s)?",
}
_STAR: Final = re.compile(r"(?<!\\[wS])(?<!\])\*")  # a star behind a class is the expression's own


class Lexicon:
    """The compiled lists and patterns of a language, by their names in its file."""

    def __init__(self, language: str) -> None:
        raw = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        names = tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))
        patterns = raw.pop("patterns")
        sources = {name: _list(entries, _ENDINGS[language]) for name, entries in raw.items()}
        sources["names"] = _names(names[language], language)
        known = {**_BUILT_IN, **sources}
        for name, pattern in patterns.items():
            sources[name] = re.sub(r"<(\w+)>", lambda found: known.get(found[1], found[0]), pattern)
        self.ambiguous = frozenset(names["ambiguous"])
        self._compiled = {name: re.compile(source) for name, source in sources.items()}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self._compiled[name]


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language. Raises FileNotFoundError for one that has no words."""
    return Lexicon(language)


@cache
def first_names() -> frozenset[str]:
    """First names, in the three languages."""
    names = tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))
    return frozenset(name for language in ("kk", "ru", "en") for name in names[language])


def _list(entries: list[str], endings: dict[str, str]) -> str:
    """The entries as one group that minds its own case and the edges of words."""
    parts = []
    for entry in entries:
        made = _STAR.sub(r"\\w*", entry)
        for sign, ending in endings.items():
            made = made.replace(sign, ending)
        parts.append(made)
    return rf"(?i:(?<![\w-])(?:{'|'.join(parts)})(?!\w))"


def _names(names: list[str], language: str) -> str:
    stems = {name[:-1] if language == "ru" and name[-1] in "аяьй" else name for name in names}
    longest_first = "|".join(sorted(stems, key=lambda stem: (-len(stem), stem)))
    return rf"(?:(?<![\w-])(?:{longest_first}){_NAME_ENDINGS[language]}(?!\w))"
