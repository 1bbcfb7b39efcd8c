"""Putting a finished workspace away and taking it back. Everything in it stays readable."""

from django.db import transaction

from coalition import live
from coalition.audit.log import record
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.domain import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import seats_in
from coalition.workspaces.rules import Access, NotAllowed


@transaction.atomic
def archive(*, access: Access) -> Workspace:
    """From now on nothing in the workspace can be changed. Nothing happens if it is archived already."""
    workspace = _locked(access)
    if workspace.archived_at is None:
        workspace.archived_at = now()
        _save(access, workspace, "workspace.archived", "workspace_archived")
    return workspace


@transaction.atomic
def take_back(*, access: Access) -> Workspace:
    """Undo `archive`."""
    workspace = _locked(access)
    if workspace.archived_at is not None:
        workspace.archived_at = None
        _save(access, workspace, "workspace.taken_back", "workspace_taken_back")
    return workspace


def _locked(access: Access) -> Workspace:
    if Right.MANAGE not in access.rights:  # not `require`: it lets nobody change an archived workspace
        raise NotAllowed
    return Workspace.objects.select_for_update().get(pk=access.workspace.pk)


def _save(access: Access, workspace: Workspace, action: str, kind: str) -> None:
    workspace.save(update_fields=["archived_at"])
    record(
        action,
        actor=access.user,
        target_kind="workspace",
        target=workspace.uuid,
        organisation=access.organisation.uuid,
        workspace=workspace.uuid,
        role=access.role,
    )
    activity.note(
        kind, workspace=workspace, actor=access.user, organisation=access.organisation, needs_drafts=False
    )
    here = seats_in(workspace).values_list("person", flat=True)
    live.kick(user_ids=sorted(set(here)), reason="archive")  # what can be written in it, or no more
