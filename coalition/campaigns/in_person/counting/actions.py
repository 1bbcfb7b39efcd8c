"""Closing a table and counting by two: of tables, and of bundles of paper sheets."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.core.count_notifications import ask_second_person, notify_of_difference
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.double_count import (
    CountMethod,
    CountResult,
    CountState,
    check_new_count,
    count_result,
    has_two_organisations,
)
from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.in_person.counting.enums import TALLY_KIND, TallyKind
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.counting.notifications import count_subject
from coalition.campaigns.in_person.counting.permissions import (
    may_close_table,
    may_count,
    may_take_back_all,
    require_that,
)
from coalition.campaigns.in_person.counting.queries import version_at
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.queries import table_totals
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import PaperSheet
from coalition.campaigns.in_person.sheets.queries import missing_numbers
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access

ONLY_WHO_WRITES = _("People count who write in this workspace.")


def close_table(*, access: Access, table: Table, count: int) -> Tally:
    """Close a table, with the first person's count of its taps. The table is closed at once; a second person
    is asked to count within 72 hours, and until both agree nothing of it counts.

    `count`: taps on the phones and marks on the paper, without single-use codes, which count by themselves.

    Raises NotAllowed; Refused for a table of a day to come, one that was never opened, one that is closed and
    counted already, and a number that cannot be.
    """
    require_that(may_close_table(access, table), _("The people of the table’s organisation close it."))
    with transaction.atomic():
        rows = Table.objects.select_for_update(of=("self",)).select_related("appeal", "workspace")
        row = rows.get(pk=table.pk, workspace=access.workspace)
        if row.day > site_today():
            raise Refused(_("The day of this table has not come yet."))
        if row.opened_at is None:
            raise Refused(_("This table was never opened: there is nothing to count."))
        tally = Tally.objects.select_for_update().filter(table=row).first() or _new_tally(row)
        if tally.counts.filter(replaced_at=None).exists():
            raise Refused(_("This table is closed and counted already. Its page takes your count."))
        if row.closed_at is None:
            row.closed_at = now()
            row.save(update_fields=["closed_at"])
            _record(access, tally, "tally.table_closed", table=str(row.uuid))
        _add_count(access, tally, count, CountMethod.AT_HAND)
    return tally


def count_sheets(*, access: Access, appeal: Appeal, numbers: Collection[int], count: int) -> Tally:
    """Make a bundle of returned sheets, with the first person's count of its lines.

    The sheets are of one organisation, region and version of the text, and in no other bundle. Lines that are
    crossed out are not counted.

    Raises NotAllowed; Refused, naming the sheets, where that is not so, and for a number that cannot be.
    """
    require_that(may_count(access), ONLY_WHO_WRITES)
    with transaction.atomic():
        row = lock_appeal(access, appeal)
        if row.personal_data_ended_at is not None:
            raise Refused(_("The sheets of this appeal had to be destroyed: nothing is counted any more."))
        found = PaperSheet.objects.select_for_update(of=("self",)).filter(appeal=row, number__in=numbers)
        sheets = list(found.select_related("run__version", "run__organisation"))
        _check_sheets(sheets, numbers)
        run = sheets[0].run
        tally = Tally.objects.create(
            workspace=row.workspace,
            kind=TallyKind.SHEETS,
            version=run.version,
            organisation=run.organisation,
            region=run.region,
            made_at=now(),
        )
        PaperSheet.objects.filter(pk__in=[one.pk for one in sheets]).update(tally=tally)
        _add_count(access, tally, count, CountMethod.AT_HAND)
    return tally


def give_count(
    *, access: Access, tally: Tally, count: int, method: CountMethod = CountMethod.AT_HAND
) -> CountResult:
    """Give a count: the second person's, or another one in place of one's own. Return where it stands now.

    Raises NotAllowed; Refused for a settled count, a third person, a second one of the same organisation
    where the region has two, a read-back that is too late or not needed, and a number that cannot be
    (`core.double_count.check_new_count`).
    """
    require_that(may_count(access), ONLY_WHO_WRITES)
    with transaction.atomic():
        return _add_count(access, _lock(access, tally), count, method)


def take_back_count(*, access: Access, tally: Tally) -> CountResult:
    """Take back one's own count while it is not settled; coordinators take back those of others, where
    somebody cannot be reached. A bundle whose only count is taken back is dissolved: its sheets can then be
    counted in another one. A table stays closed.

    Raises NotAllowed; Refused for a settled count, or where there is nothing to take back.
    """
    require_that(may_count(access), ONLY_WHO_WRITES)
    with transaction.atomic():
        row = _lock(access, tally)
        if row.state == CountState.SETTLED:
            raise Refused(_("Two people have counted this, and they agree. It cannot be changed."))
        current = row.counts.filter(replaced_at=None)
        taken = current.filter(person=access.user)
        if not taken.exists() and may_take_back_all(access):
            taken = current
        if not taken.update(replaced_at=now()):
            raise Refused(_("You have not counted this."))
        result = _settle(row)
        if row.kind == TallyKind.SHEETS and result.state == CountState.NOT_COUNTED:
            PaperSheet.objects.filter(tally=row).update(tally=None)
            row.dropped_at = now()
            row.save(update_fields=["dropped_at"])
        _record(access, row, "tally.taken_back")
    return result


def _new_tally(table: Table) -> Tally:
    # Tables fix their words when they are opened; older rows have those of the moment.
    version = getattr(table, "version", None) or version_at(table.appeal, table.opened_at or now())
    if version is None:
        raise Refused(_("The appeal of this table has no text."))
    return Tally.objects.create(
        workspace=table.workspace,
        kind=TallyKind.TABLE,
        table=table,
        version=version,
        organisation_id=table.organisation_id,
        region=table.region,
        made_at=now(),
    )


def _check_sheets(sheets: list[PaperSheet], numbers: Collection[int]) -> None:
    """Raise Refused, naming the sheets, if they cannot be one bundle."""
    _refuse_some(missing_numbers(sheets, numbers), _("No sheet of this appeal has the number %(numbers)s."))
    bundled = [one.number for one in sheets if one.tally_id is not None]
    _refuse_some(bundled, _("In a bundle already: %(numbers)s. A second person counts them on its page."))
    for state, words in (
        (SheetState.LOST, _("Marked as lost: %(numbers)s. Mark them as returned first.")),
        (SheetState.VOID, _("Void: %(numbers)s.")),
        (SheetState.PRINTED, _("Not marked as returned yet: %(numbers)s.")),
    ):
        _refuse_some([one.number for one in sheets if one.state == state], words)
    runs = [one.run for one in sheets]
    if len({run.version_id for run in runs}) > 1:
        raise Refused(
            _(
                "These sheets bear several versions of the text. Count each version by itself: nobody is"
                " carried over."
            )
        )
    if len({run.organisation_id for run in runs}) > 1:
        raise Refused(_("These sheets are of several organisations. Count those of each by themselves."))
    if len({run.region for run in runs}) > 1:
        raise Refused(_("These sheets are of several regions. Count those of each by themselves."))


def _add_count(access: Access, tally: Tally, count: int, method: CountMethod) -> CountResult:
    """Store the person's count in place of an earlier one, and what follows. The tally is locked."""
    moment = now()
    entries = list(tally.counts.order_by("pk"))
    check_new_count(
        entries,
        person=access.user.pk,
        organisation=access.organisation.pk,
        count=count,
        method=method,
        needs_two_organisations=has_two_organisations(tally.workspace, tally.region),
        at=moment,
    )
    replaced = tally.counts.filter(replaced_at=None, person=access.user).update(replaced_at=moment)
    made = TallyCount.objects.create(
        tally=tally,
        organisation=access.organisation,
        person=access.user,
        count=count,
        method=method,
        at=moment,
    )
    # The number is not in the log before both have counted: coordinators read it.
    _record(access, tally, "tally.counted", method=method.value, again=bool(replaced))
    result = _settle(tally)
    if result.state == CountState.SETTLED:
        _record(access, tally, "tally.settled", count=tally.count, codes=tally.codes)
    elif result.state == CountState.DIFFERENT:
        current = tally.counts.filter(replaced_at=None).select_related("person")
        notify_of_difference(count_subject(tally), current, made)
    elif not replaced:
        ask_second_person(count_subject(tally), made)
    return result


def _settle(tally: Tally) -> CountResult:
    """Store what follows from the counts; codes of a table are read at the moment in which both agree."""
    result = count_result(list(tally.counts.order_by("pk")))
    tally.state, tally.count, tally.by_telephone = result.state, result.count, False
    tally.settled_at, tally.codes = None, 0
    if result.state == CountState.SETTLED:
        tally.by_telephone, tally.settled_at = result.by_telephone, now()
        if tally.table_id is not None:
            tally.codes = table_totals([tally.table_id])[tally.table_id].codes
    tally.save(update_fields=["state", "count", "by_telephone", "settled_at", "codes"])
    return result


def _lock(access: Access, tally: Tally) -> Tally:
    """Return the row, locked until the transaction ends. Raises DoesNotExist, and Refused once dissolved."""
    rows = Tally.objects.select_for_update(of=("self",)).select_related("workspace", "table", "organisation")
    row = rows.get(pk=tally.pk, workspace=access.workspace)
    if row.dropped_at is not None:
        raise Refused(_("This bundle was dissolved. Its sheets are counted in another one."))
    return row


def _refuse_some(numbers: list[int], words: str | Promise) -> None:
    if numbers:
        raise Refused(words, numbers=number_ranges(numbers))


def _record(access: Access, tally: Tally, action: str, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind=TALLY_KIND,
        target=tally.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )
