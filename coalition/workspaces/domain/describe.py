"""What a workspace is called and what it is for."""

from django.db import transaction

from coalition.audit.log import record
from coalition.roles import Right
from coalition.workspaces.domain import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.rules import Access, require


@transaction.atomic
def describe(*, access: Access, title: str, purpose: str) -> Workspace:
    """Change title and purpose. Nothing is written if both stay as they are."""
    require(access, Right.MANAGE)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    if (workspace.title, workspace.purpose) == (title, purpose):
        return workspace
    workspace.title, workspace.purpose = title, purpose
    workspace.save(update_fields=["title", "purpose"])
    record(
        "workspace.described",
        actor=access.user,
        target_kind="workspace",
        target=workspace.uuid,
        organisation=access.organisation.uuid,
        workspace=workspace.uuid,
        role=access.role,
    )
    activity.note(
        "workspace_described",
        workspace=workspace,
        actor=access.user,
        organisation=access.organisation,
        needs_drafts=False,
    )
    return workspace
