"""Import of contacts from a spreadsheet: read, reviewed row by row, imported by choice."""

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
from documents.contacts.actions import (
    ContactBook,
    archive_contact,
    forget_contact,
    restore_contact,
    save_contact,
)
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.models import Contact
from events.press.forms import store_sheet
from events.press.import_rows import ContactVerdict, ContactVerdictKind, contact_columns, judge_contact_rows
from events.press.models import SheetTaken

IMPORT_BATCH_SIZE = 200  # rows taken in within one transaction


@dataclass(frozen=True)
class ContactImportCounts:
    """Numbers of contacts created and updated by an import."""

    new: int
    known: int


def read_contact_sheet(*, access: Access, name: str, content: bytes, language: Language) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and store its rows encrypted until a choice
    is made, for one day at most. Raises NotAllowed, and Refused with the reason."""
    about = SheetTaken.About.CONTACTS
    return store_sheet(
        access=access, name=name, content=content, about=about, check=contact_columns, language=language
    )


def judge_contact_sheet(sheet: SheetTaken, book: ContactBook) -> list[ContactVerdict]:
    """What every row would become now."""
    said = json.loads(sheet.content)
    return judge_contact_rows(said["rows"], book, Language(said["language"]))


def import_contacts(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> ContactImportCounts:
    """Import the chosen rows, or all new contacts; faulty rows are skipped. The spreadsheet stays
    for further choices. Raises NotAllowed, and Refused if no row is chosen."""
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    book = ContactBook.of(access.organisation.uuid)
    rows = [row for row in judge_contact_sheet(sheet, book) if row.person is not None]
    wanted = [
        row for row in rows if (row.kind == ContactVerdictKind.NEW if all_new else row.number in numbers)
    ]
    if not wanted:
        raise Refused(_("Choose at least one row."))
    for begin in range(0, len(wanted), IMPORT_BATCH_SIZE):
        with transaction.atomic():
            for row in wanted[begin : begin + IMPORT_BATCH_SIZE]:
                if row.person is not None:
                    save_contact(access=access, person=row.person, book=book)
    new = sum(row.kind == ContactVerdictKind.NEW for row in wanted)
    return ContactImportCounts(new=new, known=len(wanted) - new)


# --- remove ---
# Removal from the media list with an undo, and erasure afterwards.


FORGET_CONTACT = "events.forget_contact"
UNDO_PERIOD = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def mark_contact_removed(*, access: Access, contact: Contact) -> Contact:
    """Remove a contact; it can be restored within an hour, then it is erased.

    Raises NotAllowed for anyone but the contact's owner.
    """
    with transaction.atomic():
        away = archive_contact(access=access, contact=contact)
        scheduler.schedule(kind=FORGET_CONTACT, key=str(away.uuid), due_at=now() + UNDO_PERIOD)
    return away


def undo_contact_removal(*, access: Access, contact: Contact) -> Contact:
    """Restore a contact. Raises NotAllowed, and Refused if it is too late."""
    with transaction.atomic():
        back = restore_contact(access=access, contact=contact)
        scheduler.cancel(kind=FORGET_CONTACT, key=str(back.uuid))
    return back


def forget_removed_contact(key: str, _payload: dict[str, Any]) -> None:
    """Job: erase a contact's personal data, unless it was restored."""
    forget_contact(UUID(key))
