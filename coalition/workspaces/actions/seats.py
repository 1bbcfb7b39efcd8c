"""Seats, the source of every right in a workspace, and guardian's rows derived from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, get_groups_with_perms, remove_perm

from coalition import live_push
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.permissions import is_secretariat
from coalition.accounts.queries import active_memberships
from coalition.audit.log import record_audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.models import (
    GrantGroup,
    Participation,
    Seat,
    Workspace,
    WorkspaceGroupPermission,
    WorkspaceUserPermission,
)
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access, NotAllowed, require
from coalition.workspaces.queries import active_seats

type GroupKey = tuple[str, int | None]  # role and None, or "" and an organisation's primary key


def group_for_organisation(workspace: Workspace, organisation: Organisation) -> Group:
    """Return the group of one organisation's seated people in a workspace, for restricted things."""
    grant = GrantGroup.objects.filter(workspace=workspace, organisation=organisation).first()
    if grant is None:
        (grant,) = _create_groups(workspace, [("", organisation.pk)], {organisation.pk: organisation.uuid})
    return grant.group


def sync_grants(workspace: Workspace, *, fix: bool = True) -> list[str]:
    """Synchronise groups, their members and their rights with the seats; without `fix`, only compare them.

    Returns a line for each difference. Five queries where nothing differs, whatever the number of
    organisations; then one or two for each kind of difference, whatever their number.
    """
    seated: defaultdict[GroupKey, set[int]] = defaultdict(set)
    uuids: dict[int, UUID] = {}
    seats = active_seats().filter(workspace=workspace)
    rows = seats.values_list("role", "organisation_id", "organisation__uuid", "person_id")
    for role, organisation, uuid, person in rows:
        seated[role, None].add(person)
        seated["", organisation].add(person)
        uuids[organisation] = uuid
    grants = list(GrantGroup.objects.filter(workspace=workspace).select_related("group"))
    names = {grant.group_id: grant.group.name for grant in grants}
    known = {(grant.role, grant.organisation_id) for grant in grants}
    missing = [key for key in seated if key not in known]
    if fix:
        grants += _create_groups(workspace, missing, uuids)
    members = {
        (grant.group_id, person)
        for grant in grants
        for person in seated.get((grant.role, grant.organisation_id), ())
    }
    rights = {  # an organisation's group has none on the workspace
        (grant.group_id, right.value)
        for grant in grants
        if grant.role
        for right in RIGHTS[SeatRole(grant.role)]
    }
    return [
        *_sync_members(workspace, members, names, fix),
        *_sync_rights(workspace, rights, names, fix),
        *(
            f"missing: workspace:{workspace.uuid}: group of {role or f'organisation {pk}'}"
            for role, pk in missing
        ),
    ]


def _sync_members(
    workspace: Workspace, wanted: set[tuple[int, int]], names: Mapping[int, str], fix: bool
) -> list[str]:
    """`wanted`: pairs of a group and a person."""
    member = User.groups.through
    rows = member.objects.filter(group__grant__workspace=workspace)
    held = {(group, person): pk for pk, group, person in rows.values_list("pk", "group_id", "user_id")}
    if fix and (gone := [pk for key, pk in held.items() if key not in wanted]):
        member.objects.filter(pk__in=gone).delete()
    if fix:
        added = [member(group_id=group, user_id=pk) for group, pk in sorted(wanted - held.keys())]
        member.objects.bulk_create(added, ignore_conflicts=True)
    return [
        f"{'missing' if (group, pk) in wanted else 'too much'}: {names[group]}: person {pk}"
        for group, pk in sorted(wanted ^ held.keys())
        if group in names
    ]


def _sync_rights(
    workspace: Workspace, wanted: set[tuple[int, str]], names: Mapping[int, str], fix: bool
) -> list[str]:
    """Write what `assign_perm` writes for each right, in two queries: the first seats write hundreds.

    `wanted`: pairs of a group and a codename. People have no rows of their own.
    """
    rows = WorkspaceGroupPermission.objects.filter(content_object=workspace)
    rows = rows.select_related("permission", "group")
    held = {(row.group_id, row.permission.codename): row.pk for row in rows}
    names = {**names, **{row.group_id: row.group.name for row in rows}}  # also of no role or organisation
    personal = WorkspaceUserPermission.objects.filter(content_object=workspace).select_related("permission")
    differences = [
        f"{'missing' if (group, right) in wanted else 'too much'}: {names[group]}: {right}"
        for group, right in sorted(wanted ^ held.keys())
        if group in names
    ]
    differences += [f"too much: person {row.user_id}: {row.permission.codename}" for row in personal]
    if fix and (added := sorted(wanted - held.keys())):
        kind = ContentType.objects.get_for_model(Workspace)
        known = dict(Permission.objects.filter(content_type=kind).values_list("codename", "pk"))
        WorkspaceGroupPermission.objects.bulk_create(
            [
                WorkspaceGroupPermission(permission_id=known[right], group_id=group, content_object=workspace)
                for group, right in added
            ],
            ignore_conflicts=True,
        )
    if fix and (gone := [pk for key, pk in held.items() if key not in wanted]):
        WorkspaceGroupPermission.objects.filter(pk__in=gone).delete()
    if fix and personal:
        WorkspaceUserPermission.objects.filter(pk__in=[row.pk for row in personal]).delete()
    return differences


def _create_groups(
    workspace: Workspace, keys: Collection[GroupKey], uuids: Mapping[int, UUID]
) -> list[GrantGroup]:
    """Create the groups of these roles and organisations (UUIDs by primary key)."""
    names = [role if pk is None else f"organisation:{uuids[pk]}" for role, pk in keys]
    groups = Group.objects.bulk_create([Group(name=f"workspace:{workspace.uuid}:{name}") for name in names])
    return GrantGroup.objects.bulk_create(
        [
            GrantGroup(group=group, workspace=workspace, role=role, organisation_id=pk)
            for (role, pk), group in zip(keys, groups, strict=True)
        ]
    )


def restrict_to_organisations(
    thing: Model, permission: str, *, workspace: Workspace, organisations: Collection[Organisation]
) -> None:
    """Give `permission` on a restricted thing only to the seated people of these organisations.

    An empty list means that the thing is not restricted: then it has no rows. `permission` is a
    codename of the thing's own model. Call in the transaction that changes the list.
    """
    wanted = {group_for_organisation(workspace, organisation) for organisation in organisations}
    held = set(get_groups_with_perms(thing))  # type: ignore[arg-type]  # stubs: also a dict, which it returns only with attach_perms=True
    for group in wanted - held:
        assign_perm(permission, group, thing)
    for group in held - wanted:
        remove_perm(permission, group, thing)


@transaction.atomic
def give_seat(*, access: Access, person: User, organisation: Organisation, role: SeatRole) -> Seat:
    """Give a person a seat on behalf of an organisation that takes part, as a coordinator.

    Raises Refused if the organisation does not take part, the person is no member of it, or
    has a seat for it already.
    """
    require(access, Right.MANAGE)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    return _create_seat(workspace, person, organisation, role, by=access.user, acting_for=access.organisation)


@transaction.atomic
def appoint_coordinator(*, by: User, workspace: Workspace, person: User, organisation: Organisation) -> Seat:
    """Appoint a coordinator, as the secretariat, where none is left (the last one's membership ended,
    or their organisation is frozen). Otherwise the secretariat cannot change seats."""
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
    """Change the role of a seat, as a coordinator. Raises Refused if no coordinator would be left."""
    require(access, Right.MANAGE)
    seat = _lock_seat(access, seat)
    if role != SeatRole.COORDINATOR:
        require_coordinator(access.workspace, without=[seat.pk])
    return _set_role(seat, role, by=access.user, acting_for=access.organisation)


@transaction.atomic
def end_seat(*, access: Access, seat: Seat) -> Seat:
    """End a seat, as a coordinator or as its own person. Access ends at once.

    Raises Refused if no coordinator would be left.
    """
    if Right.MANAGE not in access.rights and seat.person_id != access.user.pk:
        raise NotAllowed
    seat = _lock_seat(access, seat)
    require_coordinator(access.workspace, without=[seat.pk])
    seat.ended_at = now()
    seat.save(update_fields=["ended_at"])
    _apply_seat_change("taken", seat, by=access.user, acting_for=access.organisation)
    return seat


def require_coordinator(workspace: Workspace, *, without: Iterable[int]) -> None:
    """Raise Refused unless a coordinator remains without these seats. Lock the workspace first."""
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
    _apply_seat_change("given", seat, by=by, acting_for=acting_for)
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
        _apply_seat_change("changed", seat, by=by, acting_for=acting_for)
    return seat


def _apply_seat_change(what: str, seat: Seat, *, by: User, acting_for: Organisation | None) -> None:
    """Apply the effects of a seat given, changed or taken: permissions, logs, and open sockets."""
    sync_grants(seat.workspace)
    record_audit(
        f"seat.{what}",
        actor=by,
        target=seat.uuid,
        organisation=acting_for.uuid if acting_for else None,
        workspace=seat.workspace.uuid,
        seat_role=seat.role,
        person=str(seat.person.uuid),
        on_behalf_of=str(seat.organisation.uuid),
    )
    activity.record_activity(
        f"seat_{what}",
        workspace=seat.workspace,
        actor=by,
        organisation=acting_for,
        needs_drafts=False,
        person=str(seat.person.uuid),
        person_for=str(seat.organisation.uuid),
        role=seat.role,
    )
    live_push.recheck_sockets(user_ids=[seat.person_id], reason="seat")


def sync_seats(people: list[User]) -> None:
    """End the seats of people who are no longer members, and derive permissions again. In the caller's
    transaction. A freeze ends no seat: it is inactive until the thaw."""
    seated = Seat.objects.filter(person__in=people, ended_at=None, workspace=OuterRef("pk"))
    # Lock in a fixed order: only one transaction at a time derives permissions.
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
        sync_grants(workspace)
    live_push.recheck_sockets(user_ids=[person.pk for person in people], reason="access")


def coordinator_needs_second_factor(person: User) -> bool:
    """Whether the person coordinates a workspace, which requires a second factor."""
    return active_seats(person).filter(role=SeatRole.COORDINATOR).exists()
