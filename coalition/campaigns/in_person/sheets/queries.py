"""Paper sheets as the desk sees them: the only place where these lists come from."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.timezone import localdate

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.desk_queries import appeals_for, open_appeals
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import PaperSheet, SheetRun
from coalition.campaigns.in_person.sheets.permissions import may_mark_sheets_of_all, may_see_sheets
from coalition.core.clock import now
from coalition.workspaces.permissions import Access


def runs_for(access: Access) -> QuerySet[SheetRun]:
    """Runs of the workspace, the newest first, with what their rows show."""
    rows = SheetRun.objects.filter(version__appeal__workspace=access.workspace)
    rows = rows.select_related("version__appeal", "version__publication", "organisation", "referral")
    return rows if may_see_sheets(access) else rows.none()


def sheets_for(access: Access) -> QuerySet[PaperSheet]:
    """All sheets of the workspace, in the order of their numbers."""
    rows = PaperSheet.objects.filter(appeal__workspace=access.workspace)
    return rows if may_see_sheets(access) else rows.none()


def sheets_to_mark(access: Access, appeal: Appeal) -> QuerySet[PaperSheet]:
    """Sheets of an appeal whose state the person may change: of their organisation, for coordinators all."""
    rows = sheets_for(access).filter(appeal=appeal)
    return rows if may_mark_sheets_of_all(access) else rows.filter(run__organisation=access.organisation)


def appeals_to_print(access: Access) -> QuerySet[Appeal]:
    """Appeals of the workspace that take support today."""
    open_now = open_appeals(localdate(now())).values("pk")
    return appeals_for(access.user, access.workspace).filter(pk__in=open_now)


def appeals_with_sheets(access: Access) -> QuerySet[Appeal]:
    """Appeals of the workspace of which there are sheets."""
    printed = sheets_for(access).order_by().values("appeal")
    return appeals_for(access.user, access.workspace).filter(pk__in=printed)


def tables_for_sheets(access: Access) -> QuerySet[Table]:
    """Tables of the workspace at which sheets can have lain: up to today, of the person's organisation, for
    coordinators of all."""
    rows = Table.objects.filter(workspace=access.workspace, day__lte=localdate(now()))
    return rows if may_mark_sheets_of_all(access) else rows.filter(organisation=access.organisation)


@dataclass
class SheetStock:
    """The numbers of an organisation's sheets of one appeal, by state. `counted`: those of a settled count or
    one that waits; the others that were returned are `to_count`."""

    appeal: int
    organisation: Organisation
    handed_out: list[int] = field(default_factory=list)
    to_count: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    void: list[int] = field(default_factory=list)


def sheet_stocks(access: Access) -> list[SheetStock]:
    """Return the sheets of the workspace by appeal, newest first, and organisation. Two queries."""
    fields = ("appeal_id", "run__organisation_id", "state", "tally_id", "number")
    grouped: dict[tuple[int, int], list[tuple[str, int | None, int]]] = defaultdict(list)
    for appeal, organisation, state, tally, number in sheets_for(access).values_list(*fields):
        grouped[appeal, organisation].append((state, tally, number))
    organisations = Organisation.objects.in_bulk({organisation for _appeal, organisation in grouped})
    found = []
    for (appeal, organisation), rows in sorted(grouped.items(), key=lambda item: (-item[0][0], item[0][1])):
        stock = SheetStock(appeal, organisations[organisation])
        for state, tally, number in rows:
            _numbers_of(stock, state, is_counted=tally is not None).append(number)
        found.append(stock)
    return found


def _numbers_of(stock: SheetStock, state: str, *, is_counted: bool) -> list[int]:
    if state == SheetState.RETURNED:
        return stock.counted if is_counted else stock.to_count
    return {SheetState.LOST: stock.lost, SheetState.VOID: stock.void}.get(SheetState(state), stock.handed_out)


def newest_versions(appeals: Iterable[int]) -> dict[int, AppealVersion]:
    """Return the newest version of each appeal (primary keys). One query."""
    found: dict[int, AppealVersion] = {}
    for version in AppealVersion.objects.filter(appeal__in=list(appeals)).order_by("-number"):
        found.setdefault(version.appeal_id, version)
    return found


def outdated_numbers(access: Access) -> dict[int, list[int]]:
    """Return, by primary key of the appeal, numbers of sheets that nobody has counted and whose text is not
    the newest. Two queries."""
    rows = sheets_for(access).filter(tally=None, state__in=(SheetState.PRINTED, SheetState.RETURNED))
    sheets = list(rows.values_list("appeal_id", "number", "run__version_id"))
    newest = newest_versions({appeal for appeal, _number, _version in sheets})
    found: dict[int, list[int]] = defaultdict(list)
    for appeal, number, version in sheets:
        if version != newest[appeal].pk:
            found[appeal].append(number)
    return dict(found)


def missing_numbers(found: Collection[PaperSheet], wanted: Collection[int]) -> list[int]:
    """Return which of the numbers are none of these sheets'."""
    there = {one.number for one in found}
    return [number for number in wanted if number not in there]
