"""Tables: those of a workspace, the one behind a link, and their numbers."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from coalition.accounts.queries import frozen_organisations
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import appeals_open_now
from coalition.campaigns.in_person.models import Table, TableGuidance
from coalition.core.throttling import hash_token
from coalition.roles import Right
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import workspaces_for


@dataclass(frozen=True)
class TableTotal:
    """What a table's phones report. `taps`: people whom volunteers tapped; `codes`: people who supported by a
    code on their own phone; `late`: those of the taps that arrived after the table was closed."""

    taps: int = 0
    codes: int = 0
    late: int = 0


def table_totals(table_pks: Collection[int]) -> dict[int, TableTotal]:
    """Return the numbers of these tables (primary keys), noughts too. One query."""
    rows = Table.objects.filter(pk__in=table_pks).order_by()
    found = rows.annotate(
        taps=Coalesce(Sum("devices__taps"), 0), late=Coalesce(Sum("devices__late_taps"), 0)
    ).values_list("pk", "taps", "codes_used", "late")
    return {pk: TableTotal(taps, codes, late) for pk, taps, codes, late in found}


def tables_for(user: object, workspace: Workspace | None = None) -> QuerySet[Table]:
    """Return the tables of workspaces in which the person sees drafts, newest day first."""
    rows = Table.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = rows.select_related("workspace", "organisation", "appeal", "permission_file")
    return rows.filter(workspace=workspace) if workspace is not None else rows


def guidance_of(workspace: Workspace | int) -> TableGuidance | None:
    """Return what volunteers of the workspace (or its primary key) read; None if nobody wrote it."""
    return TableGuidance.objects.filter(workspace=workspace).first()


def usable_tables() -> QuerySet[Table]:
    """Return tables whose link works: not cancelled, of an organisation that takes part and is neither frozen
    nor gone, in a workspace that is not archived."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    part = Participation.objects.filter(
        workspace=OuterRef("workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    return Table.objects.filter(
        ~Exists(frozen),
        Exists(part),
        cancelled_at=None,
        organisation__left_at=None,
        workspace__archived_at=None,
        workspace=F("appeal__workspace"),
    )


def table_of_token(token: str) -> Table | None:
    """Return the table whose link this is, None for a link that was renewed or never was. One query."""
    rows = usable_tables().filter(link_hash=hash_token(token)).exclude(link_hash="")
    return rows.select_related("organisation", "appeal", "permission_file", "referral").first()


def open_versions(workspace: Workspace) -> list[AppealVersion]:
    """Return the newest words of the workspace's appeals that take support today. Four queries."""
    return [version for version in appeals_open_now() if version.appeal.workspace_id == workspace.pk]
