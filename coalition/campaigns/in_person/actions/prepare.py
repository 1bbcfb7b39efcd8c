"""Preparing a table, changing it, cancelling it, and the link for its volunteers."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation
from coalition.campaigns.appeals.enums import AppealStage
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.in_person.links import table_token
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.permissions import (
    may_change_table,
    may_choose_organisation,
    may_prepare_tables,
    require_that,
)
from coalition.campaigns.in_person.records import record_table_action
from coalition.campaigns.referrals.actions import make_referral_code
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.models import ReferralCode
from coalition.campaigns.referrals.targets import APPEAL
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.files.models import StoredFile
from documents.files.public_copy import prepare_public_copy

FARTHEST: Final = datetime.timedelta(days=366)  # a table is prepared at most so long before
MOST_LABEL: Final = 80  # characters of a referral code's label
ONLY_PREPARING: Final = _("Contributors, editors and coordinators prepare tables of their organisation.")
ONLY_OWN: Final = _("Only coordinators prepare tables of other organisations.")


@dataclass(frozen=True)
class TablePlan:
    """What is filled in about a table. `region`: a code of `REGIONS`; `permission_*`: as in `Table`."""

    appeal: Appeal
    organisation: Organisation
    region: str
    place: str
    day: datetime.date
    permission_by: str = ""
    permission_on: datetime.date | None = None
    permission_words: str = ""
    permission_file: StoredFile | None = None

    def values(self) -> dict[str, Any]:
        return dict(vars(self))


class PermissionFileRefused(Refused):
    """The file with the permission cannot be used."""


def prepare_table(*, access: Access, plan: TablePlan) -> Table:
    """Prepare a table with a link for its volunteers and a referral code.

    Raises NotAllowed; PermissionFileRefused for a file that volunteers cannot be shown, as one that only some
    people may read; Refused for an appeal that is not open, an organisation that takes no part, a day that is
    past or more than a year ahead, and a permission that cannot be used.
    """
    require_that(may_prepare_tables(access), ONLY_PREPARING)
    _check(access, plan)
    _copy_for_volunteers(access, plan.permission_file)
    with transaction.atomic():
        table = Table(**plan.values(), workspace=access.workspace, created_by=access.user, created_at=now())
        table.link_hash = hash_token(table_token(table))
        table.referral = _make_code(access, plan)
        table.save()
        record_table_action(access, table, "table.prepared", day=str(plan.day))
    return table


def change_table(*, access: Access, table: Table, plan: TablePlan) -> Table:
    """Change a table. Once it is open only its permission can change. With another appeal or organisation it
    gets a referral code of theirs; the earlier one, which may be printed, stays as it is. Raises as
    `prepare_table` does, and Refused for a table that is closed or cancelled."""
    _copy_for_volunteers(access, plan.permission_file)
    with transaction.atomic():
        locked = lock_own_table(access, table)
        if locked.closed_at is not None or locked.cancelled_at is not None:
            raise Refused(_("This table is over: it cannot be changed."))
        values = plan.values()
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        if locked.opened_at is not None and any(not name.startswith("permission_") for name in changed):
            raise Refused(_("The table is open: only its permission can be changed now."))
        if locked.opened_at is None:
            _check(access, plan)
        else:
            _check_permission(plan)
        for name in changed:
            setattr(locked, name, values[name])
        if changed:
            saved = list(changed)
            if {"appeal", "organisation"}.intersection(changed):
                locked.referral = _make_code(access, plan)
                saved.append("referral")
            locked.save(update_fields=saved)
            record_table_action(access, locked, "table.changed", fields=changed)
    return locked


def cancel_table(*, access: Access, table: Table) -> Table:
    """Cancel a table that was not opened; its link ends at once. Cancelling twice is one. Raises NotAllowed,
    Refused."""
    with transaction.atomic():
        locked = lock_own_table(access, table)
        if locked.opened_at is not None:
            raise Refused(_("The table was opened: close it and count, so that nobody is lost."))
        if locked.cancelled_at is None:
            locked.cancelled_at = now()
            locked.save(update_fields=["cancelled_at"])
            record_table_action(access, locked, "table.cancelled")
    return locked


def renew_link(*, access: Access, table: Table) -> Table:
    """Give the table another link; the earlier one ends at once, and what was counted by it stays. Raises
    NotAllowed, Refused for a cancelled table."""
    with transaction.atomic():
        locked = lock_own_table(access, table)
        if locked.cancelled_at is not None:
            raise Refused(_("This table was cancelled: it has no link."))
        locked.link_number += 1
        locked.link_hash = ""
        locked.link_hash = hash_token(table_token(locked))
        locked.save(update_fields=["link_number", "link_hash"])
        record_table_action(access, locked, "table.link_renewed", number=locked.link_number)
    return locked


def lock_own_table(access: Access, table: Table) -> Table:
    """Return the row, locked until the transaction ends. Raises NotAllowed for who may not change it, and
    DoesNotExist for a table of another workspace."""
    rows = Table.objects.select_for_update(of=("self",))
    rows = rows.select_related("workspace", "organisation", "appeal", "permission_file")
    locked = rows.get(pk=table.pk, workspace=access.workspace)
    require_that(may_change_table(access, locked), ONLY_OWN)
    return locked


def _make_code(access: Access, plan: TablePlan) -> ReferralCode:
    """Make the code that leads to the appeal and credits the organisation of this table."""
    return make_referral_code(
        access=access,
        action=APPEAL,
        target=plan.appeal.uuid,
        medium=Medium.TABLE,
        label=f"{plan.place[: MOST_LABEL - 11]}, {plan.day:%d.%m.%y}",
        organisation=plan.organisation,
    )


def _check(access: Access, plan: TablePlan) -> None:
    if plan.organisation.pk != access.organisation.pk:
        require_that(may_choose_organisation(access), ONLY_OWN)
    taking_part = participants(access.workspace).exclude(pk__in=frozen_in(access.workspace))
    if not taking_part.filter(pk=plan.organisation.pk).exists():
        raise Refused(_("This organisation does not take part now."))
    today = localdate(now())
    appeal = plan.appeal
    if appeal.workspace_id != access.workspace.pk or appeal.stage_on(today) != AppealStage.OPEN:
        raise Refused(_("Choose an appeal of this workspace that is open."))
    if plan.region not in REGIONS:
        raise Refused(_("Choose a region."))
    if plan.day < today:
        raise Refused(_("This day is past."))
    if plan.day > today + FARTHEST:
        raise Refused(_("This day is more than a year ahead: check the year."))
    if appeal.closes_on is not None and plan.day > appeal.closes_on:
        raise Refused(_("The appeal is closed on this day."))
    _check_permission(plan)


def _check_permission(plan: TablePlan) -> None:
    if plan.permission_on is not None and plan.permission_on > localdate(now()):
        raise Refused(_("The permission cannot be given on a day to come."))


def _copy_for_volunteers(access: Access, file: StoredFile | None) -> None:
    """Make the copy without metadata that volunteers open: before a row is locked, since it takes seconds."""
    try:
        prepare_public_copy(access, file)
    except Refused as refusal:
        raise PermissionFileRefused(refusal.message) from refusal
