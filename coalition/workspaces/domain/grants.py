"""Deriving guardian's rows from seats: the only caller of assign_perm and remove_perm."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Model
from guardian.shortcuts import assign_perm, get_groups_with_perms, remove_perm

from coalition.partners.models import Organisation, User
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import GrantGroup, Workspace, WorkspaceGroupPermission
from coalition.workspaces.queries import active_seats


@dataclass(frozen=True)
class Difference:
    """One row that does not follow from the seats. `missing`: should be there; else: should not."""

    group: str
    what: str
    missing: bool


def group_for_role(workspace: Workspace, role: SeatRole) -> Group:
    """The group of a workspace and role, made with its rights on first use."""
    found = GrantGroup.objects.filter(workspace=workspace, role=role, organisation=None).first()
    if found is not None:
        return found.group
    group = Group.objects.create(name=f"workspace:{workspace.uuid}:{role.value}")
    GrantGroup.objects.create(group=group, workspace=workspace, role=role)
    for right in RIGHTS[role]:
        assign_perm(right.value, group, workspace)
    return group


def group_for_organisation(workspace: Workspace, organisation: Organisation) -> Group:
    """The group of one organisation's seated people in a workspace, for restricted things."""
    found = GrantGroup.objects.filter(workspace=workspace, role="", organisation=organisation).first()
    if found is not None:
        return found.group
    group = Group.objects.create(name=f"workspace:{workspace.uuid}:organisation:{organisation.uuid}")
    GrantGroup.objects.create(group=group, workspace=workspace, organisation=organisation)
    return group


def sync(workspace: Workspace) -> list[Difference]:
    """Make groups, their rights and their people follow from the seats. Returns what was mended."""
    differences = differing(workspace)
    wanted = _wanted(workspace)
    for group, people in wanted.items():
        group.user_set.set(people)
    for grant in GrantGroup.objects.filter(workspace=workspace).exclude(group__in=[g.pk for g in wanted]):
        grant.group.user_set.clear()
    for grant in GrantGroup.objects.filter(workspace=workspace).exclude(role="").select_related("group"):
        held = _held(grant.group, workspace)
        due = RIGHTS[SeatRole(grant.role)]
        for right in due - held:
            assign_perm(right.value, grant.group, workspace)
        for right in held - due:
            remove_perm(right.value, grant.group, workspace)
    return differences


def differing(workspace: Workspace) -> list[Difference]:
    """Every difference between guardian's rows or groups and the seats."""
    found: list[Difference] = []
    wanted = {group.pk: people for group, people in _wanted(workspace).items()}
    for grant in GrantGroup.objects.filter(workspace=workspace).select_related("group"):
        due = wanted.get(grant.group_id, set())
        there = set(grant.group.user_set.values_list("pk", flat=True))
        found += [Difference(grant.group.name, f"person {pk}", missing=True) for pk in due - there]
        found += [Difference(grant.group.name, f"person {pk}", missing=False) for pk in there - due]
        if grant.role:
            rights, held = RIGHTS[SeatRole(grant.role)], _held(grant.group, workspace)
            found += [Difference(grant.group.name, right.value, missing=True) for right in rights - held]
            found += [Difference(grant.group.name, right.value, missing=False) for right in held - rights]
    return found


def restrict(
    thing: Model, permission: str, *, workspace: Workspace, organisations: Collection[Organisation]
) -> None:
    """Give `permission` on a restricted thing to the seated people of these organisations, and to nobody else.

    None means that the thing is not restricted: then it has no rows. `permission` is a codename of the
    thing's own model. Belongs into the transaction that changes the list.
    """
    wanted = {group_for_organisation(workspace, organisation) for organisation in organisations}
    held = set(get_groups_with_perms(thing))
    for group in wanted - held:
        assign_perm(permission, group, thing)
    for group in held - wanted:
        remove_perm(permission, group, thing)


def _held(group: Group, workspace: Workspace) -> frozenset[Right]:
    rows = WorkspaceGroupPermission.objects.filter(group=group, content_object=workspace)
    return frozenset(Right(name) for name in rows.values_list("permission__codename", flat=True))


def _wanted(workspace: Workspace) -> dict[Group, set[int]]:
    """Group → primary keys of the people who belong in it, from the seats that count now."""
    wanted: dict[Group, set[int]] = {}
    for seat in active_seats().filter(workspace=workspace).select_related("organisation"):
        wanted.setdefault(group_for_role(workspace, SeatRole(seat.role)), set()).add(seat.person_id)
        wanted.setdefault(group_for_organisation(workspace, seat.organisation), set()).add(seat.person_id)
    return wanted


def workspaces_of(person: User) -> list[Workspace]:
    """Every workspace in which the person has or had a seat or group row."""
    return list(Workspace.objects.filter(seats__person=person).distinct())
