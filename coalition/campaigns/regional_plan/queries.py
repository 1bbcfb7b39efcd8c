"""The regional plan of a workspace: what is promised, what is done, where nobody does anything."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from coalition.accounts.models import REGIONS
from coalition.accounts.queries import frozen_organisations
from coalition.campaigns.core.regional_actions import ANY_REGION, Done, RegionalAction, regional_actions
from coalition.campaigns.regional_plan.models import Commitment, RegionalPlan
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import participants, workspaces_for

SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class PlanScope:
    """Regions (codes, in the order of `REGIONS`) and actions of a plan."""

    regions: list[str]
    actions: list[RegionalAction]


@dataclass(frozen=True)
class CommitmentState:
    """A commitment and what was done of it. `is_overdue`: its day is past and less was done."""

    commitment: Commitment
    done: int
    is_overdue: bool
    is_due_soon: bool

    @property
    def is_met(self) -> bool:
        return self.done >= self.commitment.promised


def plan_scope(workspace: Workspace) -> PlanScope:
    """Return what was chosen for the plan, else the regions of those who take part or have promised something
    there, and all actions. Three queries at most."""
    known = regional_actions()
    plan = RegionalPlan.objects.filter(workspace=workspace).first()
    if plan is None:
        worked_in = participants(workspace).values_list("regions", flat=True)
        promised = Commitment.objects.filter(workspace=workspace, ended_at=None).order_by()
        regions = {region for found in worked_in for region in found}
        regions.update(promised.values_list("region", flat=True).distinct())
        return PlanScope([code for code in REGIONS if code in regions], known)
    return PlanScope(
        [code for code in REGIONS if code in plan.regions], [one for one in known if one.name in plan.actions]
    )


def every_commitment_for(user: object) -> QuerySet[Commitment]:
    """Commitments of all workspaces in which the person sees drafts, ended ones too."""
    rows = Commitment.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    return rows.select_related("workspace", "organisation")


def commitments_for(user: object, workspace: Workspace | None = None) -> QuerySet[Commitment]:
    """Commitments in the plans of workspaces where the person sees drafts, the earliest due first; those of
    organisations that left or are frozen are not in the plan now."""
    part = Participation.objects.filter(
        workspace=OuterRef("workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    rows = Commitment.objects.filter(
        Exists(part),
        ~Exists(frozen),
        workspace__in=workspaces_for(user, Right.SEE_DRAFTS),
        ended_at=None,
        organisation__left_at=None,
    )
    rows = rows.select_related("workspace", "organisation", "contact")
    return rows.filter(workspace=workspace) if workspace is not None else rows


def commitment_states(workspace: Workspace, rows: list[Commitment]) -> list[CommitmentState]:
    """Return these commitments of one workspace with what was done. `rows`: all of the plan, or some of them.
    One query, and as many as the actions that are counted need, however many rows."""
    wanted = {row.action for row in rows}
    counted = {
        action.name: action.done(workspace)
        for action in regional_actions()
        if action.name in wanted and action.done is not None
    }
    own = _commitments_of_a_kind(workspace, counted)
    today = localdate(now())
    return [_state(row, _done(row, counted, own), today) for row in rows]


def _commitments_of_a_kind(
    workspace: Workspace, counted: Mapping[str, Done]
) -> Mapping[tuple[str, int], int]:
    """How many commitments of the plan an organisation has of an action, of those that are counted without a
    region. One query at most."""
    names = [name for name, done in counted.items() if any(region == ANY_REGION for _owner, region in done)]
    if not names:
        return {}
    rows = Commitment.objects.filter(workspace=workspace, action__in=names, ended_at=None).order_by()
    return Counter(rows.values_list("action", "organisation_id"))


def _done(row: Commitment, counted: Mapping[str, Done], own: Mapping[tuple[str, int], int]) -> int:
    """What is counted without a region belongs to an organisation's only commitment of the action."""
    if row.action not in counted:
        return row.done_declared
    found = counted[row.action]
    number = found.get((row.organisation_id, row.region), 0)
    if own.get((row.action, row.organisation_id)) == 1:
        number += found.get((row.organisation_id, ANY_REGION), 0)
    return number


def _state(row: Commitment, done: int, today: datetime.date) -> CommitmentState:
    is_open = done < row.promised
    return CommitmentState(
        commitment=row,
        done=done,
        is_overdue=is_open and row.due_on < today,
        is_due_soon=is_open and today <= row.due_on <= today + SOON,
    )


def gaps_in(scope: PlanScope, rows: list[Commitment]) -> list[tuple[str, list[RegionalAction]]]:
    """Return regions with the actions that nobody has promised there; those with most gaps first."""
    taken = {(row.region, row.action) for row in rows}
    found = [
        (region, [action for action in scope.actions if (region, action.name) not in taken])
        for region in scope.regions
    ]
    return sorted(((region, gaps) for region, gaps in found if gaps), key=lambda one: -len(one[1]))
