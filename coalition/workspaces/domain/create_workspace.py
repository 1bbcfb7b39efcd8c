"""Opening a workspace."""

from django.db import transaction
from django.utils.translation import gettext as _

from coalition import live
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.audit.log import record
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.domain import activity, grants
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.rules import NotAllowed, may_create_workspaces


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
    grants.sync(workspace)
    record(
        "workspace.created",
        actor=by,
        target_kind="workspace",
        target=workspace.uuid,
        organisation=organisation.uuid,
        workspace=workspace.uuid,
        coordinator_seat=str(seat.uuid),
    )
    activity.note(
        "workspace_created",
        workspace=workspace,
        actor=by,
        organisation=None,
        needs_drafts=False,
    )
    live.kick(user_ids=[coordinator.pk], reason="seat")
    return workspace
