"""Coverage from a spreadsheet: read, looked at row by row, taken in by choice."""

import json
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.press.contacts.import_rows import Kind
from events.press.coverage.actions.entries import Known, note_coverage
from events.press.coverage.import_rows import CoverageVerdict, heads_of, verdicts
from events.press.coverage.models import Coverage
from events.press.models import SheetTaken
from events.press.pending_imports import keep_sheet
from events.press.permissions import may_keep_contacts, require_that

AT_ONCE = 200  # rows taken in within one transaction


def read_coverage_sheet(*, access: Access, name: str, content: bytes) -> SheetTaken:
    """Read and keep it. Raises NotAllowed, and Refused with the reason in words."""
    about = SheetTaken.About.COVERAGE
    return keep_sheet(access=access, name=name, content=content, about=about, check=heads_of)


def look_at_coverage(sheet: SheetTaken) -> list[CoverageVerdict]:
    """What every row would become now."""
    known = Coverage.objects.filter(workspace=sheet.workspace_id, removed_at=None)
    return verdicts(json.loads(sheet.content)["rows"], set(known.values_list("key", flat=True)))


def take_in_coverage(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> int:
    """Take in the chosen rows that are new, or all of them; returns how many. The spreadsheet stays. Raises
    NotAllowed, and Refused if none is chosen, or there is no room for them."""
    require_that(may_keep_contacts(access) and sheet.organisation_id == access.organisation.pk)
    rows = [one for one in look_at_coverage(sheet) if one.kind == Kind.NEW and one.seen is not None]
    wanted = [one.seen for one in rows if all_new or one.number in numbers]
    if not wanted:
        raise Refused(_("Choose at least one row."))
    count = 0
    for begin in range(0, len(wanted), AT_ONCE):
        with transaction.atomic():
            for seen in wanted[begin : begin + AT_ONCE]:
                try:
                    if seen is not None:
                        note_coverage(access=access, seen=seen)
                        count += 1
                except Known:
                    continue  # somebody noted it while this page was open
    return count
