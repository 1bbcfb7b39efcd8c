"""Printing paper sheets, and marking what became of them."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS
from coalition.audit import log
from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.appeals.public_queries import newest_version
from coalition.campaigns.appeals.refusals import refuse_closed
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import MOST_IN_RUN, PaperSheet, SheetRun
from coalition.campaigns.in_person.sheets.numbers import LARGEST
from coalition.campaigns.in_person.sheets.permissions import may_mark_sheets, may_print_sheets, require_that
from coalition.campaigns.in_person.sheets.queries import missing_numbers, sheets_to_mark, tables_for_sheets
from coalition.campaigns.referrals.actions import make_referral_code
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.targets import APPEAL
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access


def print_sheets(*, access: Access, appeal: Appeal, region: str, language: str, quantity: int) -> SheetRun:
    """Number sheets with the newest words of an appeal for the organisation in whose name the person acts.

    The version is frozen: paper cannot be changed. Numbers follow the highest one of the appeal and are never
    used again. The sheets bear the organisation's code of the medium “Paper sheet”, made if there is none.

    Raises NotAllowed; Refused if the appeal takes no support, was not published in the language, or if region
    or quantity cannot be.
    """
    require_that(may_print_sheets(access), _("Sheets are printed by those who write in this workspace."))
    if region not in REGIONS:
        raise Refused(_("Choose among the regions of the list."))
    if not 1 <= quantity <= MOST_IN_RUN:
        raise Refused(_("Between 1 and %(most)s sheets at once."), most=MOST_IN_RUN)
    with transaction.atomic():
        row = lock_appeal(access, appeal)
        version = newest_version(row.pk)
        version = refuse_closed(version, version.pk if version is not None else 0)
        if language not in _languages_of(version):
            raise Refused(_("The appeal was not published in this language."))
        AppealVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now())
        code = make_referral_code(access=access, action=APPEAL, target=row.uuid, medium=Medium.SHEET)
        highest = PaperSheet.objects.filter(appeal=row).aggregate(number=Max("number"))["number"] or 0
        if highest + quantity > LARGEST:
            raise Refused(_("There are too many sheets of this appeal."))
        run = SheetRun.objects.create(
            version_id=version.pk,
            organisation=access.organisation,
            region=region,
            language=language,
            referral=code,
            first_number=highest + 1,
            quantity=quantity,
            printed_by=access.user,
            made_at=now(),
        )
        numbers = range(run.first_number, run.last_number + 1)
        today = site_today()
        PaperSheet.objects.bulk_create(
            PaperSheet(run=run, appeal=row, number=number, changed_on=today) for number in numbers
        )
        _record(access, row, "sheets.printed", numbers=number_ranges(numbers), run=str(run.uuid))
    return run


def mark_sheets(
    *,
    access: Access,
    appeal: Appeal,
    numbers: Collection[int],
    state: SheetState,
    table: Table | None = None,
) -> int:
    """Mark sheets as returned, lost or void, or as handed out again; return how many changed.

    `table`: where they lay, noted with sheets that are returned. All or none are marked.

    Raises NotAllowed; Refused, naming the sheets, for numbers of none of one's own organisation's sheets, for
    sheets that are being counted, and for void ones, which stay void.
    """
    require_that(may_mark_sheets(access), _("Sheets are marked by those who write in this workspace."))
    with transaction.atomic():
        row = lock_appeal(access, appeal)
        found = list(sheets_to_mark(access, row).select_for_update(of=("self",)).filter(number__in=numbers))
        _refuse_some(
            missing_numbers(found, numbers),
            _("Your organisation has no sheet with the number %(numbers)s of this appeal."),
        )
        counted = [one.number for one in found if one.tally_id is not None]
        _refuse_some(counted, _("Counted, or being counted: %(numbers)s. These sheets stay as they are."))
        void = [one.number for one in found if one.state == SheetState.VOID != state]
        _refuse_some(void, _("Void: %(numbers)s. Void sheets stay so."))
        if table is not None and not tables_for_sheets(access).filter(pk=table.pk, appeal=row).exists():
            raise Refused(_("This table is not one of this appeal."))
        changed = [one for one in found if (one.state, one.table_id) != _wanted(one, state, table)]
        for one in changed:
            one.state, one.table_id = _wanted(one, state, table)
            one.changed_on = site_today()
        PaperSheet.objects.bulk_update(changed, ["state", "table", "changed_on"])
        if changed:
            marked = number_ranges(one.number for one in changed)
            _record(access, row, "sheets.marked", numbers=marked, state=state.value)
    return len(changed)


def _wanted(sheet: PaperSheet, state: SheetState, table: Table | None) -> tuple[str, int | None]:
    """State and table that the sheet is to have."""
    if state != SheetState.RETURNED:
        return state.value, None
    return state.value, table.pk if table is not None else sheet.table_id


def _languages_of(version: AppealVersion) -> set[str]:
    return set(AppealVersion.objects.values_list("hashes", flat=True).get(pk=version.pk))


def _refuse_some(numbers: list[int], words: str | Promise) -> None:
    if numbers:
        raise Refused(words, numbers=number_ranges(numbers))


def _record(access: Access, appeal: Appeal, action: str, **detail: object) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="appeal",
        target=appeal.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )
