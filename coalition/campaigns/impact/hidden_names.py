"""Words that name an organisation whose name the reader may not read."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, may_see_name
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import participants_ever

SHORTEST_NAME: Final = 3  # letters of a name that is looked for in words


class HiddenNames:
    """Finds and replaces words that name one of the organisations whose names the viewer may not read: they
    were public when the words were written. Build it with everybody who ever took part."""

    def __init__(self, organisations: Iterable[Organisation], viewer: Viewer) -> None:
        self.names = {
            name
            for one in organisations
            if not may_see_name(viewer, one)
            for name in map(_folded, (one.name_kk, one.name_ru, one.name_en))
            if len(name) >= SHORTEST_NAME
        }

    def are_in(self, words: str) -> bool:
        """Whether the words, or a web address among them, name one of them, in any language."""
        folded = _folded(words)
        return any(name in folded for name in self.names)

    def are_in_any(self, content: Any) -> bool:
        """Whether a string in this JSON value names one of them."""
        return any(self.are_in(words) for words in _strings(content))

    def without(self, words: str) -> str:
        """Return the words, or what stands instead of them."""
        return _("(withheld: it named an organisation)") if self.are_in(words) else words

    def without_in(self, words: Mapping[str, str]) -> LocalizedText:
        """Return a text in several languages, each as by `without`."""
        return LocalizedText({code: self.without(text) for code, text in words.items()})

    def editable(self, words: Mapping[str, str]) -> LocalizedText:
        """Return a text for a form, without the languages in which it names one of them."""
        return LocalizedText({code: text for code, text in words.items() if not self.are_in(text)})


def hidden_names(workspace: Workspace, viewer: Viewer) -> HiddenNames:
    """Return the names of this workspace that the viewer may not read. One query."""
    return HiddenNames(participants_ever(workspace), viewer)


def _folded(words: str) -> str:
    """Return the words for comparison: without case, punctuation, and the escapes of a web address."""
    plain = unicodedata.normalize("NFKC", unquote(words)).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
