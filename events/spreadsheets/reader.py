"""Reader of spreadsheets: from bytes to rows of text. Pure: no database, no formula evaluation.

A cell with a formula is returned as `FORMULA`, whatever its value was.
"""

import csv
import datetime
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_sandboxed

MAX_FILE_BYTES: Final = 5 * 1024**2  # bytes of a file
LARGEST_UNPACKED: Final = 64 * 1024**2
MOST_PARTS: Final = 2_000  # of a zip archive
MOST_ROWS: Final = 3_000  # below the header
MOST_COLUMNS: Final = 60
MAX_CELL_LENGTH: Final = 500  # characters per cell
MOST_EMPTY: Final = 10_000  # consecutive empty rows
FORMULA: Final = "\x00formula"
_PACKED, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8-sig", "kz1048")  # Windows' Cyrillic code page with the Kazakh letters
_SEPARATORS = ";,\t|"

type Rows = list[list[str]]


class SpreadsheetRejected(Exception):
    """The file is not read; `code` gives the reason (`REJECTION_MESSAGES`)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class NumberedRows:
    """All non-empty rows, header first. `numbers`: of each in the file, from 1, empty rows counted. A cell
    with white space before or after its text has one space there."""

    rows: Rows
    numbers: list[int]


def read_rows(content: bytes) -> Rows:
    """Return all non-empty rows, header first, without white space around the cells. Raises
    SpreadsheetRejected."""
    return [[cell.strip() for cell in row] for row in read_numbered_rows(content).rows]


def read_numbered_rows(content: bytes) -> NumberedRows:
    """Return all non-empty rows with their numbers. Raises SpreadsheetRejected."""
    if len(content) > MAX_FILE_BYTES:
        raise SpreadsheetRejected("too_large")
    if content.startswith(_OLD_EXCEL):
        raise SpreadsheetRejected("old_excel")
    rows: Rows = []
    numbers: list[int] = []
    empty = 0
    for number, row in _workbook_rows(content) if content.startswith(_PACKED) else _text_rows(content):
        cells = [cell[:MAX_CELL_LENGTH] for cell, _n in zip(row, range(MOST_COLUMNS), strict=False)]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            empty += 1
            if empty > MOST_EMPTY:
                break
            continue
        empty = 0
        rows.append(cells)
        numbers.append(number)
        if len(rows) > MOST_ROWS + 1:
            raise SpreadsheetRejected("too_many_rows")
    if not rows:
        raise SpreadsheetRejected("empty")
    return NumberedRows(rows, numbers)


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # slow to import, and needed for workbooks only

    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # a file's own statement of its size is not reliable
            begun = False
            for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
                begun = begun or any(cell.value is not None for cell in row)
                yield number, [_cell(cell) for cell in row]
            if begun:
                return
    except SpreadsheetRejected:
        raise
    except Exception as error:  # any failure of the library means a broken file
        raise SpreadsheetRejected("broken") from error


def _check_archive(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise SpreadsheetRejected("broken") from error
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise SpreadsheetRejected("not_a_sheet")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise SpreadsheetRejected("too_large")


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        return FORMULA
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a phone number that the program stored as a number
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return _plain(str(value))


def _text_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpreadsheetRejected("not_a_sheet")
    text = _decoded(content)
    first, _end, rest = text.partition("\n")
    first_line = first.rstrip("\r")
    if first_line.lower().startswith("sep=") and len(first_line) == 5:
        separator, text, first_number = first_line[4], rest, 2
    else:
        first_number = 1
        # The most frequent one in the header, outside of quotation marks.
        outside = "".join(first.split('"')[::2])
        separator = max(_SEPARATORS, key=outside.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for number, row in enumerate(reader, first_number):
            yield number, [FORMULA if cell.lstrip().startswith("=") else _plain(cell) for cell in row]
    except csv.Error as error:
        raise SpreadsheetRejected("broken") from error


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise SpreadsheetRejected("not_a_sheet")


def _plain(words: str) -> str:
    """Remove invisible characters and line breaks; white space at either end becomes one space."""
    visible = "".join(sign if sign.isprintable() else " " for sign in words)
    plain = " ".join(visible.split())
    if not plain:
        return ""
    return f"{' ' * visible[0].isspace()}{plain}{' ' * visible[-1].isspace()}"


SANDBOX_SECONDS: Final = 15  # CPU time; 3,000 rows take one
SANDBOX_MEMORY_BYTES: Final = 1024**3


def read_rows_in_sandbox(content: bytes) -> Rows:
    """Return the rows of a spreadsheet as `read_rows` does. Raises SpreadsheetRejected."""
    return [[cell.strip() for cell in row] for row in read_numbered_rows_in_sandbox(content).rows]


def read_numbered_rows_in_sandbox(content: bytes) -> NumberedRows:
    """Return the rows of a spreadsheet as `read_numbered_rows` does. Raises SpreadsheetRejected."""
    if len(content) > MAX_FILE_BYTES:
        raise SpreadsheetRejected("too_large")
    command = [sys.executable, "-m", "events.spreadsheets.worker"]
    try:
        answer = json.loads(
            run_sandboxed(
                command, content, seconds=SANDBOX_SECONDS, memory=SANDBOX_MEMORY_BYTES, most=32 * 1024**2
            )
        )
    except SandboxStopped as error:
        raise SpreadsheetRejected("took_too_long") from error
    except SandboxFailed as error:
        raise SpreadsheetRejected("broken") from error
    if "not_taken" in answer:
        raise SpreadsheetRejected(answer["not_taken"])
    return NumberedRows(**answer)


REJECTION_MESSAGES: dict[str, Promise] = {
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
ROW_FAULT_MESSAGES: dict[str, Promise] = {
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
