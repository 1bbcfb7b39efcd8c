"""Columns of a list of people, recognised by their headings in three languages.

A heading of a text may name its language, before or after: “name (kk)”, “қазақша аты”.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coalition.core.localized_text import fallback_order, language_codes
from events.spreadsheets.columns import HEADS, language_codes as languages_in, normalise_cell

TEXT_FIELDS: Final = ("name", "position", "committee", "electoral_list", "address")
FIELDS: Final = ("id", *TEXT_FIELDS[:4], "region", "languages", "email", "address")

# The first spelling of a language is the heading in the template file.
SPELLINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "en": "id, identifier, number, no, code",
        "ru": "идентификатор, номер, код, ид",
        "kk": "сәйкестендіргіш, нөмірі, нөмір, коды",
    },
    "name": {
        "en": "name, full name",
        "ru": "имя, фио, ф и о, полное имя, фамилия имя отчество",
        "kk": "аты жөні, аты, есімі, аты тегі, тегі аты әкесінің аты",
    },
    "position": {
        "en": "position, office, post",
        "ru": "должность, пост",
        "kk": "лауазымы, лауазым, қызметі",
    },
    "committee": {"en": "committee", "ru": "комитет", "kk": "комитеті"},
    "electoral_list": {
        "en": "list, party, party list, faction, district",
        "ru": "список, партия, партийный список, фракция, округ",
        "kk": "тізімі, тізім, партиясы, партиялық тізім, фракциясы, округі",
    },
    "region": {"en": f"region, {HEADS['regions']}", "ru": "регион", "kk": "өңірі"},
    "languages": {"en": f"languages, {HEADS['language']}", "ru": "языки", "kk": "тілдері"},
    "email": {"en": f"e mail, {HEADS['address']}", "ru": "эл почта", "kk": "эл пошта"},
    "address": {
        "en": "postal address, address",
        "ru": "почтовый адрес, адрес",
        "kk": "пошталық мекенжайы, мекенжайы, мекенжай, пошта мекенжайы",
    },
}
TEMPLATE_HEADS: Final[Mapping[str, Mapping[str, str]]] = {"email": {"en": "e-mail"}}


@dataclass(frozen=True)
class Column:
    """A column of the file: its index from 0, its heading as written, the field, and the language of a text
    ("" for other fields)."""

    at: int
    heading: str
    field: str
    language: str = ""


@dataclass(frozen=True)
class Columns:
    """The columns that are used, and headings of those that are not."""

    used: list[Column]
    unused: list[str]

    def of(self, field: str) -> list[Column]:
        return [column for column in self.used if column.field == field]


def recognise(headings: Sequence[str], language: str) -> Columns:
    """Return the columns; the first of each field and language counts. `language`: of texts whose heading
    names none."""
    used: dict[tuple[str, str], Column] = {}
    unused = []
    for at, heading in enumerate(headings):
        field, named = _meaning(heading)
        of_text = (named or language) if field in TEXT_FIELDS else ""
        if not field or (field, of_text) in used:
            unused.append(heading.strip())
        else:
            used[field, of_text] = Column(at, heading.strip(), field, of_text)
    return Columns(list(used.values()), [one for one in unused if one])


def _meaning(heading: str) -> tuple[str, str]:
    """Return field and language of a heading, "" where it names none."""
    words = normalise_cell(heading).split()
    if field := _KNOWN.get(" ".join(words)):
        return field, ""
    for cut in range(1, len(words)):
        for base, rest in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            field, language = _KNOWN.get(" ".join(base), ""), _language(" ".join(rest))
            if field in TEXT_FIELDS and language:
                return field, language
    return "", ""


def _language(words: str) -> str:
    found, strange = languages_in(words)
    return found[0] if len(found) == 1 and not strange and found[0] in language_codes() else ""


_KNOWN: Final[dict[str, str]] = {
    normalise_cell(one): field
    for field, by_language in SPELLINGS.items()
    for spellings in by_language.values()
    for one in spellings.split(",")
}


def template_headings(language: str) -> list[str]:
    """Return the headings of the template in `language`: of texts one for each content language."""
    found = []
    for field in FIELDS:
        spelled = {**{code: one.partition(",")[0] for code, one in SPELLINGS[field].items()}}
        spelled |= TEMPLATE_HEADS.get(field, {})
        word = next(spelled[code] for code in [*fallback_order(language), "en"] if code in spelled)
        found += [f"{word} ({code})" for code in language_codes()] if field in TEXT_FIELDS else [word]
    return found
