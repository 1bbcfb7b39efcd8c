"""A list of 2,000 people: read in its sandbox, compared, applied. Import after `django.setup()`."""

import io
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.figures import Figure, at_most, told

if TYPE_CHECKING:
    from coalition.campaigns.recipients.models import Body, TargetImport
    from coalition.workspaces.permissions import Access

GROUP = "campaign"
PEOPLE = 2000
HEADS = [
    "id", "name (kk)", "name (ru)", "position (kk)", "position (ru)", "committee (kk)", "committee (ru)",
    "list (kk)", "region", "languages", "e-mail", "postal address (ru)",
]  # fmt: skip


def imports() -> list[Figure]:
    """Import a list of new people, then one in which half of them change, a tenth is gone and a tenth new."""
    from coalition.campaigns.recipients.actions.bodies import add_body
    from coalition.roles import SeatRole
    from coalition.workspaces.permissions import access_to
    from tests.factories import seat

    print(f"  {PEOPLE} recipients imported twice", flush=True)
    editor = seat(role=SeatRole.EDITOR)
    access = access_to(editor.person, editor.workspace.uuid)
    body = add_body(access=access, kind="parliament", name={"en": "Bench parliament"})
    first, second = _book(range(PEOPLE), ""), _book(range(PEOPLE // 10, PEOPLE + PEOPLE // 10), "new")
    figures = []
    for words, content in (("new", first), ("half of them changed", second)):
        row, reading = _seconds(lambda content=content: _read(access, body, content))
        comparing = _seconds(lambda row=row: _compare(row))[1]
        applying = _seconds(lambda row=row: _apply(access, row))[1]
        total = reading + applying  # reading includes the first comparison
        figures += [
            at_most(GROUP, f"import {PEOPLE} recipients, {words}", total, "s", reach=3),
            told(GROUP, f"of it reading, {words}", reading - comparing, "s"),
            told(GROUP, f"of it comparing, {words}", comparing, "s"),
            told(GROUP, f"of it applying, {words}", applying, "s"),
        ]
    return figures


def _seconds[T](act: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    found = act()
    return found, time.perf_counter() - begun


def _read(access: "Access", body: "Body", content: bytes) -> "TargetImport":
    from coalition.campaigns.core.days import site_today
    from coalition.campaigns.recipients.actions.imports import read_list

    return read_list(
        access=access,
        body=body,
        name="bench.xlsx",
        content=content,
        source="bench",
        as_of=site_today(),
        language="kk",
    )


def _compare(row: "TargetImport") -> None:
    from coalition.campaigns.recipients.difference import difference_between

    difference_between(row.body.targets.all(), [*row.records, *row.difference["added"]])


def _apply(access: "Access", row: "TargetImport") -> None:
    from coalition.campaigns.recipients.actions.imports import apply_import

    if not apply_import(access=access, target_import=row):
        raise RuntimeError("the list changed meanwhile")


def _book(numbers: range, mark: str) -> bytes:
    """Return a workbook with these people; every second one differs by `mark`."""
    from openpyxl import Workbook

    book = Workbook()  # with a table of its strings, as office programs write it
    sheet = book.active
    sheet.append(HEADS)
    for number in numbers:
        changed = mark if number % 2 else ""
        sheet.append(
            [
                number, f"Депутат {number}", f"Депутат {number}", "Мәжіліс депутаты", "Депутат Мажилиса",
                f"Комитет {number % 8} {changed}", f"Комитет {number % 8} {changed}", f"Тізім {number % 6}",
                "KZ-75", "kk, ru", f"deputy{number}{changed}@bench.example", f"Астана, {number}",
            ]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
