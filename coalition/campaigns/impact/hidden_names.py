"""Words that name an organisation whose name the reader may not read.

A name is found without regard to case, punctuation, accents and invisible characters, also in web addresses,
and with the endings that Russian and Kazakh put to its words. The part of a name that stands in quotation
marks is found alone. Other short forms are not known here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, may_see_name
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import participants_ever

SHORTEST_NAME: Final = 3  # letters of a name that is looked for in words
SHORTEST_STEM: Final = 4  # letters
SHORTEST_JOINED: Final = 8  # letters of a name that is looked for without spaces, as in web addresses
_QUOTED: Final = re.compile('[«“„"](.+?)[»”“"]')
_MARKS: Final = re.compile("[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_ENDINGS: Final = "аяоеыиуюіь"  # й is и after `_folded`
_MOST_ENDING: Final = 2  # letters


@dataclass(frozen=True)
class _NamePart:
    """A word of a name: how a word must begin to be it, and how long it is at most."""

    stem: str
    longest: int

    @classmethod
    def of(cls, word: str) -> "_NamePart":
        stem = word
        while len(stem) > max(SHORTEST_STEM, len(word) - _MOST_ENDING) and stem[-1] in _ENDINGS:
            stem = stem[:-1]
        return cls(stem, len(word) + (4 if len(word) >= SHORTEST_STEM else 2))

    def is_in(self, word: str) -> bool:
        return word.startswith(self.stem) and len(word) <= self.longest


class HiddenNames:
    """Finds and replaces words that name one of the organisations whose names the viewer may not read: they
    were public when the words were written. Build it with everybody who ever took part."""

    def __init__(self, organisations: Iterable[Organisation], viewer: Viewer) -> None:
        names = {
            tuple(words)
            for one in organisations
            if not may_see_name(viewer, one)
            for name in (one.name_kk, one.name_ru, one.name_en)
            for words in map(_folded, (name, *_QUOTED.findall(name)))
            if len("".join(words)) >= SHORTEST_NAME
        }
        joined = {"".join(words) for words in names if len(words) > 1}
        self._joined = {name for name in joined if len(name) >= SHORTEST_JOINED}
        self._by_letter: dict[str, list[list[_NamePart]]] = {}
        for words in sorted(names):
            self._by_letter.setdefault(words[0][0], []).append([_NamePart.of(word) for word in words])

    def are_in(self, text: str) -> bool:
        """Whether the text, or a web address in it, names one of them, in any language."""
        if not self._by_letter:
            return False
        words = _folded(text)
        joined = "".join(words)
        return any(name in joined for name in self._joined) or any(
            _begins_with(name, words, place)
            for place, word in enumerate(words)
            for name in self._by_letter.get(word[0], ())
        )

    def are_in_any(self, texts: Iterable[str]) -> bool:
        """Whether one of the texts names one of them."""
        return any(map(self.are_in, texts))

    def without(self, text: str) -> str:
        """Return the text, or what stands instead of it."""
        return withheld_words() if self.are_in(text) else text

    def without_in(self, text: Mapping[str, str]) -> LocalizedText:
        """Return a text in several languages, each as by `without`."""
        return LocalizedText({code: self.without(words) for code, words in text.items()})

    def editable(self, value: Any) -> Any:
        """Return an initial value of a form: a text without what names one of them, others as they are."""
        if isinstance(value, LocalizedText):
            return LocalizedText({code: words for code, words in value.items() if not self.are_in(words)})
        return "" if isinstance(value, str) and self.are_in(value) else value


def withheld_words() -> str:
    """Return what stands instead of a text that names an organisation."""
    return _("(withheld: it named an organisation)")


def hidden_names(workspace: Workspace, viewer: Viewer) -> HiddenNames:
    """Return the names of this workspace that the viewer may not read. One query."""
    return HiddenNames(participants_ever(workspace), viewer)


def _folded(text: str) -> list[str]:
    """Return the words of a text for comparison: without case, accents, invisible characters, and the
    escapes of a web address."""
    plain = unicodedata.normalize("NFKD", unquote(text))
    return re.findall(r"[^\W_]+", _MARKS.sub("", plain).casefold())


def _begins_with(name: Sequence[_NamePart], words: Sequence[str], place: int) -> bool:
    """Whether the name stands at this place among the words."""
    found = words[place : place + len(name)]
    return len(found) == len(name) and all(part.is_in(word) for part, word in zip(name, found, strict=True))
