"""Contacts from a spreadsheet: read, looked at row by row, taken in by choice."""

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.clock.now import now
from coalition.partners.enums import Language
from coalition.refused import Refused
from coalition.workspaces.rules import Access
from documents.domain.contacts import Book, keep_person, one_line
from events.models import SheetTaken
from events.press_rules import may_keep_contacts, require_that
from events.sheets.apart import read_apart
from events.sheets.read import NotTaken
from events.sheets.verdicts import Kind, Verdict, heads_of, verdicts
from events.sheets.words import NOT_TAKEN

KEPT = datetime.timedelta(days=1)
AT_ONCE = 200  # rows taken in within one transaction
MOST_WAITING = 5  # spreadsheets of one person


@dataclass(frozen=True)
class Taken:
    """How many came new, and how many who were there were brought up to date."""

    new: int
    known: int


def read_sheet(*, access: Access, name: str, content: bytes, language: Language) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and keep what it says, sealed, until a choice is made
    or a day is over. Raises NotAllowed, and Refused with the reason in words."""
    require_that(may_keep_contacts(access))
    try:
        rows = read_apart(content)
        heads_of(rows)
    except NotTaken as reason:
        raise Refused(NOT_TAKEN[reason.code]) from reason
    forget_old_sheets()
    with transaction.atomic():
        own = SheetTaken.objects.filter(read_by=access.user)
        own.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_WAITING - 1 :])).delete()
        return SheetTaken.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            read_by=access.user,
            name=one_line(name)[:120],
            content=json.dumps({"rows": rows, "language": language}),
            read_at=now(),
        )


def look_at(sheet: SheetTaken, book: Book) -> list[Verdict]:
    """What every row would become now."""
    said = json.loads(sheet.content)
    return verdicts(said["rows"], book, Language(said["language"]))


def take_in(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> Taken:
    """Take in the chosen rows, or everybody who is new; what is faulty stays out. The spreadsheet stays, so
    that others can be chosen after. Raises NotAllowed, and Refused if nobody is chosen."""
    require_that(may_keep_contacts(access) and sheet.organisation_id == access.organisation.pk)
    book = Book.of(access.organisation.uuid)
    rows = [row for row in look_at(sheet, book) if row.person is not None]
    wanted = [row for row in rows if (row.kind == Kind.NEW if all_new else row.number in numbers)]
    if not wanted:
        raise Refused(_("Choose at least one row."))
    for begin in range(0, len(wanted), AT_ONCE):
        with transaction.atomic():
            for row in wanted[begin : begin + AT_ONCE]:
                if row.person is not None:
                    keep_person(access=access, person=row.person, book=book)
    new = sum(row.kind == Kind.NEW for row in wanted)
    return Taken(new=new, known=len(wanted) - new)


def discard_sheet(*, access: Access, sheet: SheetTaken) -> None:
    """Delete what was read. Raises NotAllowed."""
    require_that(may_keep_contacts(access) and sheet.organisation_id == access.organisation.pk)
    sheet.delete()


def forget_old_sheets() -> None:
    """Delete what waited for more than a day."""
    SheetTaken.objects.filter(read_at__lt=now() - KEPT).delete()
