"""Sittings that people enter, so that nobody plans against them."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core.permissions import may_plan, require_that
from events.partner_calendars.models import Sitting

LONGEST = datetime.timedelta(days=31)


def enter_sitting(
    *, access: Access, body: str, region: str, starts_at: datetime.datetime, ends_at: datetime.datetime
) -> Sitting:
    """Enter a sitting in the access's workspace. `region` empty: it matters everywhere.

    Raises NotAllowed without the right to plan, Refused in words if it ends before it begins or lasts
    longer than a month.
    """
    require_that(may_plan(access))
    if ends_at <= starts_at:
        raise Refused(_("The sitting ends before it begins: check the times."))
    if ends_at - starts_at > LONGEST:
        raise Refused(_("A sitting lasts a month at most: enter its days one by one."))
    with transaction.atomic():
        sitting = Sitting.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            entered_by=access.user,
            body=body.strip(),
            region=region,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        _record(sitting, access, "sitting.entered")
    return sitting


def remove_sitting(*, access: Access, sitting: Sitting) -> Sitting:
    """Take a sitting out of the calendar. `bring_back_sitting` undoes it; removing it twice is one."""
    return _move(access, sitting, removed=True)


def bring_back_sitting(*, access: Access, sitting: Sitting) -> Sitting:
    """Put a removed sitting into the calendar again: the undo of `remove_sitting`."""
    return _move(access, sitting, removed=False)


def _move(access: Access, sitting: Sitting, *, removed: bool) -> Sitting:
    with transaction.atomic():
        locked = Sitting.objects.select_for_update().get(pk=sitting.pk, workspace=access.workspace)
        require_that(may_plan(access))
        if (locked.removed_at is not None) == removed:
            return locked
        locked.removed_at = now() if removed else None
        locked.save(update_fields=["removed_at"])
        _record(locked, access, "sitting.removed" if removed else "sitting.brought_back")
    return locked


def _record(sitting: Sitting, access: Access, action: str) -> None:
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role.value,
        target_kind="sitting",
        target=sitting.uuid,
        workspace=access.workspace.uuid,
    )
