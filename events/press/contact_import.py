"""Import of press contacts and of other spreadsheets."""

import datetime
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.workspaces.permissions import Access
from documents.contacts.actions import ContactBook, ContactData, contact_key, save_contact, single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.models import SheetTaken
from events.spreadsheets import columns
from events.spreadsheets.messages import REJECTION_MESSAGES
from events.spreadsheets.reader import FORMULA, Rows, SpreadsheetRejected
from events.spreadsheets.sandbox import read_rows_in_sandbox

RETENTION_PERIOD = datetime.timedelta(days=1)
MOST_WAITING = 5  # spreadsheets per person
IMPORT_BATCH_SIZE = 200  # rows imported in one transaction


def store_sheet(
    *,
    access: Access,
    name: str,
    content: bytes,
    about: SheetTaken.About,
    check: Callable[[Rows], object],
    **more: str,
) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and store its rows. `check` raises SpreadsheetRejected
    for missing columns; `more` is stored with the rows. Raises NotAllowed, and Refused with the reason."""
    require_that(may_manage_contacts(access))
    try:
        rows = read_rows_in_sandbox(content)
        check(rows)
    except SpreadsheetRejected as reason:
        raise Refused(REJECTION_MESSAGES[reason.code]) from reason
    forget_old_sheets()
    with transaction.atomic():
        own = SheetTaken.objects.filter(read_by=access.user)
        own.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_WAITING - 1 :])).delete()
        sheet = SheetTaken.of(access, read_by=access.user, about=about, read_at=now())
        sheet.name, sheet.content = single_line(name)[:120], json.dumps({"rows": rows, **more})
        sheet.save()
    return sheet


def pending_sheets(access: Access, about: SheetTaken.About) -> QuerySet[SheetTaken]:
    """Return the spreadsheets that the person uploaded for this organisation here."""
    rows = SheetTaken.objects.filter(workspace=access.workspace, organisation=access.organisation)
    return rows.filter(about=about, read_by=access.user).order_by("-id")


def discard_sheet(*, access: Access, sheet: SheetTaken) -> None:
    """Delete an uploaded spreadsheet. Raises NotAllowed."""
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    sheet.delete()


def forget_old_sheets() -> int:
    """Delete spreadsheets older than a day. Return their number."""
    return delete_in_batches(SheetTaken.objects.filter(read_at__lt=now() - RETENTION_PERIOD))


class VerdictKind(StrEnum):
    """Kind of verdict on a row."""

    NEW = "new"
    KNOWN = "known"
    FAULTY = "faulty"


@dataclass(frozen=True)
class RowVerdict[Entry]:
    """Verdict on a row. `number`: counts non-empty rows of the spreadsheet, the heading being 1; `fault`: a
    key of `ROW_FAULT_MESSAGES`, or a sentence; `left_out`: words that were not recognised."""

    number: int
    kind: VerdictKind
    cells: tuple[str, ...]
    entry: Entry | None = None
    fault: str = ""
    left_out: tuple[str, ...] = ()


class RowFault(Exception):
    """Reason for rejecting a row: a key of `ROW_FAULT_MESSAGES`."""


def judge_rows[Entry](
    rows: Rows,
    columns: Mapping[str, int],
    read: Callable[[dict[str, str]], tuple[str, Entry, list[str]]],
    *,
    known: Collection[str],
    repeated: str,
) -> list[RowVerdict[Entry]]:
    """Return the verdict on each row below the heading.

    `read` returns key, entry and unrecognised words of a row, and raises RowFault or Refused; `known`: keys
    of existing entries; `repeated`: the fault of a row whose key occurs above.
    """
    found: list[RowVerdict[Entry]] = []
    keys: set[str] = set()
    for number, row in enumerate(rows[1:], 2):
        cells = tuple("=…" if cell == FORMULA else cell for cell in row)
        values = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        try:
            if FORMULA in values.values():
                raise RowFault("formula")
            key, entry, left_out = read(values)
            if key in keys:
                raise RowFault(repeated)
        except (RowFault, Refused) as fault:
            found.append(RowVerdict(number, VerdictKind.FAULTY, cells, fault=str(fault)))
            continue
        keys.add(key)
        kind = VerdictKind.KNOWN if key in known else VerdictKind.NEW
        found.append(RowVerdict(number, kind, cells, entry, left_out=tuple(left_out)))
    return found


LIMITS = {"outlet": 120, "name": 120, "address": 254, "phone": 40, "messenger": 80}
CODES = {"regions": columns.region_codes, "beats": columns.beat_codes, "channels": columns.channel_codes}
_PHONE = re.compile(r"[+0-9 ()./,;-]{3,40}")


def contact_columns(rows: Rows) -> dict[str, int]:
    """Return the column index of each field. Raises SpreadsheetRejected for missing columns."""
    found = columns.recognise_columns(rows[0])
    if not found:
        raise SpreadsheetRejected("no_columns")
    if "outlet" not in found:
        raise SpreadsheetRejected("no_outlet")
    if not {"address", "phone", "messenger"} & found.keys():
        raise SpreadsheetRejected("no_way")
    if len(rows) < 2:
        raise SpreadsheetRejected("only_heads")
    return found


def judge_contact_rows(rows: Rows, book: ContactBook, language: Language) -> list[RowVerdict[ContactData]]:
    """Return the verdict on each row. `language`: the default. Raises SpreadsheetRejected."""

    def read(values: dict[str, str]) -> tuple[str, ContactData, list[str]]:
        values["name"] = " ".join(part for part in (values.get("name"), values.pop("surname", "")) if part)
        _check_contact(values)
        languages, _strange = columns.language_codes(values.get("language", ""))
        codes: dict[str, list[str] | None] = {}
        left_out: list[str] = []
        for name, codes_of in CODES.items():
            found, strange = codes_of(values.get(name, ""))
            codes[name] = found if name in values else None
            left_out += strange
        person = ContactData(
            outlet=values["outlet"],
            name=values["name"] or values["outlet"],
            address=values.get("address", ""),
            phone=values.get("phone", ""),
            messenger=values.get("messenger"),
            language=Language(languages[0]) if languages else language,
            also_reads=languages[1:] if "language" in values else None,
            **codes,
        )
        return contact_key(person.outlet, person.name, person.address), person, left_out

    return judge_rows(rows, contact_columns(rows), read, known=book.contacts, repeated="twice")


def _check_contact(values: dict[str, str]) -> None:
    address, phone = values.get("address"), values.get("phone")
    if not values.get("outlet"):
        raise RowFault("no_outlet")
    if any(len(values.get(name, "")) > most for name, most in LIMITS.items()):
        raise RowFault("too_long")
    if not (address or phone or values.get("messenger")):
        raise RowFault("no_way")
    if phone and not _PHONE.fullmatch(phone):
        raise RowFault("phone")
    if columns.language_codes(values.get("language", ""))[1]:
        raise RowFault("language")
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise RowFault("address") from error


def read_contact_sheet(**fields: Any) -> SheetTaken:
    """Read and store a spreadsheet; `fields`: as `store_sheet`. Raises NotAllowed, Refused."""
    return store_sheet(about=SheetTaken.About.CONTACTS, check=contact_columns, **fields)


def judge_contact_sheet(sheet: SheetTaken, book: ContactBook) -> list[RowVerdict[ContactData]]:
    """Return the current verdict on every row."""
    stored = json.loads(sheet.content)
    return judge_contact_rows(stored["rows"], book, Language(stored["language"]))


def import_contacts(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> tuple[int, int]:
    """Import the chosen rows, or all new contacts, except faulty ones; the spreadsheet stays.

    Return the numbers of contacts created and updated. Raises NotAllowed; Refused if no row is chosen.
    """
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    book = ContactBook(access.organisation.uuid)
    chosen = [
        (row.kind, row.entry)
        for row in judge_contact_sheet(sheet, book)
        if row.entry is not None and (row.kind == VerdictKind.NEW if all_new else row.number in numbers)
    ]
    if not chosen:
        raise Refused(_("Choose at least one row."))
    for begin in range(0, len(chosen), IMPORT_BATCH_SIZE):
        with transaction.atomic():
            for _kind, person in chosen[begin : begin + IMPORT_BATCH_SIZE]:
                save_contact(access=access, person=person, book=book)
    new = sum(kind == VerdictKind.NEW for kind, _person in chosen)
    return new, len(chosen) - new
