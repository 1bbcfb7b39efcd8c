"""Organisers plan how the official petition is filed, and put the steps into the workspace's calendar."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.models import Appeal, PetitionPlan, PetitionPledge, PetitionStep
from coalition.campaigns.appeals.permissions import may_plan_petition, may_pledge, require_that
from coalition.campaigns.appeals.planner.calendar import remove_deadlines, update_deadlines
from coalition.campaigns.appeals.planner.schedule import MOST_WORKING_DAYS, default_steps
from coalition.campaigns.appeals.records import record_appeal_action
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants

MOST_STEPS = 20
MOST_PEOPLE = 1000  # of one organisation, and needed in all


@dataclass(frozen=True)
class ProposedStep:
    """A step as it was typed in. `step`: the one that it changes, None for a new one."""

    name: str
    working_days: int
    step: PetitionStep | None = None


def start_plan(*, access: Access, appeal: Appeal, files_on: datetime.date) -> PetitionPlan:
    """Begin a plan with the steps that are usual. Beginning twice is one.

    Raises NotAllowed without the right to plan; Refused for a day that is over.
    """
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_plan_petition(access), _("Those who plan events plan the petition."))
        _check_day(files_on)
        known = PetitionPlan.objects.filter(appeal=locked).first()
        if known is not None:
            return known
        plan = PetitionPlan.objects.create(appeal=locked, files_on=files_on, changed_at=now())
        PetitionStep.objects.bulk_create(
            PetitionStep(plan=plan, name=name, working_days=days) for name, days in default_steps()
        )
        record_appeal_action(access, locked, "appeal.petition_planned", files_on=files_on.isoformat())
    return plan


def change_plan(
    *,
    access: Access,
    plan: PetitionPlan,
    needed: int,
    files_on: datetime.date,
    steps: Sequence[ProposedStep],
) -> PetitionPlan:
    """Change the plan; steps that are not given go. Deadlines that stand in the calendar follow.

    Raises NotAllowed without the right to plan; Refused for numbers or days that cannot be.
    """
    _check_plan(needed, steps)
    with transaction.atomic():
        appeal, locked = _lock(access, plan)
        require_that(may_plan_petition(access), _("Those who plan events plan the petition."))
        if files_on != locked.files_on:
            _check_day(files_on)
        locked.needed, locked.files_on, locked.changed_at = needed, files_on, now()
        locked.save(update_fields=["needed", "files_on", "changed_at"])
        _put_steps(access, locked, steps)
        record_appeal_action(access, appeal, "appeal.petition_planned", files_on=files_on.isoformat())
        if locked.in_calendar:
            update_deadlines(access, locked)
    return locked


def put_into_calendar(*, access: Access, plan: PetitionPlan) -> PetitionPlan:
    """Put every step into the workspace's calendar as a deadline; from now on they follow the plan. Pressing
    again mends what is missing.

    Raises NotAllowed without the right to plan.
    """
    with transaction.atomic():
        appeal, locked = _lock(access, plan)
        require_that(may_plan_petition(access), _("Those who plan events plan the petition."))
        locked.in_calendar = True
        locked.save(update_fields=["in_calendar"])
        number = update_deadlines(access, locked)
        record_appeal_action(access, appeal, "appeal.petition_in_calendar", number=number)
    return locked


def take_out_of_calendar(*, access: Access, plan: PetitionPlan) -> PetitionPlan:
    """Cancel the deadlines of the plan. Doing it again changes nothing."""
    with transaction.atomic():
        appeal, locked = _lock(access, plan)
        require_that(may_plan_petition(access), _("Those who plan events plan the petition."))
        if locked.in_calendar:
            remove_deadlines(access, list(locked.steps.all()))
            locked.in_calendar = False
            locked.save(update_fields=["in_calendar"])
            record_appeal_action(access, appeal, "appeal.petition_out_of_calendar")
    return locked


def set_pledge(
    *, access: Access, plan: PetitionPlan, organisation: Organisation, promised: int, found: int
) -> PetitionPledge:
    """Say how many people with a digital signature an organisation promises, and how many it has found.

    For one's own organisation, or for any that takes part if one plans. Raises NotAllowed; Refused for
    numbers that cannot be, or for an organisation that takes no part.
    """
    with transaction.atomic():
        appeal, locked = _lock(access, plan)
        own = may_pledge(access) and organisation.pk == access.organisation.pk
        require_that(own or may_plan_petition(access), _("Each organisation writes its own numbers."))
        if not participants(access.workspace).filter(pk=organisation.pk).exists():
            raise Refused(_("This organisation does not take part here."))
        if not (0 <= promised <= MOST_PEOPLE and 0 <= found <= MOST_PEOPLE):
            raise Refused(_("A number lies between 0 and %(most)s."), most=MOST_PEOPLE)
        row, _made = PetitionPledge.objects.update_or_create(
            plan=locked,
            organisation=organisation,
            defaults={"promised": promised, "found": found, "changed_at": now()},
        )
        record_appeal_action(
            access,
            appeal,
            "appeal.petition_pledged",
            about=str(organisation.uuid),
            promised=promised,
            found=found,
        )
    return row


def _lock(access: Access, plan: PetitionPlan) -> tuple[Appeal, PetitionPlan]:
    appeal = lock_appeal(access, plan.appeal)
    rows = PetitionPlan.objects.select_for_update(of=("self",)).select_related("appeal__workspace")
    return appeal, rows.get(pk=plan.pk)


def _put_steps(access: Access, plan: PetitionPlan, steps: Sequence[ProposedStep]) -> None:
    kept = {one.step.pk for one in steps if one.step is not None}
    gone = list(plan.steps.exclude(pk__in=kept))
    remove_deadlines(access, gone)
    plan.steps.filter(pk__in=[one.pk for one in gone]).delete()
    for one in steps:
        row = one.step or PetitionStep(plan=plan)
        if row.plan_id != plan.pk:
            raise Refused(_("This step belongs to another plan."))
        row.name, row.working_days = one.name.strip(), one.working_days
        row.save()


def _check_plan(needed: int, steps: Sequence[ProposedStep]) -> None:
    if not 1 <= needed <= MOST_PEOPLE:
        raise Refused(_("A number lies between 1 and %(most)s."), most=MOST_PEOPLE)
    if len(steps) > MOST_STEPS:
        raise Refused(_("A plan has at most %(most)s steps."), most=MOST_STEPS)
    for one in steps:
        if not one.name.strip():
            raise Refused(_("Give each step a name."))
        if abs(one.working_days) > MOST_WORKING_DAYS:
            raise Refused(_("A step lies at most %(most)s working days away."), most=MOST_WORKING_DAYS)


def _check_day(files_on: datetime.date) -> None:
    if files_on < localdate(now()):
        raise Refused(_("The day of filing is over already."))
    if files_on.year > localdate(now()).year + 2:
        raise Refused(_("The day of filing lies too far away: check the year."))
