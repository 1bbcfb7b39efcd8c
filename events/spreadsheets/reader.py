"""Reader of spreadsheets: from bytes to rows of text. Pure: no database, no formula evaluation.

Imports no Django: a sandboxed process starts for each file (`sandbox`), and half its start would be that.

A cell with a formula is returned as `FORMULA`, whatever its value was.
"""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

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
                yield number, ["" if cell.value is None else _cell(cell) for cell in row]
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
    visible = words if words.isprintable() else "".join(sign if sign.isprintable() else " " for sign in words)
    plain = " ".join(visible.split())
    if not plain:
        return ""
    return f"{' ' * visible[0].isspace()}{plain}{' ' * visible[-1].isspace()}"
