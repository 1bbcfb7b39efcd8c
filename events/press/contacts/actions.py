"""Contacts from a spreadsheet: read, looked at row by row, taken in by choice."""

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.contacts.actions import Book, bring_back, forget, keep_person, put_away
from documents.drafts.permissions import may_keep_contacts, require_that
from documents.models import Contact
from events.press.contacts.import_rows import Kind, Verdict, heads_of, verdicts
from events.press.models import SheetTaken
from events.press.pending_imports import keep_sheet

AT_ONCE = 200  # rows taken in within one transaction


@dataclass(frozen=True)
class Taken:
    """How many came new, and how many who were there were brought up to date."""

    new: int
    known: int


def read_sheet(*, access: Access, name: str, content: bytes, language: Language) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and keep what it says, sealed, until a choice is made
    or a day is over. Raises NotAllowed, and Refused with the reason in words."""
    about = SheetTaken.About.CONTACTS
    return keep_sheet(
        access=access, name=name, content=content, about=about, check=heads_of, language=language
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


# --- remove ---
# Putting somebody out of the media list with a way back, and forgetting them once that is over.


FORGET = "events.forget_contact"
UNDO = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def put_out(*, access: Access, contact: Contact) -> Contact:
    """Take somebody out of the list; within an hour it can be undone, then they are forgotten for good.

    Raises NotAllowed for who does not own the contact.
    """
    with transaction.atomic():
        away = put_away(access=access, contact=contact)
        scheduler.schedule(kind=FORGET, key=str(away.uuid), due_at=now() + UNDO)
    return away


def take_back_in(*, access: Access, contact: Contact) -> Contact:
    """Undo it. Raises NotAllowed, and Refused if it is too late."""
    with transaction.atomic():
        back = bring_back(access=access, contact=contact)
        scheduler.cancel(kind=FORGET, key=str(back.uuid))
    return back


def forget_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: forget who it was, unless they are in the list again."""
    forget(UUID(key))
