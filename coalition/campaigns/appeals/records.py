"""The audit entries and activities of what organisers do with an appeal."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coalition.audit import log
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.versions import version_title
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import Access


def record_appeal_action(access: Access, appeal: Appeal, action: str, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction. `detail` holds numbers and codes, never a name or an
    address."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="appeal",
        target=appeal.uuid,
        workspace=appeal.workspace.uuid,
        **detail,
    )


def notify_workspace(access: Access, appeal: Appeal, kind: str) -> None:
    """Write the activity in the caller's transaction, for those who see drafts."""
    activity.record_activity(
        kind,
        workspace=appeal.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind="appeal",
        subject=appeal.uuid,
        title=version_title(appeal),
    )


@dataclass(frozen=True)
class PastCount:
    """What the portal showed on a day, as it was typed in."""

    count: int
    day: datetime.date


def past_counts(appeal: UUID) -> list[PastCount]:
    """Return what was typed in as the official petition's count, the newest first. One query."""
    found = log.audit_details("appeal.official_counted", targets=[appeal])
    return [PastCount(one["count"], datetime.date.fromisoformat(one["as_of"])) for one in found]
