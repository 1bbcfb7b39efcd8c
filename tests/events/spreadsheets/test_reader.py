"""Spreadsheets as people save them, and hostile ones."""

import io
import subprocess
import sys
import zipfile

import pytest
from openpyxl import Workbook

from events.spreadsheets.reader import (
    FORMULA,
    MAX_FILE_BYTES,
    MOST_ROWS,
    SpreadsheetRejected,
    read_numbered_rows,
    read_rows,
)
from events.spreadsheets.sandbox import read_rows_in_sandbox

LINES = ["Редакция;Имя;Почта", "Қала ТВ;Әсел Өмірова;a@x.example"]
ROWS = [["Редакция", "Имя", "Почта"], ["Қала ТВ", "Әсел Өмірова", "a@x.example"]]


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding, end) -> None:
    assert read_rows(end.join(LINES).encode(encoding)) == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator) -> None:
    words = "\n".join(LINES).replace(";", separator)
    assert read_rows(words.encode()) == ROWS
    assert read_rows(f"sep={separator}\n{words}".encode()) == ROWS


def test_quotation_marks_hold_separators_and_lines() -> None:
    assert read_rows(b'outlet,name\n"A, B","x\ny"\n') == [["outlet", "name"], ["A, B", "x y"]]


def test_a_workbook_and_its_first_sheet_with_something_in_it() -> None:
    made = Workbook()
    sheet = made.create_sheet("Second")
    for row in (["outlet", "phone"], ["Qala", 77010000000], [None, None], ["Two", 7.0]):
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    assert read_rows(out.getvalue()) == [["outlet", "phone"], ["Qala", "77010000000"], ["Two", "7"]]


def test_formulas_are_told_and_never_worked_out() -> None:
    formula = '=HYPERLINK("https://x.example")'
    assert read_rows(book(["outlet"], [formula], ["=1+1"])) == [["outlet"], [FORMULA], [FORMULA]]
    assert read_rows(b"outlet;name\n=cmd|' /C calc'!A0;x") == [["outlet", "name"], [FORMULA, "x"]]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", b" " * (70 * 1024**2))
    return out.getvalue()


def _entities() -> bytes:
    """A workbook whose sheet begins with entities that grow."""
    whole, out = zipfile.ZipFile(io.BytesIO(book(["outlet"], ["x"]))), io.BytesIO()
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>'.encode()
    with zipfile.ZipFile(out, "w") as made:
        for name in whole.namelist():
            content = whole.read(name)
            made.writestr(name, head + content if name.endswith("sheet1.xml") else content)
    return out.getvalue()


HOSTILE = {
    "too large": (b"a" * (MAX_FILE_BYTES + 1), "too_large"),
    "bomb": (_bomb(), "too_large"),
    "entities": (_entities(), "broken"),
    "old": (b"\xd0\xcf\x11\xe0" + b"x" * 99, "old_excel"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_sheet"),
    "another package": (b"PK\x03\x04" + b"x" * 50, "broken"),
    "cut off": (book(["a"], ["b"])[:900], "broken"),
    "nothing": (b"\n\n ;; \n", "empty"),
    "many rows": (b"outlet\n" + b"x\n" * (MOST_ROWS + 1), "too_many_rows"),
}


@pytest.mark.parametrize("content, code", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_with_a_reason(content, code) -> None:
    with pytest.raises(SpreadsheetRejected) as refusal:
        read_rows(content)
    assert refusal.value.code == code


def test_it_is_read_in_a_process_of_its_own() -> None:
    assert read_rows_in_sandbox("\n".join(LINES).encode()) == ROWS
    with pytest.raises(SpreadsheetRejected) as refusal:
        read_rows_in_sandbox(_entities())
    assert refusal.value.code == "broken"


def test_the_process_loads_no_django() -> None:
    code = "import sys, events.spreadsheets.worker; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_rows_are_numbered_as_in_the_file_and_a_space_around_a_cell_is_seen() -> None:
    found = read_numbered_rows("sep=;\nid;mail\n\n1; a@x.example\n;;\n2;b@x.example\u00a0\u00a0\n".encode())
    assert found.rows == [["id", "mail"], ["1", " a@x.example"], ["2", "b@x.example "]]
    assert found.numbers == [2, 4, 6]
    sheet = read_numbered_rows(book(["id", "mail"], [], [1, "  a b "]))
    assert (sheet.rows, sheet.numbers) == ([["id", "mail"], ["1", " a b "]], [1, 3])
    assert read_rows(book(["id"], [" a "])) == [["id"], ["a"]]
