"""A table for a spreadsheet program, which must not take any cell for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program takes such a cell for a formula


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """The file with this name, as an answer."""
    answer = HttpResponse(csv_bytes(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file itself: UTF-8 with its mark, everything in quotation marks."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell so that it begins no formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
