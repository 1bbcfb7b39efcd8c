"""Organisations come into a workspace and leave it."""

from django.db import transaction
from django.utils.translation import gettext as _

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import may_see_name, viewer_for
from coalition.audit.log import record_audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import Right
from coalition.workspaces.actions import activity, grants
from coalition.workspaces.actions.seats import require_coordinator
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.permissions import Access, NotAllowed, is_secretariat, require


@transaction.atomic
def add_organisation(*, access: Access, organisation: Organisation) -> Participation:
    """A coordinator brings an organisation in. Its name is then told to everyone with a seat here, so a
    coordinator can only bring in an organisation whose name they may be told themselves."""
    require(access, Right.MANAGE)
    if not may_see_name(viewer_for(access.user), organisation):
        raise NotAllowed
    return _create_participation(
        access.workspace, organisation, by=access.user, acting_for=access.organisation
    )


@transaction.atomic
def add_organisation_as_secretariat(
    *, by: User, workspace: Workspace, organisation: Organisation
) -> Participation:
    """The secretariat brings any organisation into any workspace, without seeing what lies there."""
    if not is_secretariat(by):
        raise NotAllowed
    return _create_participation(workspace, organisation, by=by, acting_for=None)


@transaction.atomic
def end_participation(*, access: Access, organisation: Organisation) -> Participation:
    """The organisation leaves and its seats end; what it approved stays. Raises Refused if the
    workspace would be left without a coordinator."""
    if Right.MANAGE not in access.rights:
        raise NotAllowed
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    participation = Participation.objects.filter(
        workspace=workspace, organisation=organisation, ended_at=None
    ).first()
    if participation is None:
        raise Refused(_("This organisation does not take part here."))
    seats = Seat.objects.filter(workspace=workspace, organisation=organisation, ended_at=None)
    require_coordinator(workspace, without=[seat.pk for seat in seats])
    people = [seat.person_id for seat in seats]
    participation.ended_at = now()
    participation.save(update_fields=["ended_at"])
    seats.update(ended_at=participation.ended_at)
    grants.sync_grants(workspace)
    _record_participation(
        "organisation.left",
        "organisation_left",
        workspace=workspace,
        organisation=organisation,
        by=access.user,
        acting_for=access.organisation,
    )
    live_push.recheck_sockets(user_ids=people, reason="seat")
    return participation


@transaction.atomic
def end_all_participations(*, by: User, organisation: Organisation) -> list[Participation]:
    """The organisation leaves the coalition, and with it every workspace. The caller has asked the right.

    A workspace may be left without a coordinator: the secretariat appoints one. Seats end with the
    memberships (`access.settle`).
    """
    rows = Participation.objects.filter(organisation=organisation, ended_at=None).select_related("workspace")
    ended = list(rows.select_for_update(of=("self",)).order_by("workspace_id"))
    for participation in ended:
        participation.ended_at = now()
        participation.save(update_fields=["ended_at"])
        _record_participation(
            "organisation.left",
            "organisation_left",
            workspace=participation.workspace,
            organisation=organisation,
            by=by,
            acting_for=organisation,
        )
    return ended


def _create_participation(
    workspace: Workspace, organisation: Organisation, *, by: User, acting_for: Organisation | None
) -> Participation:
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    if organisation.left_at:
        raise Refused(_("This organisation has left the coalition."))
    participation, created = Participation.objects.get_or_create(
        workspace=workspace, organisation=organisation, ended_at=None
    )
    if created:
        _record_participation(
            "organisation.joined",
            "organisation_joined",
            workspace=workspace,
            organisation=organisation,
            by=by,
            acting_for=acting_for,
        )
    return participation


def _record_participation(
    action: str,
    kind: str,
    *,
    workspace: Workspace,
    organisation: Organisation,
    by: User,
    acting_for: Organisation | None,
) -> None:
    record_audit(
        action,
        actor=by,
        target_kind="organisation",
        target=organisation.uuid,
        organisation=acting_for.uuid if acting_for else None,
        workspace=workspace.uuid,
    )
    activity.record_activity(
        kind,
        workspace=workspace,
        actor=by,
        organisation=acting_for,
        needs_drafts=False,
        about=str(organisation.uuid),
    )
