"""Opening a workspace."""

from django.db import transaction
from django.utils.translation import gettext as _

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.audit.log import record_audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import Right, SeatRole
from coalition.workspaces.actions import activity, grants
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.permissions import Access, NotAllowed, may_create_workspaces, require
from coalition.workspaces.queries import seats_in


@transaction.atomic
def create_workspace(
    *, by: User, title: str, coordinator: User, organisation: Organisation, purpose: str = ""
) -> Workspace:
    """Open a workspace with its first organisation and coordinator, whom the secretariat names.

    Raises NotAllowed, or Refused if the coordinator is no member of the organisation.
    """
    if not may_create_workspaces(by):
        raise NotAllowed
    if not active_memberships(coordinator).filter(organisation=organisation).exists():
        raise Refused(_("The coordinator must be a member of the organisation."))
    workspace = Workspace.objects.create(title=title, purpose=purpose, created_by=by)
    Participation.objects.create(workspace=workspace, organisation=organisation)
    seat = Seat.objects.create(
        workspace=workspace,
        person=coordinator,
        organisation=organisation,
        role=SeatRole.COORDINATOR,
        given_by=by,
    )
    grants.sync_grants(workspace)
    record_audit(
        "workspace.created",
        actor=by,
        target_kind="workspace",
        target=workspace.uuid,
        organisation=organisation.uuid,
        workspace=workspace.uuid,
        coordinator_seat=str(seat.uuid),
    )
    activity.record_activity(
        "workspace_created",
        workspace=workspace,
        actor=by,
        organisation=None,
        needs_drafts=False,
    )
    live_push.recheck_sockets(user_ids=[coordinator.pk], reason="seat")
    return workspace


# --- describe ---
# What a workspace is called and what it is for.


@transaction.atomic
def describe_workspace(*, access: Access, title: str, purpose: str) -> Workspace:
    """Change title and purpose. Nothing is written if both stay as they are."""
    require(access, Right.MANAGE)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    if (workspace.title, workspace.purpose) == (title, purpose):
        return workspace
    workspace.title, workspace.purpose = title, purpose
    workspace.save(update_fields=["title", "purpose"])
    record_audit(
        "workspace.described",
        actor=access.user,
        target_kind="workspace",
        target=workspace.uuid,
        organisation=access.organisation.uuid,
        workspace=workspace.uuid,
        role=access.role,
    )
    activity.record_activity(
        "workspace_described",
        workspace=workspace,
        actor=access.user,
        organisation=access.organisation,
        needs_drafts=False,
    )
    return workspace


# --- archive ---
# Putting a finished workspace away and taking it back. Everything in it stays readable.


@transaction.atomic
def archive_workspace(*, access: Access) -> Workspace:
    """From now on nothing in the workspace can be changed. Nothing happens if it is archived already."""
    workspace = _lock_workspace(access)
    if workspace.archived_at is None:
        workspace.archived_at = now()
        _save_archived_at(access, workspace, "workspace.archived", "workspace_archived")
    return workspace


@transaction.atomic
def restore_workspace(*, access: Access) -> Workspace:
    """Undo `archive`."""
    workspace = _lock_workspace(access)
    if workspace.archived_at is not None:
        workspace.archived_at = None
        _save_archived_at(access, workspace, "workspace.taken_back", "workspace_taken_back")
    return workspace


def _lock_workspace(access: Access) -> Workspace:
    if Right.MANAGE not in access.rights:  # not `require`: it lets nobody change an archived workspace
        raise NotAllowed
    return Workspace.objects.select_for_update().get(pk=access.workspace.pk)


def _save_archived_at(access: Access, workspace: Workspace, action: str, kind: str) -> None:
    workspace.save(update_fields=["archived_at"])
    record_audit(
        action,
        actor=access.user,
        target_kind="workspace",
        target=workspace.uuid,
        organisation=access.organisation.uuid,
        workspace=workspace.uuid,
        role=access.role,
    )
    activity.record_activity(
        kind, workspace=workspace, actor=access.user, organisation=access.organisation, needs_drafts=False
    )
    here = seats_in(workspace).values_list("person", flat=True)
    live_push.recheck_sockets(
        user_ids=sorted(set(here)), reason="archive"
    )  # what can be written in it, or no more
