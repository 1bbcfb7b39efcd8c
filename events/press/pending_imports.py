"""Uploaded spreadsheets with a pending choice: encrypted, private to the uploader, for a day at
most."""

import datetime
import json
from collections.abc import Callable

from django.db import transaction

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.models import SheetTaken
from events.spreadsheets.reader import REJECTION_MESSAGES, Rows, SpreadsheetRejected, read_rows_in_sandbox

RETENTION_PERIOD = datetime.timedelta(days=1)
MOST_WAITING = 5  # spreadsheets per person


def store_sheet(
    *,
    access: Access,
    name: str,
    content: bytes,
    about: SheetTaken.About,
    check: Callable[[Rows], object],
    **more: str,
) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and store its rows encrypted until a choice
    is made, for one day at most. `check` raises NotTaken for incomplete rows; `more` is stored with
    them.

    Raises NotAllowed, and Refused with the reason."""
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
        return SheetTaken.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            read_by=access.user,
            about=about,
            name=single_line(name)[:120],
            content=json.dumps({"rows": rows, **more}),
            read_at=now(),
        )


def discard_sheet(*, access: Access, sheet: SheetTaken) -> None:
    """Delete an uploaded spreadsheet. Raises NotAllowed."""
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    sheet.delete()


def forget_old_sheets() -> int:
    """Delete spreadsheets older than a day. Return their number."""
    return delete_in_batches(SheetTaken.objects.filter(read_at__lt=now() - RETENTION_PERIOD))
