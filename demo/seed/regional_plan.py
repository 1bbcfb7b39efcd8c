"""The demo's regional plan: promises of organisations, some due soon, one late, and gaps."""

import datetime
from functools import partial

from django.utils.timezone import localdate

from coalition.campaigns.models import Commitment
from coalition.campaigns.regional_plan.actions import change_commitment, make_commitment, set_plan_scope
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of

DAY = datetime.timedelta(days=1)


def plan_regional_plan(demo: Demo, accounts: Accounts, workspace: Workspace, history: History) -> None:
    """Plan the choice of regions and actions, and each promise with what was done since."""
    plan, opened = demo.regional_plan, max(one["made_days_ago"] for one in demo.regional_plan["promises"])
    history.add(opened + 1, partial(_scope, plan, accounts, workspace))
    for promise in plan["promises"]:
        history.add(promise["made_days_ago"], partial(_promise, promise, accounts, workspace))
        if "done" in promise:
            history.add(1, partial(_done, promise, accounts, workspace))


def _scope(plan: Record, accounts: Accounts, workspace: Workspace) -> None:
    access = access_of(accounts.people[plan["by"]], workspace)
    set_plan_scope(access=access, regions=plan["regions"], actions=plan["actions"])


def _promise(promise: Record, accounts: Accounts, workspace: Workspace) -> None:
    access = access_of(accounts.people[promise["by"]], workspace)
    make_commitment(
        access=access,
        region=promise["region"],
        action=promise["action"],
        organisation=access.organisation,
        promised=promise["promised"],
        due_on=localdate(now()) + (promise["made_days_ago"] + promise["due_in_days"]) * DAY,
        contact=access.user,
        note=promise["note"],
    )


def _done(promise: Record, accounts: Accounts, workspace: Workspace) -> None:
    access = access_of(accounts.people[promise["by"]], workspace)
    row = Commitment.objects.get(
        workspace=workspace,
        organisation=access.organisation,
        region=promise["region"],
        action=promise["action"],
    )
    change_commitment(
        access=access,
        commitment=row,
        promised=row.promised,
        due_on=row.due_on,
        contact=row.contact,
        note=row.note,
        done_declared=promise["done"],
    )
