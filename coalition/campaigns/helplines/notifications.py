"""Who hears of helplines: members of the organisation that answers for one."""

import datetime
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.enums import HELPLINE_KIND
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.queries import HelplineState, helpline_states, helplines_for, today
from coalition.workspaces.notifications.kinds import SubjectDescription, register_subject
from coalition.workspaces.notifications.notify import notify_members

CHECK_REMINDERS: Final = (30, 60, 85)  # days since somebody called
LICENCE_REMINDER_DAYS: Final = 30  # before the licence ends


def register_helpline_subjects() -> None:
    """Say who may see a line in their inbox, and what it is called."""
    register_subject(HELPLINE_KIND, visible=helplines_for, describe=_described, address=address_of)


def notify_of_review(entry: HelplineEntry, kind: str) -> None:
    """Tell the organisation that answers for the line that its entry was published or sent back."""
    _notify(
        entry.helpline,
        kind=kind,
        once=f"{entry.uuid}:{entry.written_at.isoformat()}",
        actor=entry.reviewed_by,
        organisation=entry.reviewed_for,
    )


def notify_of_suspension(helpline: Helpline) -> None:
    """Tell the organisation that answers for the line that another one hid it from the public."""
    if helpline.suspended_at is not None:
        _notify(
            helpline,
            kind="helpline_suspended",
            once=f"{helpline.uuid}:{helpline.suspended_at.isoformat()}",
            actor=helpline.suspended_by,
            organisation=helpline.suspended_for,
        )


def remind() -> None:
    """Remind organisations of checks and licences that end: once for each stage. Run daily or oftener.

    A stage that was missed, because nothing ran that day, is sent at the next run.
    """
    day = today()
    for state in helpline_states(Helpline.objects.filter(retired_at=None)):
        if state.published is None:
            continue
        _remind_of_check(state)
        _remind_of_licence(state, day)


def _remind_of_check(state: HelplineState) -> None:
    helpline = state.helpline
    reached = [days for days in CHECK_REMINDERS if (state.days_since_check or 0) >= days]
    if reached and helpline.checked_on is not None:
        once = f"{helpline.uuid}:{helpline.checked_on.isoformat()}:{reached[-1]}"
        _notify(helpline, kind="helpline_check_due", once=once)


def _remind_of_licence(state: HelplineState, day: datetime.date) -> None:
    if state.days_of_licence is None or state.published is None or state.published.licence_until is None:
        return
    if state.days_of_licence <= LICENCE_REMINDER_DAYS:
        once = f"{state.helpline.uuid}:{state.published.licence_until.isoformat()}"
        _notify(state.helpline, kind="helpline_licence_ends", once=once)


def _notify(
    helpline: Helpline,
    *,
    kind: str,
    once: str,
    actor: User | None = None,
    organisation: Organisation | None = None,
) -> None:
    members = active_memberships().filter(organisation=helpline.organisation_id).select_related("person")
    with transaction.atomic():
        notify_members(
            members=members,
            kind=kind,
            actor=actor,
            organisation=organisation,
            subject_kind=HELPLINE_KIND,
            subject=helpline.uuid,
            once=f"{kind}:{once}",
        )


def address_of(helpline: UUID) -> str:
    """Return the path of a line's page at the desk."""
    return reverse("campaigns:helpline", args=[helpline])


def _described(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = helpline_states(Helpline.objects.filter(uuid__in=list(uuids)))
    return {
        row.helpline.uuid: SubjectDescription(
            str(row.entry.name) if row.entry else "—", address_of(row.helpline.uuid)
        )
        for row in rows
    }
