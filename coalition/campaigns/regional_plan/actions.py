"""Entering commitments and taking them out of the plan again; choosing what the plan has."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation, User
from coalition.audit import log
from coalition.campaigns.core.regional_actions import regional_actions
from coalition.campaigns.regional_plan.models import MOST_PROMISED, Commitment, RegionalPlan
from coalition.campaigns.regional_plan.permissions import may_change_commitment, may_lead_plan
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, open_seats, participants
from documents.drafts.permissions import require_that


def make_commitment(
    *,
    access: Access,
    region: str,
    action: str,
    organisation: Organisation,
    promised: int,
    due_on: datetime.date,
    contact: User | None = None,
    note: str = "",
) -> Commitment:
    """Enter what an organisation promises. One promise of an organisation, action and region.

    Raises NotAllowed; Refused for an unknown region or action, a day that is past, an organisation that does
    not take part, a contact without a seat for it, or if there is such a promise already.
    """
    with transaction.atomic():
        _lock(access.workspace)
        require_that(may_change_commitment(access, organisation), _("You enter what your organisation does."))
        _check(access.workspace, region, action, organisation, contact)
        _check_amount(promised, due_on)
        same = Commitment.objects.filter(workspace=access.workspace, region=region, action=action)
        if same.filter(organisation=organisation, ended_at=None).exists():
            raise Refused(_("This organisation has promised that here already. Change its promise."))
        row = Commitment.objects.create(
            workspace=access.workspace,
            region=region,
            action=action,
            organisation=organisation,
            promised=promised,
            due_on=due_on,
            contact=contact,
            note=note,
            made_by=access.user,
            made_at=now(),
        )
        _audit(access, "plan.promised", row, number=promised)
    return row


def change_commitment(
    *,
    access: Access,
    commitment: Commitment,
    promised: int,
    due_on: datetime.date,
    contact: User | None = None,
    note: str = "",
    done_declared: int = 0,
) -> Commitment:
    """Change how much, until when, whom to ask, and what was done where nothing counts it. Raises as
    `make_commitment` does, and Refused for a promise that was taken out; a day that has passed may stay."""
    with transaction.atomic():
        row = _locked(access, commitment)
        require_that(
            may_change_commitment(access, row.organisation), _("You change your organisation's promises.")
        )
        if row.ended_at is not None:
            raise Refused(_("This promise was taken out of the plan. Put it back before you change it."))
        _check(access.workspace, row.region, row.action, row.organisation, contact)
        _check_amount(promised, due_on, was_due=row.due_on)
        if not 0 <= done_declared <= MOST_PROMISED:
            raise Refused(_("This number is not possible."))
        row.promised, row.due_on, row.contact, row.note = promised, due_on, contact, note
        row.done_declared = done_declared
        row.save(update_fields=["promised", "due_on", "contact", "note", "done_declared"])
        _audit(access, "plan.changed", row, number=promised, done=done_declared)
    return row


def end_commitment(*, access: Access, commitment: Commitment) -> None:
    """Take a promise out of the plan: the region has a gap again. `resume_commitment` undoes it."""
    with transaction.atomic():
        row = _locked(access, commitment)
        require_that(
            may_change_commitment(access, row.organisation), _("You change your organisation's promises.")
        )
        if row.ended_at is None:
            row.ended_at = now()
            row.save(update_fields=["ended_at"])
            _audit(access, "plan.ended", row)


def resume_commitment(*, access: Access, commitment: Commitment) -> None:
    """Put a promise into the plan again. Raises Refused if there is another one for the same meanwhile, or if
    its organisation does not take part any more."""
    with transaction.atomic():
        _lock(access.workspace)
        row = _locked(access, commitment)
        require_that(
            may_change_commitment(access, row.organisation), _("You change your organisation's promises.")
        )
        _check(access.workspace, row.region, row.action, row.organisation, None)
        same = Commitment.objects.filter(
            workspace=row.workspace, region=row.region, action=row.action, organisation=row.organisation
        )
        if row.ended_at is None or same.filter(ended_at=None).exists():
            raise Refused(_("This organisation has promised that here already. Change its promise."))
        row.ended_at = None
        row.save(update_fields=["ended_at"])
        _audit(access, "plan.resumed", row)


def set_plan_scope(*, access: Access, regions: Collection[str], actions: Collection[str]) -> RegionalPlan:
    """Choose which regions and actions the plan has. Promises in others stay and are shown again when they
    are chosen again. Raises NotAllowed; Refused if nothing is chosen."""
    require_that(may_lead_plan(access), _("Those who plan choose regions and actions."))
    known = {action.name for action in regional_actions()}
    chosen = [code for code in REGIONS if code in regions], sorted(known.intersection(actions))
    if not all(chosen):
        raise Refused(_("Choose at least one region and one action."))
    with transaction.atomic():
        _lock(access.workspace)
        plan, _made = RegionalPlan.objects.update_or_create(
            workspace=access.workspace, defaults={"regions": chosen[0], "actions": chosen[1]}
        )
        log.record_audit(
            "plan.scope_changed",
            actor=access.user,
            organisation=access.organisation.uuid,
            role=access.role,
            target_kind="workspace",
            target=access.workspace.uuid,
            workspace=access.workspace.uuid,
            regions=len(chosen[0]),
            actions=len(chosen[1]),
        )
    return plan


def _lock(workspace: Workspace) -> None:
    Workspace.objects.select_for_update().get(pk=workspace.pk)


def _locked(access: Access, commitment: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",)).select_related("organisation", "workspace")
    return rows.get(pk=commitment.pk, workspace=access.workspace)


def _check(
    workspace: Workspace, region: str, action: str, organisation: Organisation, contact: User | None
) -> None:
    if region not in REGIONS or action not in {one.name for one in regional_actions()}:
        raise Refused(_("There is no such region or action."))
    taking_part = participants(workspace).exclude(pk__in=frozen_in(workspace))
    if not taking_part.filter(pk=organisation.pk).exists():
        raise Refused(_("This organisation does not take part now."))
    seats = open_seats(workspace).filter(organisation=organisation)
    if contact is not None and not seats.filter(person=contact).exists():
        raise Refused(_("This person does not work here for the organisation."))


def _check_amount(promised: int, due_on: datetime.date, was_due: datetime.date | None = None) -> None:
    if not 1 <= promised <= MOST_PROMISED:
        raise Refused(_("This number is not possible."))
    if due_on != was_due and due_on < localdate(now()):
        raise Refused(_("This day is past."))


def _audit(access: Access, action: str, row: Commitment, **detail: object) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="commitment",
        target=row.uuid,
        workspace=access.workspace.uuid,
        region=row.region,
        kind=row.action,
        **detail,
    )
