"""The audit entries and activities of what organisers do with an appeal."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coalition.audit import log
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.versions import version_title
from coalition.campaigns.core import records
from coalition.workspaces.permissions import Access


def record_appeal_action(access: Access, appeal: Appeal, action: str, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction. `detail` holds numbers and codes, never a name or an
    address."""
    records.record_action(
        access,
        action,
        target=appeal.uuid,
        target_kind="appeal",
        workspace=appeal.workspace,
        **detail,
    )


def notify_workspace(access: Access, appeal: Appeal, kind: str) -> None:
    """Write the activity in the caller's transaction, for those who see drafts."""
    records.notify_workspace(
        access,
        kind,
        subject=appeal.uuid,
        subject_kind="appeal",
        workspace=appeal.workspace,
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
