"""Giving, changing and taking seats: the source of truth for every right in a workspace."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from coalition import live_push
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.audit.log import record_audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import Right, SeatRole
from coalition.workspaces.actions import activity, grants
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.permissions import Access, NotAllowed, is_secretariat, require
from coalition.workspaces.queries import active_seats


@transaction.atomic
def give_seat(*, access: Access, person: User, organisation: Organisation, role: SeatRole) -> Seat:
    """A coordinator gives a person a seat on behalf of an organisation that takes part.

    Raises Refused if the organisation does not take part, the person is no member of it, or
    has a seat for it already.
    """
    require(access, Right.MANAGE)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    return _create_seat(workspace, person, organisation, role, by=access.user, acting_for=access.organisation)


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
    return _create_seat(workspace, person, organisation, SeatRole.COORDINATOR, by=by, acting_for=None)


@transaction.atomic
def change_seat_role(*, access: Access, seat: Seat, role: SeatRole) -> Seat:
    """A coordinator changes the role of a seat. Raises Refused if no coordinator would be left."""
    require(access, Right.MANAGE)
    seat = _lock_seat(access, seat)
    if role != SeatRole.COORDINATOR:
        require_coordinator(access.workspace, without=[seat.pk])
    return _set_role(seat, role, by=access.user, acting_for=access.organisation)


@transaction.atomic
def end_seat(*, access: Access, seat: Seat) -> Seat:
    """A coordinator takes a seat away, or a person gives up their own. Access ends at once.

    Raises Refused if no coordinator would be left.
    """
    if Right.MANAGE not in access.rights and seat.person_id != access.user.pk:
        raise NotAllowed
    seat = _lock_seat(access, seat)
    require_coordinator(access.workspace, without=[seat.pk])
    seat.ended_at = now()
    seat.save(update_fields=["ended_at"])
    _apply_seat_change("seat.taken", "seat_taken", seat, by=access.user, acting_for=access.organisation)
    return seat


def require_coordinator(workspace: Workspace, *, without: Iterable[int]) -> None:
    """Raise Refused unless a coordinator is left beside these seats. Lock the workspace first."""
    if not _coordinators(workspace).exclude(pk__in=list(without)).exists():
        raise Refused(_("A workspace keeps at least one coordinator. Make somebody else coordinator first."))


def _coordinators(workspace: Workspace) -> QuerySet[Seat]:
    return active_seats().filter(workspace=workspace, role=SeatRole.COORDINATOR)


def _lock_seat(access: Access, seat: Seat) -> Seat:
    Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    return Seat.objects.select_related("person", "organisation", "workspace").get(
        pk=seat.pk, workspace=access.workspace, ended_at=None
    )


def _create_seat(
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
    _apply_seat_change("seat.given", "seat_given", seat, by=by, acting_for=acting_for)
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
        _apply_seat_change("seat.changed", "seat_changed", seat, by=by, acting_for=acting_for)
    return seat


def _apply_seat_change(
    action: str, kind: str, seat: Seat, *, by: User, acting_for: Organisation | None
) -> None:
    """What follows every change of a seat: rights, the log, the activity, and open sockets."""
    grants.sync_grants(seat.workspace)
    record_audit(
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
    activity.record_activity(
        kind,
        workspace=seat.workspace,
        actor=by,
        organisation=acting_for,
        needs_drafts=False,
        person=str(seat.person.uuid),
        person_for=str(seat.organisation.uuid),
        role=seat.role,
    )
    live_push.recheck_sockets(user_ids=[seat.person_id], reason="seat")


# --- access ---
# What follows in workspaces when people's access changes: seats end with memberships, rights follow.


def sync_seats(people: list[User]) -> None:
    """End the seats of people who are no longer members, and derive rights anew. In the caller's
    transaction. A freeze ends no seat: it only does not count, and does again after the thaw."""
    seated = Seat.objects.filter(person__in=people, ended_at=None, workspace=OuterRef("pk"))
    # Locked, in one order for all: rights are derived by one transaction at a time.
    touched = list(Workspace.objects.select_for_update().filter(Exists(seated)).order_by("pk"))
    member = Membership.objects.filter(
        person=OuterRef("person"), organisation=OuterRef("organisation"), ended_at=None
    )
    ended = list(
        Seat.objects.filter(~Exists(member), person__in=people, ended_at=None).select_related(
            "person", "organisation", "workspace"
        )
    )
    Seat.objects.filter(pk__in=[seat.pk for seat in ended]).update(ended_at=now())
    for seat in ended:
        activity.record_activity(
            "seat_ended",
            workspace=seat.workspace,
            actor=None,
            organisation=None,
            needs_drafts=False,
            person=str(seat.person.uuid),
            person_for=str(seat.organisation.uuid),
        )
    for workspace in touched:
        grants.sync_grants(workspace)
    live_push.recheck_sockets(user_ids=[person.pk for person in people], reason="access")


def coordinator_needs_second_factor(person: User) -> bool:
    """Coordinators of workspaces have a second factor, or do not get in."""
    return active_seats(person).filter(role=SeatRole.COORDINATOR).exists()
