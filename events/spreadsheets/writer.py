"""Writer of CSV tables in which a spreadsheet program takes no cell for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program takes such a cell for a formula


def csv_response(heads: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Return the file with this name as a response."""
    answer = HttpResponse(csv_bytes(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the file: UTF-8 with a byte order mark, all fields quoted."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def escape_formula(cell: str) -> str:
    """Escape the cell so that it begins no formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
