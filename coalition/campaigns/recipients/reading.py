"""Reads a list of people from the rows of a spreadsheet. Pure: no database.

Messages are in the active language. A field without a column is not in a record: nothing is said about it.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from coalition.campaigns.recipients.columns import TEXT_FIELDS, Column, Columns, recognise
from coalition.core.localized_text import language_codes
from events.spreadsheets.columns import language_codes as languages_in, region_codes
from events.spreadsheets.reader import FORMULA, MAX_CELL_LENGTH, NumberedRows

# By field: a text {language: words} for each language with a column, a list of codes, or words.
type Record = dict[str, Any]

LONGEST: Final = {"id": 80, "email": 254}
NO_COLUMN: Final[dict[str, Promise]] = {
    "id": gettext_lazy("There is no column for the identifier. Name one of them “id” in the first row."),
    "name": gettext_lazy("There is no column for the name. Name one of them “name” in the first row."),
}


@dataclass(frozen=True)
class CellFault:
    """Why a row cannot be taken. `row`: its number in the file; `column`: the heading as written there."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Trimmed:
    """An e-mail address that had a space before or after it in the file."""

    row: int
    email: str


@dataclass
class PeopleList:
    """What was read. `faults`: if there is one, nothing of the list may be used. `general`: faults of the
    whole file. `unused`: headings of columns that mean nothing here."""

    records: list[Record] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    general: list[str] = field(default_factory=list)
    trimmed: list[Trimmed] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not (self.faults or self.general)


class _Faulty(Exception):
    """A cell that cannot be taken, with the reason."""


def read_people(sheet: NumberedRows, language: str) -> PeopleList:
    """Return the people of a list. `language`: code of the language of texts whose heading names none."""
    columns = recognise(sheet.rows[0], language)
    found = PeopleList(unused=columns.unused)
    found.general = [str(words) for name, words in NO_COLUMN.items() if not columns.of(name)]
    if not found.general and len(sheet.rows) < 2:
        found.general.append(_("There is nothing below the first row, which names the columns."))
    if found.general:
        return found
    rows_of: dict[str, int] = {}
    for number, row in zip(sheet.numbers[1:], sheet.rows[1:], strict=True):
        record = _record(row, number, columns, found)
        identifier = record.get("id")
        if identifier and (before := rows_of.setdefault(identifier, number)) != number:
            words = _("The same identifier stands in row %(row)d: %(value)s.")
            _fault(found, number, columns.of("id")[0], words % {"row": before, "value": identifier})
        found.records.append(record)
    return found


def _record(row: list[str], number: int, columns: Columns, found: PeopleList) -> Record:
    record: Record = {}
    for column in columns.used:
        cell = row[column.at] if column.at < len(row) else ""
        try:
            value = _value(cell, column)
        except _Faulty as fault:
            _fault(found, number, column, str(fault))
            continue
        if column.language:
            record.setdefault(column.field, {})[column.language] = value
        else:
            record[column.field] = value
        if column.field == "email" and cell != value:
            found.trimmed.append(Trimmed(number, str(value)))
    if not any(record.get("name", {}).values()) and not _has_faulty_name(found, number, columns):
        _fault(found, number, columns.of("name")[0], _("The name is missing."))
    return record


def _has_faulty_name(found: PeopleList, number: int, columns: Columns) -> bool:
    headings = {column.heading for column in columns.of("name")}
    return any(fault.row == number and fault.column in headings for fault in found.faults)


def _fault(found: PeopleList, number: int, column: Column, message: str) -> None:
    found.faults.append(CellFault(number, column.heading, message))


def _value(cell: str, column: Column) -> str | list[str]:
    """Return the value of a cell. Raises _Faulty."""
    if cell == FORMULA:
        raise _Faulty(_("This cell holds a formula. Put its value in its place."))
    words = unicodedata.normalize("NFC", cell.strip())  # programs write one letter in several ways
    longest = LONGEST.get(column.field, MAX_CELL_LENGTH - 1)  # a cell of that length may have been cut
    if len(words) > longest:
        raise _Faulty(_("This is too long: at most %(most)d characters.") % {"most": longest})
    return words if column.field in TEXT_FIELDS else _READERS[column.field](words)


def _identifier(words: str) -> str:
    if not words:
        raise _Faulty(_("The identifier is missing."))
    return " ".join(words.split())  # no-break and thin spaces too


def _email(words: str) -> str:
    if " " in words:
        raise _Faulty(_("There is a space inside this e-mail address: “%(value)s”.") % {"value": words})
    try:
        if words:
            validate_email(words)
    except ValidationError as error:
        raise _Faulty(_("This is no e-mail address: “%(value)s”.") % {"value": words}) from error
    return words


def _region(words: str) -> str:
    codes, strange = _regions_in(words)
    if strange:
        why = _("This region is not known: “%(value)s”. Write its full name, or its code such as KZ-75.")
        raise _Faulty(why % {"value": ", ".join(strange)})
    if len(codes) > 1:
        raise _Faulty(_("Write one region, or none."))
    return codes[0] if codes else ""


def _languages(words: str) -> list[str]:
    codes, strange = _languages_in(words)
    unknown = [*strange, *(code for code in codes if code not in language_codes())]
    if unknown:
        why = _("This language is not known: “%(value)s”. Write for example: kk, ru.")
        raise _Faulty(why % {"value": ", ".join(unknown)})
    return list(codes)


# Thousands of rows hold the same few words.
_regions_in = lru_cache(maxsize=256)(region_codes)
_languages_in = lru_cache(maxsize=256)(languages_in)

_READERS: Final[dict[str, Callable[[str], str | list[str]]]] = {
    "id": _identifier,
    "region": _region,
    "languages": _languages,
    "email": _email,
}
