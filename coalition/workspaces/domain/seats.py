"""Giving, changing and taking seats: the source of truth for every right in a workspace."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coalition import live
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.audit.log import record
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import Right, SeatRole
from coalition.workspaces.domain import activity, grants
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.queries import active_seats
from coalition.workspaces.rules import Access, NotAllowed, is_secretariat, require


@transaction.atomic
def give(*, access: Access, person: User, organisation: Organisation, role: SeatRole) -> Seat:
    """A coordinator gives a person a seat on behalf of an organisation that takes part.

    Raises Refused if the organisation does not take part, the person is no member of it, or
    has a seat for it already.
    """
    require(access, Right.MANAGE)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    return _give(workspace, person, organisation, role, by=access.user, acting_for=access.organisation)


@transaction.atomic
def appoint_coordinator(*, by: User, workspace: Workspace, person: User, organisation: Organisation) -> Seat:
    """The secretariat names a coordinator where none is left (the last one's membership ended, or their
    organisation is frozen). Elsewhere it has no say in seats."""
    if not is_secretariat(by):
        raise NotAllowed
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if _coordinators(workspace).exists():
        raise Refused(_("This workspace has a coordinator, who gives the seats."))
    held = Seat.objects.filter(
        workspace=workspace, person=person, organisation=organisation, ended_at=None
    ).first()
    if held is not None:
        return _set_role(held, SeatRole.COORDINATOR, by=by, acting_for=None)
    return _give(workspace, person, organisation, SeatRole.COORDINATOR, by=by, acting_for=None)


@transaction.atomic
def change(*, access: Access, seat: Seat, role: SeatRole) -> Seat:
    """A coordinator changes the role of a seat. Raises Refused if no coordinator would be left."""
    require(access, Right.MANAGE)
    seat = _locked(access, seat)
    if role != SeatRole.COORDINATOR:
        keep_a_coordinator(access.workspace, without=[seat.pk])
    return _set_role(seat, role, by=access.user, acting_for=access.organisation)


@transaction.atomic
def take(*, access: Access, seat: Seat) -> Seat:
    """A coordinator takes a seat away, or a person gives up their own. Access ends at once.

    Raises Refused if no coordinator would be left.
    """
    if Right.MANAGE not in access.rights and seat.person_id != access.user.pk:
        raise NotAllowed
    seat = _locked(access, seat)
    keep_a_coordinator(access.workspace, without=[seat.pk])
    seat.ended_at = now()
    seat.save(update_fields=["ended_at"])
    _settle("seat.taken", "seat_taken", seat, by=access.user, acting_for=access.organisation)
    return seat


def keep_a_coordinator(workspace: Workspace, *, without: Iterable[int]) -> None:
    """Raise Refused unless a coordinator is left beside these seats. Lock the workspace first."""
    if not _coordinators(workspace).exclude(pk__in=list(without)).exists():
        raise Refused(_("A workspace keeps at least one coordinator. Make somebody else coordinator first."))


def _coordinators(workspace: Workspace) -> QuerySet[Seat]:
    return active_seats().filter(workspace=workspace, role=SeatRole.COORDINATOR)


def _locked(access: Access, seat: Seat) -> Seat:
    Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    return Seat.objects.select_related("person", "organisation", "workspace").get(
        pk=seat.pk, workspace=access.workspace, ended_at=None
    )


def _give(
    workspace: Workspace,
    person: User,
    organisation: Organisation,
    role: SeatRole,
    *,
    by: User,
    acting_for: Organisation | None,
) -> Seat:
    if not Participation.objects.filter(
        workspace=workspace, organisation=organisation, ended_at=None
    ).exists():
        raise Refused(_("This organisation does not take part here."))
    if not active_memberships(person).filter(organisation=organisation).exists():
        raise Refused(_("Only a member of the organisation can have a seat on its behalf."))
    held = Seat.objects.filter(workspace=workspace, person=person, organisation=organisation, ended_at=None)
    if held.exists():
        raise Refused(_("This person has a seat on behalf of this organisation already."))
    seat = Seat.objects.create(
        workspace=workspace, person=person, organisation=organisation, role=role, given_by=by
    )
    _settle("seat.given", "seat_given", seat, by=by, acting_for=acting_for)
    notify(
        people=[person],
        kind="seat_given",
        workspace=workspace,
        actor=by,
        organisation=acting_for,
        subject_kind="workspace",
        subject=workspace.uuid,
        needs_drafts=False,
        once=f"seat_given:{seat.uuid}",
    )
    return seat


def _set_role(seat: Seat, role: SeatRole, *, by: User, acting_for: Organisation | None) -> Seat:
    if seat.role != role:
        seat.role = role
        seat.save(update_fields=["role"])
        _settle("seat.changed", "seat_changed", seat, by=by, acting_for=acting_for)
    return seat


def _settle(action: str, kind: str, seat: Seat, *, by: User, acting_for: Organisation | None) -> None:
    """What follows every change of a seat: rights, the log, the activity, and open sockets."""
    grants.sync(seat.workspace)
    record(
        action,
        actor=by,
        target_kind="seat",
        target=seat.uuid,
        organisation=acting_for.uuid if acting_for else None,
        workspace=seat.workspace.uuid,
        seat_role=seat.role,
        person=str(seat.person.uuid),
        on_behalf_of=str(seat.organisation.uuid),
    )
    activity.note(
        kind,
        workspace=seat.workspace,
        actor=by,
        organisation=acting_for,
        needs_drafts=False,
        person=str(seat.person.uuid),
        person_for=str(seat.organisation.uuid),
        role=seat.role,
    )
    live.kick(user_ids=[seat.person_id], reason="seat")
