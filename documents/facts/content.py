"""What a version of a fact says, as plain data: tidied, and what is missing in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final, TypedDict
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from documents.canonical.characters import normal_text
from documents.facts.enums import FactKind
from documents.facts.models import Fact, FactVersion, FactWords

FIRST_YEAR: Final = 1900
_NEEDED: Final = {
    "sentence": _("What is said in this language is missing."),
    "scope": _("Say where and when it holds."),
    "source": _("Name who says so, in this language."),
}


@dataclass(frozen=True)
class Wording:
    """A fact in one language."""

    numeral: str = ""
    sentence: str = ""
    scope: str = ""
    source: str = ""
    how: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))

    @property
    def title(self) -> str:
        """The figure and its sentence, as a line."""
        return f"{self.numeral} {self.sentence}".strip()


@dataclass(frozen=True)
class Saying:
    """Everything a version says. Languages without a word are not in `words`."""

    as_of: int
    publisher: str
    title: str = ""
    address: str = ""
    words: Mapping[str, Wording] = field(default_factory=dict)


@dataclass(frozen=True)
class Lack:
    """Something that a version lacks: of which language ("" for none), in which field, and a sentence."""

    language: str
    field: str
    message: str | Promise


def tidied(saying: Saying) -> Saying:
    """In the form that is kept: the normal form of approved words, so that a text holds the very same.

    Raises CanonicalError for characters that no approved text may hold.
    """
    words = {
        code.value: Wording(
            **{one.name: _normal(getattr(saying.words[code], one.name)) for one in fields(Wording)}
        )
        for code in Language
        if code in saying.words
    }
    return replace(
        saying,
        publisher=_normal(saying.publisher),
        title=_normal(saying.title),
        address=saying.address.strip(),
        words={code: one for code, one in words.items() if not one.is_empty},
    )


def lacks(saying: Saying, *, kind: str, this_year: int) -> list[Lack]:
    """What keeps it from being kept, in the order of the form. Expects what `tidied` gives."""
    found = [Lack(code, *lack) for code, wording in saying.words.items() for lack in _lacks_of(wording, kind)]
    if not saying.words:
        found.append(Lack("", "", _("Say it in at least one language.")))
    if not saying.publisher:
        found.append(Lack("", "publisher", _("Name who published it.")))
    if not FIRST_YEAR <= saying.as_of <= this_year:
        found.append(Lack("", "as_of", _("Give the year of which it holds, not one that is still to come.")))
    if saying.address and not _is_web(saying.address):
        found.append(Lack("", "address", _("Give the whole address, beginning with https://")))
    return found


def _lacks_of(wording: Wording, kind: str) -> list[tuple[str, str | Promise]]:
    found: list[tuple[str, str | Promise]] = []
    if kind == FactKind.NUMERAL and not wording.numeral:
        found.append(("numeral", _("The number is missing.")))
    if kind == FactKind.STATEMENT and wording.numeral:
        found.append(("numeral", _("A statement has no number in front. Choose the other kind.")))
    found += [(name, words) for name, words in _NEEDED.items() if not getattr(wording, name)]
    return found


def _normal(words: str) -> str:
    return normal_text(words, "")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def search_words(saying: Saying) -> str:
    """What the search looks into: every language, in lower case and without ё."""
    parts = [saying.publisher, saying.title]
    parts += [part for one in saying.words.values() for part in (one.title, one.scope, one.source)]
    return " ; ".join(filter(None, parts)).lower().replace("ё", "е")


# --- localised ---
# How a fact is read: in the reader's language, or in one that it has.


def words_in(version: FactVersion | None, language: str) -> FactWords | None:
    """What a version says in the language, else in the first that it has, Kazakh first. Needs `words`."""
    rows = {row.language: row for row in version.words.all()} if version is not None else {}
    return next((rows[code] for code in (language, *Language.values) if code in rows), None)


def title_of(fact: Fact, language: str) -> str:
    """The figure and its sentence, as a line. Needs `current` with its words."""
    return line_of(words_in(fact.current, language))


def line_of(words: FactWords | None) -> str:
    return f"{words.numeral} {words.sentence}".strip() if words is not None else "—"


@dataclass(frozen=True)
class Told:
    """One language of a version for a page: its words, or none where it is missing."""

    code: str
    name: str
    words: FactWords | None


def in_all_languages(version: FactVersion | None) -> list[Told]:
    """Every language, Kazakh first. Needs `words`."""
    rows = {row.language: row for row in version.words.all()} if version is not None else {}
    return [Told(one.value, str(one.label), rows.get(one.value)) for one in Language]


def missing_in(version: FactVersion | None) -> list[str]:
    """Codes of the languages in which it is not said yet."""
    return [one.code for one in in_all_languages(version) if one.words is None]


# --- inline ---
# A fact as it stands in a text: its words and source by value, its version by UUID.
#
# Only what `run_of` gives counts as the register's words; a text that holds others under the same UUID says
# something else (`documents/checklist/facts.py`).


class Run(TypedDict):
    """The attributes of the editor's node, and of the canonical run."""

    id: str
    words: str
    source: str


def run_of(version: FactVersion, words: FactWords) -> Run:
    """What a text in the language of `words` says of the version. A sentence that ends a line there gets its
    full stop from the text: it may stand in the middle of one."""
    said = f"{words.numeral} {words.sentence}".strip()
    title = f"“{version.title}”" if version.title else ""
    about = (_sentence(part) for part in (words.scope, words.source, title))
    source = " ".join(part for part in (*about, version.address) if part)
    return {"id": str(version.uuid), "words": said.removesuffix("."), "source": source}


def version_named(run: object) -> UUID | None:
    """The version that a node or run names; None for one that is of no register."""
    try:
        return UUID(str(run))
    except ValueError:
        return None


def _sentence(words: str) -> str:
    return words if not words or words[-1] in ".!?…" else f"{words}."
