"""Spreadsheets that were read and wait for a choice: kept sealed for who brought them, a day at most."""

import datetime
import json
from collections.abc import Callable

from django.db import transaction

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.workspaces.permissions import Access
from documents.contacts.actions import one_line
from documents.drafts.permissions import may_keep_contacts, require_that
from events.press.models import SheetTaken
from events.spreadsheets.reader import NOT_TAKEN, NotTaken, Rows, read_apart

KEPT = datetime.timedelta(days=1)
MOST_WAITING = 5  # spreadsheets of one person


def keep_sheet(
    *,
    access: Access,
    name: str,
    content: bytes,
    about: SheetTaken.About,
    check: Callable[[Rows], object],
    **more: str,
) -> SheetTaken:
    """Read a spreadsheet, outside of any transaction, and keep what it says, sealed, until a choice is made
    or a day is over. `check` raises NotTaken for rows that lack something; `more` is kept beside them.

    Raises NotAllowed, and Refused with the reason in words."""
    require_that(may_keep_contacts(access))
    try:
        rows = read_apart(content)
        check(rows)
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
            about=about,
            name=one_line(name)[:120],
            content=json.dumps({"rows": rows, **more}),
            read_at=now(),
        )


def discard_sheet(*, access: Access, sheet: SheetTaken) -> None:
    """Delete what was read. Raises NotAllowed."""
    require_that(may_keep_contacts(access) and sheet.organisation_id == access.organisation.pk)
    sheet.delete()


def forget_old_sheets() -> int:
    """Delete what waited for more than a day. Returns how many."""
    return delete_in_batches(SheetTaken.objects.filter(read_at__lt=now() - KEPT))
