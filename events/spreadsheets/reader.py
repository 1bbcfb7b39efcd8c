"""From the bytes of a spreadsheet to its rows of text. Pure: it knows no database, and evaluates nothing.

A cell that holds a formula comes out as `FORMULA`, whatever its value was.
"""

import csv
import datetime
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_sandboxed

LARGEST: Final = 5 * 1024**2  # bytes of a file
LARGEST_UNPACKED: Final = 64 * 1024**2
MOST_PARTS: Final = 2_000  # of a packed file
MOST_ROWS: Final = 3_000  # below the heads
MOST_COLUMNS: Final = 60
LONGEST: Final = 500  # signs of a cell
MOST_EMPTY: Final = 10_000  # rows that hold nothing, one after the other
FORMULA: Final = "\x00formula"
_PACKED, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8-sig", "kz1048")  # Windows' Cyrillic with the Kazakh letters
_SEPARATORS = ";,\t|"

type Rows = list[list[str]]


class NotTaken(Exception):
    """The file is not read; `code` says why (`words.NOT_TAKEN`)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_rows(content: bytes) -> Rows:
    """All rows that hold something, heads first. Raises NotTaken."""
    if len(content) > LARGEST:
        raise NotTaken("too_large")
    if content.startswith(_OLD_EXCEL):
        raise NotTaken("old_excel")
    rows = _limited(_of_workbook(content) if content.startswith(_PACKED) else _of_text(content))
    if not rows:
        raise NotTaken("empty")
    return rows


def _limited(rows: Iterable[Iterable[str]]) -> Rows:
    kept: Rows = []
    empty = 0
    for row in rows:
        cells = [cell[:LONGEST].strip() for cell, _n in zip(row, range(MOST_COLUMNS), strict=False)]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty += 1
            if empty > MOST_EMPTY:
                break
            continue
        empty = 0
        kept.append(cells)
        if len(kept) > MOST_ROWS + 1:
            raise NotTaken("too_many_rows")
    return kept


def _of_workbook(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # much to load, for the few who bring a workbook

    _look_into(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size may be anything
            begun = False
            for row in sheet.iter_rows(max_col=MOST_COLUMNS):
                begun = begun or any(cell.value is not None for cell in row)
                yield [_cell(cell) for cell in row]
            if begun:
                return
    except NotTaken:
        raise
    except Exception as error:  # whatever a broken file does to the library is one reason to us
        raise NotTaken("broken") from error


def _look_into(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise NotTaken("broken") from error
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise NotTaken("not_a_sheet")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise NotTaken("too_large")


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        return FORMULA
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a phone number that the program took for a figure
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return _plain(str(value))


def _of_text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first, _end, rest = text.partition("\n")
    told = first.rstrip("\r")
    if told.lower().startswith("sep=") and len(told) == 5:
        separator, text = told[4], rest
    else:
        separator = _separator(first)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield [FORMULA if cell.lstrip().startswith("=") else _plain(cell) for cell in row]
    except csv.Error as error:
        raise NotTaken("broken") from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        raise NotTaken("not_a_sheet")
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotTaken("not_a_sheet")


def _separator(line: str) -> str:
    """The one that stands most often in the heads, outside of quotation marks."""
    outside = "".join(part for number, part in enumerate(line.split('"')) if number % 2 == 0)
    return max(_SEPARATORS, key=outside.count)


def _plain(words: str) -> str:
    """Without signs that nobody sees or that begin a new line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


# --- sandbox ---
# Reading a spreadsheet in a process of its own, with limits: what it does to the reader, it does there.


SECONDS: Final = 15  # of computing; 3,000 rows take one
MEMORY: Final = 1024**3


def read_apart(content: bytes) -> Rows:
    """The rows of a spreadsheet, heads first. Raises NotTaken."""
    if len(content) > LARGEST:
        raise NotTaken("too_large")
    command = [sys.executable, "-m", "events.spreadsheets.worker"]
    try:
        said = json.loads(run_sandboxed(command, content, seconds=SECONDS, memory=MEMORY, most=32 * 1024**2))
    except SandboxStopped as error:
        raise NotTaken("took_too_long") from error
    except SandboxFailed as error:
        raise NotTaken("broken") from error
    if "not_taken" in said:
        raise NotTaken(said["not_taken"])
    rows: Rows = said["rows"]
    return rows


# --- messages ---
# Why a spreadsheet, or one of its rows, is not taken: in words.


NOT_TAKEN: dict[str, Promise] = {
    "too_large": _("The file is larger than 5 MB. Divide it into several."),
    "too_many_rows": _("The file has more than 3,000 rows. Divide it into several."),
    "old_excel": _("This is an .xls file of an old Excel. Save it as .xlsx or .csv and bring it again."),
    "not_a_sheet": _("This is no spreadsheet that can be read here. Save it as .xlsx or .csv."),
    "broken": _("The file is damaged and could not be read. Save it anew as .xlsx or .csv."),
    "took_too_long": _("The file took too long to read. Keep only the sheet with the contacts in it."),
    "empty": _("There is nothing in this file."),
    "no_columns": _(
        "No columns were recognised. The first row has to name them, for example: outlet, name, e-mail,"
        " phone, language."
    ),
    "no_coverage_columns": _(
        "No columns were recognised. The first row has to name them, for example: outlet, date, link, reach."
    ),
    "no_day": _("There is no column for the day. Name one of them “date” in the first row."),
    "no_outlet": _("There is no column for the outlet. Name one of them “outlet” in the first row."),
    "no_way": _(
        "There is no column for an e-mail, a phone number or a messenger. Name one in the first row."
    ),
    "only_heads": _("There is nothing below the first row, which names the columns."),
}
FAULTS: dict[str, Promise] = {
    "formula": _("A cell holds a formula. Formulas are not worked out here: put the value in its place."),
    "no_outlet": _("The outlet is missing."),
    "no_way": _("There is no e-mail, phone number or messenger."),
    "address": _("This is no e-mail address."),
    "phone": _("This is no phone number."),
    "language": _("This language is not one of ours: Kazakh, Russian, English."),
    "kind": _("This is none of the kinds: online, television, radio, print, news agency, social networks."),
    "day": _("This is no day, for example 2026-03-03 or 03.03.2026."),
    "time": _("This is no time, for example 18:30."),
    "reach": _("The reach is a number of people."),
    "coverage_twice": _("The same stands further up in this file."),
    "twice": _("The same person stands further up in this file."),
    "too_long": _("A cell is too long for what it names."),
}
