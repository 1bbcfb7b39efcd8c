"""What is counted in person: the only place where these lists and numbers come from."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum

from coalition.accounts.models import User
from coalition.accounts.queries import frozen_organisations
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.core.count_notifications import ROLES_THAT_COUNT
from coalition.campaigns.core.double_count import CountState
from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.core.regional_actions import Done
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.counting.permissions import may_see_tallies
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import PaperSheet
from coalition.campaigns.in_person.sheets.queries import sheets_for
from coalition.roles import Right
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import own_seats, workspaces_for

OPEN_STATES = (CountState.NOT_COUNTED, CountState.WAITING, CountState.DIFFERENT)


def is_settled(table: Table) -> bool:
    """Whether two people have counted the table and agree. One query."""
    return bool(settled_tables([table.pk]))


def settled_tables(table_pks: Collection[int]) -> set[int]:
    """Return those of these tables (primary keys) that `is_settled` is true of. One query."""
    rows = Tally.objects.filter(table__in=table_pks, state=CountState.SETTLED)
    return set(rows.values_list("table_id", flat=True))


def with_counts(rows: QuerySet[Tally]) -> QuerySet[Tally]:
    """Load what pages show of tallies: table, sheets, and current counts in the order in which they
    were made. Two queries more."""
    counts = TallyCount.objects.filter(replaced_at=None).select_related("person", "organisation")
    sheets = PaperSheet.objects.select_related("run").order_by("number")
    rows = rows.select_related("table", "organisation", "version__appeal", "workspace")
    return rows.prefetch_related(Prefetch("counts", queryset=counts), Prefetch("sheets", queryset=sheets))


def tallies_for(user: object, workspace: Workspace | None = None) -> QuerySet[Tally]:
    """Tallies of workspaces in which the person sees drafts, the newest first; no dissolved bundles."""
    rows = Tally.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS), dropped_at=None)
    return rows.filter(workspace=workspace) if workspace is not None else rows


def tallies_on_page(access: Access) -> list[Tally]:
    """Tallies of a workspace, those that are not settled first. Three queries."""
    if not may_see_tallies(access):
        return []
    rows = list(with_counts(tallies_for(access.user, access.workspace)))
    return sorted(rows, key=lambda one: one.state == CountState.SETTLED)


def tables_to_close(access: Access, day: datetime.date) -> QuerySet[Table]:
    """Tables of the workspace that were opened up to this day, and that nobody has counted yet."""
    rows = Table.objects.filter(workspace=access.workspace, day__lte=day, tally=None, opened_at__isnull=False)
    return rows.select_related("organisation")


def tables_to_count(user: object) -> QuerySet[Table]:
    """Tables of workspaces in which the person sees drafts."""
    rows = Table.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    return rows.select_related("workspace", "organisation")


def version_at(appeal: Appeal, moment: datetime.datetime) -> AppealVersion | None:
    """Return the version whose words were supported at this moment, the first one if it is earlier."""
    rows = AppealVersion.objects.filter(appeal=appeal)
    then = rows.filter(made_at__lte=moment).order_by("-number").first()
    return then or rows.order_by("number").first()


def sheets_waiting(access: Access) -> dict[int, str]:
    """Return the numbers of sheets that were returned and that nobody has counted, by primary key of the
    appeal. One query."""
    rows = sheets_for(access).filter(state=SheetState.RETURNED, tally=None)
    found: dict[int, list[int]] = defaultdict(list)
    for appeal, number in rows.values_list("appeal_id", "number"):
        found[appeal].append(number)
    return {appeal: number_ranges(numbers) for appeal, numbers in found.items()}


def newest_version_pk(tally: Tally) -> int | None:
    """Return the primary key of the newest version of the tally's appeal. One query."""
    rows = AppealVersion.objects.filter(appeal=tally.version.appeal_id).order_by("-number")
    return rows.values_list("pk", flat=True).first()


def regions_with_two(workspaces: Collection[int]) -> set[tuple[int, str]]:
    """Return (workspace, region) where two organisations or more take part that are not frozen, as
    `has_two_organisations` says of one. Two queries."""
    frozen = set(frozen_organisations().values_list("organisation", flat=True))
    rows = Participation.objects.filter(workspace__in=list(workspaces), ended_at=None)
    seen: set[tuple[int, str]] = set()
    found: set[tuple[int, str]] = set()
    for workspace, organisation, regions in rows.values_list(
        "workspace_id", "organisation_id", "organisation__regions"
    ):
        if organisation in frozen:
            continue
        for region in regions:
            (found if (workspace, region) in seen else seen).add((workspace, region))
    return found


def current_counts(tally: Tally) -> list[TallyCount]:
    """Return the counts that stand, in the order in which they were made; no query after `with_counts`."""
    return [one for one in tally.counts.all() if one.replaced_at is None]


def waiting_tallies(user: User) -> QuerySet[Tally]:
    """Tallies that are not settled, where the person has a seat."""
    seats = own_seats(user).values("workspace")
    return Tally.objects.filter(workspace__in=seats, state__in=OPEN_STATES, dropped_at=None)


def tallies_to_count(user: User) -> list[tuple[Tally, bool]]:
    """Return tallies on which the person can give a count now, each with whether it needs two organisations.

    Those that wait for a first or second person, and those in which the person's own count differs. Not those
    that somebody else of two settles. Seven queries, however many there are.
    """
    mine: dict[int, set[int]] = {}
    seats = own_seats(user).filter(workspace__archived_at=None, role__in=ROLES_THAT_COUNT)
    for workspace, organisation in seats.values_list("workspace", "organisation"):
        mine.setdefault(workspace, set()).add(organisation)
    if not mine:
        return []
    rows = list(with_counts(waiting_tallies(user).filter(workspace__in=mine)))
    two = regions_with_two({one.workspace_id for one in rows}) if rows else set()
    found = []
    for tally in rows:
        needs_two = (tally.workspace_id, tally.region) in two
        if _waits_for(user, mine[tally.workspace_id], current_counts(tally), needs_two=needs_two):
            found.append((tally, needs_two))
    return found


def _waits_for(user: User, own: set[int], counts: Sequence[TallyCount], *, needs_two: bool) -> bool:
    is_mine = any(one.person_id == user.pk for one in counts)
    if len(counts) > 1:
        return is_mine
    if not counts:
        return True
    return not is_mine and (not needs_two or bool(own - {counts[0].organisation_id}))


@dataclass(frozen=True)
class SettledCounts:
    """Settled counts of one version. `people`: who supported in person; `tallies`: counts of two people each;
    `by_telephone`: those of them that were read back; `as_of`: when the last one was settled."""

    people: int
    tallies: int
    by_telephone: int
    as_of: datetime.datetime | None


def settled_counts(appeal: UUID) -> SettledCounts:
    """Return the settled counts of the newest words of an appeal that was opened, as those who support online
    are counted. One query."""
    versions = AppealVersion.objects.filter(appeal__uuid=appeal, appeal__opened_at__isnull=False)
    newest = versions.order_by("-number").values("pk")[:1]
    found = Tally.objects.filter(version__in=newest, state=CountState.SETTLED).aggregate(
        people=Sum(F("count") + F("codes"), default=0),
        tallies=Count("pk"),
        by_telephone=Count("pk", filter=Q(by_telephone=True)),
        as_of=Max("settled_at"),
    )
    return SettledCounts(**found)


def supported_in_person(workspace: Workspace) -> Done:
    """Return how many people supported in person by organisation and region, of settled counts and every
    version. One query."""
    rows = Tally.objects.filter(workspace=workspace, state=CountState.SETTLED).order_by()
    sums = rows.values_list("organisation", "region").annotate(people=Sum(F("count") + F("codes")))
    return {(organisation, region): people for organisation, region, people in sums}
