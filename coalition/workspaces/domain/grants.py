"""Deriving guardian's rows from seats: the only caller of assign_perm and remove_perm."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from guardian.shortcuts import assign_perm, get_groups_with_perms, remove_perm

from coalition.accounts.models import Organisation, User
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import (
    GrantGroup,
    Workspace,
    WorkspaceGroupPermission,
    WorkspaceUserPermission,
)
from coalition.workspaces.queries import active_seats

type Key = tuple[str, int | None]  # role and None, or "" and an organisation's primary key


@dataclass(frozen=True)
class Difference:
    """One thing that does not follow from the seats. `missing`: should be there; else: should not."""

    group: str
    what: str
    missing: bool

    def __str__(self) -> str:
        return f"{'missing' if self.missing else 'too much'}: {self.group}: {self.what}"


def group_for_role(workspace: Workspace, role: SeatRole) -> Group:
    """The group of a workspace and role, made with its rights on first use."""
    found = GrantGroup.objects.filter(workspace=workspace, role=role, organisation=None).first()
    if found is not None:
        return found.group
    group = Group.objects.create(name=_name(workspace, role))
    GrantGroup.objects.create(group=group, workspace=workspace, role=role)
    _give(group, RIGHTS[role], workspace)
    return group


def _give(group: Group, rights: Collection[Right], workspace: Workspace) -> None:
    """What `assign_perm` writes for each right, in two queries: a workspace's first seats write hundreds."""
    kind = ContentType.objects.get_for_model(Workspace)
    permissions = Permission.objects.filter(content_type=kind, codename__in=rights)
    WorkspaceGroupPermission.objects.bulk_create(
        [
            WorkspaceGroupPermission(permission=permission, group=group, content_object=workspace)
            for permission in permissions
        ],
        ignore_conflicts=True,
    )


def group_for_organisation(workspace: Workspace, organisation: Organisation) -> Group:
    """The group of one organisation's seated people in a workspace, for restricted things."""
    found = GrantGroup.objects.filter(workspace=workspace, role="", organisation=organisation).first()
    if found is not None:
        return found.group
    group = Group.objects.create(name=_name(workspace, organisation))
    GrantGroup.objects.create(group=group, workspace=workspace, organisation=organisation)
    return group


def sync(workspace: Workspace) -> list[Difference]:
    """Make groups, their rights and their people follow from the seats. Returns what was mended."""
    differences = differing(workspace)
    if not differences:
        return []
    for seat in active_seats().filter(workspace=workspace).select_related("organisation"):
        group_for_role(workspace, SeatRole(seat.role))
        group_for_organisation(workspace, seat.organisation)
    wanted, people, rights = _wanted(workspace), _people(workspace), _rights(workspace)
    for grant in GrantGroup.objects.filter(workspace=workspace).select_related("group"):
        if wanted[_key(grant)] != people[grant.group_id]:
            grant.group.user_set.set(wanted[_key(grant)])
        due, held = _due(grant), rights[grant.group_id]
        if due - held:
            _give(grant.group, due - held, workspace)
        for right in held - due:
            remove_perm(right.value, grant.group, workspace)
    for group, foreign in _foreign_groups(workspace):
        remove_perm(foreign, group, workspace)
    for row in WorkspaceUserPermission.objects.filter(content_object=workspace):
        remove_perm(row.permission.codename, row.user, workspace)
    return differences


def differing(workspace: Workspace) -> list[Difference]:
    """Every difference between guardian's rows or groups and the seats. Changes nothing.

    As many queries for sixty organisations as for one.
    """
    found: list[Difference] = []
    wanted, people, held_by = _wanted(workspace), _people(workspace), _rights(workspace)
    for grant in GrantGroup.objects.filter(workspace=workspace).select_related("group"):
        due, there = wanted.pop(_key(grant), set()), people[grant.group_id]
        rights, held = _due(grant), held_by[grant.group_id]
        name = grant.group.name
        found += [Difference(name, f"person {pk}", missing=True) for pk in sorted(due - there)]
        found += [Difference(name, f"person {pk}", missing=False) for pk in sorted(there - due)]
        found += [Difference(name, right.value, missing=True) for right in sorted(rights - held)]
        found += [Difference(name, right.value, missing=False) for right in sorted(held - rights)]
    for role, organisation in wanted:
        which = role or f"organisation {organisation}"
        found.append(Difference(f"workspace:{workspace.uuid}", f"group of {which}", missing=True))
    found += [Difference(group.name, right, missing=False) for group, right in _foreign_groups(workspace)]
    for row in WorkspaceUserPermission.objects.filter(content_object=workspace).select_related("permission"):
        found.append(Difference(f"person {row.user_id}", row.permission.codename, missing=False))
    return found


def restrict(
    thing: Model, permission: str, *, workspace: Workspace, organisations: Collection[Organisation]
) -> None:
    """Give `permission` on a restricted thing to the seated people of these organisations, to nobody else.

    An empty list means that the thing is not restricted: then it has no rows. `permission` is a codename
    of the thing's own model. Belongs into the transaction that changes the list.
    """
    wanted = {group_for_organisation(workspace, organisation) for organisation in organisations}
    held = set(get_groups_with_perms(thing))  # type: ignore[arg-type]  # a dict only with attach_perms
    for group in wanted - held:
        assign_perm(permission, group, thing)
    for group in held - wanted:
        remove_perm(permission, group, thing)


def _name(workspace: Workspace, part: SeatRole | Organisation) -> str:
    which = part.value if isinstance(part, SeatRole) else f"organisation:{part.uuid}"
    return f"workspace:{workspace.uuid}:{which}"


def _key(grant: GrantGroup) -> Key:
    return (grant.role, grant.organisation_id)


def _due(grant: GrantGroup) -> frozenset[Right]:
    """A role's group holds the role's rights; an organisation's group holds none on the workspace."""
    return RIGHTS[SeatRole(grant.role)] if grant.role else frozenset()


def _people(workspace: Workspace) -> "defaultdict[int, set[int]]":
    """Who is in each of the workspace's groups, by the group's primary key. One query."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for group, person in User.groups.through.objects.filter(group__grant__workspace=workspace).values_list(
        "group_id", "user_id"
    ):
        found[group].add(person)
    return found


def _rights(workspace: Workspace) -> "defaultdict[int, frozenset[Right]]":
    """What each group may do on the workspace, by the group's primary key. One query."""
    found: defaultdict[int, frozenset[Right]] = defaultdict(frozenset)
    rows = WorkspaceGroupPermission.objects.filter(content_object=workspace)
    for group, name in rows.values_list("group_id", "permission__codename"):
        found[group] |= {Right(name)}
    return found


def _foreign_groups(workspace: Workspace) -> list[tuple[Group, str]]:
    """Rows for groups that do not stand for a role or organisation of this workspace."""
    rows = WorkspaceGroupPermission.objects.filter(content_object=workspace).select_related(
        "group", "permission"
    )
    strangers = rows.exclude(group__grant__workspace=workspace)
    return [(row.group, row.permission.codename) for row in strangers]


def _wanted(workspace: Workspace) -> "defaultdict[Key, set[int]]":
    """Who belongs in which group, from the seats that count now."""
    wanted: defaultdict[Key, set[int]] = defaultdict(set)
    for role, organisation, person in (
        active_seats().filter(workspace=workspace).values_list("role", "organisation_id", "person_id")
    ):
        wanted[role, None].add(person)
        wanted["", organisation].add(person)
    return wanted
