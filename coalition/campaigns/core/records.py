"""Audit entries and activities of what somebody does for an organisation in a workspace."""

from typing import Any
from uuid import UUID

from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access


def record_action(
    access: Access, action: str, *, target: UUID, workspace: Workspace, target_kind: str = "", **detail: Any
) -> None:
    """Write the audit entry in the caller's transaction. `detail` holds numbers and codes, never a name or an
    address; `target_kind`: see `record_audit`."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind=target_kind,
        target=target,
        workspace=workspace.uuid,
        **detail,
    )


def notify_workspace(
    access: Access, kind: str, *, subject: UUID, subject_kind: str, workspace: Workspace, title: str
) -> None:
    """Write the activity in the caller's transaction, for those who see drafts."""
    activity.record_activity(
        kind,
        workspace=workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind=subject_kind,
        subject=subject,
        title=title,
    )
