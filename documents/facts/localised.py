"""How a fact is read: in the reader's language, or in one that it has."""

from dataclasses import dataclass

from coalition.accounts.enums import Language
from documents.facts.models import Fact, FactVersion, FactWords


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
