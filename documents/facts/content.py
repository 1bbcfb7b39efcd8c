"""Content of a fact's version as plain data: normalising and validating it. Pure."""

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
_MISSING_FIELD_MESSAGES: Final = {
    "sentence": _("What is said in this language is missing."),
    "scope": _("Say where and when it holds."),
    "source": _("Name who says so, in this language."),
}


@dataclass(frozen=True)
class FactWording:
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
class FactContent:
    """Content of a version. Languages without a word are not in `words`."""

    as_of: int
    publisher: str
    title: str = ""
    address: str = ""
    words: Mapping[str, FactWording] = field(default_factory=dict)


@dataclass(frozen=True)
class MissingFactField:
    """Something missing in a version: language ("" for none), field, and a sentence."""

    language: str
    field: str
    message: str | Promise


def normalise_content(saying: FactContent) -> FactContent:
    """Return the content in stored form: the normal form of approved words, so that texts match
    exactly.

    Raises CanonicalError for characters that no approved text may hold.
    """
    words = {
        code.value: FactWording(
            **{one.name: _normal(getattr(saying.words[code], one.name)) for one in fields(FactWording)}
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


def missing_fact_fields(saying: FactContent, *, kind: str, this_year: int) -> list[MissingFactField]:
    """Return the validation errors in the order of the form. Expects the result of `normalise_content`."""
    found = [
        MissingFactField(code, *lack)
        for code, wording in saying.words.items()
        for lack in _missing_in_wording(wording, kind)
    ]
    if not saying.words:
        found.append(MissingFactField("", "", _("Say it in at least one language.")))
    if not saying.publisher:
        found.append(MissingFactField("", "publisher", _("Name who published it.")))
    if not FIRST_YEAR <= saying.as_of <= this_year:
        found.append(
            MissingFactField(
                "", "as_of", _("Give the year of which it holds, not one that is still to come.")
            )
        )
    if saying.address and not _is_web(saying.address):
        found.append(MissingFactField("", "address", _("Give the whole address, beginning with https://")))
    return found


def _missing_in_wording(wording: FactWording, kind: str) -> list[tuple[str, str | Promise]]:
    found: list[tuple[str, str | Promise]] = []
    if kind == FactKind.NUMERAL and not wording.numeral:
        found.append(("numeral", _("The number is missing.")))
    if kind == FactKind.STATEMENT and wording.numeral:
        found.append(("numeral", _("A statement has no number in front. Choose the other kind.")))
    found += [(name, words) for name, words in _MISSING_FIELD_MESSAGES.items() if not getattr(wording, name)]
    return found


def _normal(words: str) -> str:
    return normal_text(words, "")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def search_words(saying: FactContent) -> str:
    """Return the text for the search index: every language, in lower case and without ё."""
    parts = [saying.publisher, saying.title]
    parts += [part for one in saying.words.values() for part in (one.title, one.scope, one.source)]
    return " ; ".join(filter(None, parts)).lower().replace("ё", "е")


# --- localised ---
# Display of a fact: in the reader's language, or in one that it has.


def fact_words_for(version: FactVersion | None, language: str) -> FactWords | None:
    """Return the words in the language, else in the first that it has, Kazakh first.
    Needs `words`."""
    rows = {row.language: row for row in version.words.all()} if version is not None else {}
    return next((rows[code] for code in (language, *Language.values) if code in rows), None)


def fact_title(fact: Fact, language: str) -> str:
    """Return the figure and its sentence, as a line. Needs `current` with its words."""
    return fact_line(fact_words_for(fact.current, language))


def fact_line(words: FactWords | None) -> str:
    return f"{words.numeral} {words.sentence}".strip() if words is not None else "—"


@dataclass(frozen=True)
class FactInLanguage:
    """One language of a version for a page: its words, or None if missing."""

    code: str
    name: str
    words: FactWords | None


def in_all_languages(version: FactVersion | None) -> list[FactInLanguage]:
    """Return every language, Kazakh first. Needs `words`."""
    rows = {row.language: row for row in version.words.all()} if version is not None else {}
    return [FactInLanguage(one.value, str(one.label), rows.get(one.value)) for one in Language]


def missing_in(version: FactVersion | None) -> list[str]:
    """Return the codes of the languages without words."""
    return [one.code for one in in_all_languages(version) if one.words is None]


# --- inline ---
# A fact in a text: its words and source by value, its version by UUID.
#
# Only the result of `fact_run` counts as the register's words; other words under the same UUID
# are a different statement (`documents/checklist/facts.py`).


class FactRun(TypedDict):
    """The attributes of the editor's node, and of the canonical run."""

    id: str
    words: str
    source: str


def fact_run(version: FactVersion, words: FactWords) -> FactRun:
    """Return the run of the version in the language of `words`. The text supplies the full stop of
    a sentence that ends a line: it may be in the middle of one."""
    said = f"{words.numeral} {words.sentence}".strip()
    title = f"“{version.title}”" if version.title else ""
    about = (_sentence(part) for part in (words.scope, words.source, title))
    source = " ".join(part for part in (*about, version.address) if part)
    return {"id": str(version.uuid), "words": said.removesuffix("."), "source": source}


def version_named(run: object) -> UUID | None:
    """Return the UUID of the version named in a node or run; None if not from the register."""
    try:
        return UUID(str(run))
    except ValueError:
        return None


def _sentence(words: str) -> str:
    return words if not words or words[-1] in ".!?…" else f"{words}."
