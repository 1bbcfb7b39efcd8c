"""Deriving guardian's rows from seats: the only place that writes them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from guardian.shortcuts import assign_perm, get_groups_with_perms, remove_perm

from coalition.accounts.models import Organisation, User
from coalition.roles import RIGHTS, SeatRole
from coalition.workspaces.models import (
    GrantGroup,
    Workspace,
    WorkspaceGroupPermission,
    WorkspaceUserPermission,
)
from coalition.workspaces.queries import active_seats

type GroupKey = tuple[str, int | None]  # role and None, or "" and an organisation's primary key


@dataclass(frozen=True)
class GrantDifference:
    """One thing that does not follow from the seats. `missing`: should be there; else: should not."""

    group: str
    what: str
    missing: bool

    def __str__(self) -> str:
        return f"{'missing' if self.missing else 'too much'}: {self.group}: {self.what}"


def group_for_organisation(workspace: Workspace, organisation: Organisation) -> Group:
    """The group of one organisation's seated people in a workspace, for restricted things."""
    return _group_for(
        workspace, ("", organisation.pk), _group_name(workspace, f"organisation:{organisation.uuid}")
    )


def _group_for(workspace: Workspace, key: GroupKey, name: str) -> Group:
    role, organisation = key
    grant = GrantGroup.objects.filter(workspace=workspace, role=role, organisation=organisation).first()
    if grant is None:
        (grant,) = _make_groups(workspace, {key: name})
        _grant_rights(workspace, {grant.group_id: _expected_rights(grant)})
    return grant.group


def sync_grants(workspace: Workspace) -> list[GrantDifference]:
    """Make groups, their rights and their people follow from the seats. Returns what was mended.

    Five queries where nothing differs; then one or two for each sort of difference, however many there are.
    """
    state = _read_grants(workspace)
    differences = _differences(state)
    if differences:
        _add_groups(state)
        _sync_group_people(state)
        _sync_group_rights(state)
    return differences


def grant_differences(workspace: Workspace) -> list[GrantDifference]:
    """Every difference between guardian's rows or groups and the seats. Changes nothing.

    As many queries for sixty organisations as for one.
    """
    return _differences(_read_grants(workspace))


@dataclass(frozen=True)
class _GrantRow:
    """One of guardian's rows on a workspace."""

    pk: int
    holder: int
    codename: str
    name: str


@dataclass(frozen=True)
class _GrantState:
    """What the seats of a workspace ask for, and what is there.

    `wanted`: who belongs in which group; `people`: who is in each, by the group's primary key. `rows`:
    guardian's for groups; `personal`: those for people, of which there should be none.
    """

    workspace: Workspace
    grants: list[GrantGroup]
    wanted: defaultdict[GroupKey, set[int]]
    people: defaultdict[int, set[int]]
    rows: list[_GrantRow]
    personal: list[_GrantRow]

    def held(self, group: int) -> set[str]:
        """The rights that the group has."""
        return {row.codename for row in self.rows if row.holder == group}

    @property
    def foreign(self) -> list[_GrantRow]:
        """Rows for groups that do not stand for a role or organisation of this workspace."""
        own = {grant.group_id for grant in self.grants}
        return [row for row in self.rows if row.holder not in own]


def _read_grants(workspace: Workspace) -> _GrantState:
    wanted: defaultdict[GroupKey, set[int]] = defaultdict(set)
    seats = active_seats().filter(workspace=workspace)
    for role, organisation, person in seats.values_list("role", "organisation_id", "person_id"):
        wanted[role, None].add(person)
        wanted["", organisation].add(person)
    people: defaultdict[int, set[int]] = defaultdict(set)
    members = User.groups.through.objects.filter(group__grant__workspace=workspace)
    for group, person in members.values_list("group_id", "user_id"):
        people[group].add(person)
    rows = WorkspaceGroupPermission.objects.filter(content_object=workspace)
    personal = WorkspaceUserPermission.objects.filter(content_object=workspace)
    return _GrantState(
        workspace=workspace,
        grants=list(GrantGroup.objects.filter(workspace=workspace).select_related("group")),
        wanted=wanted,
        people=people,
        rows=[
            _GrantRow(*row)
            for row in rows.values_list("pk", "group_id", "permission__codename", "group__name")
        ],
        personal=[
            _GrantRow(pk, person, name, f"person {person}")
            for pk, person, name in personal.values_list("pk", "user_id", "permission__codename")
        ],
    )


def _differences(state: _GrantState) -> list[GrantDifference]:
    found: list[GrantDifference] = []
    for grant in state.grants:
        name = grant.group.name
        wanted, there = state.wanted.get(_group_key(grant), set()), state.people[grant.group_id]
        due, held = _expected_rights(grant), state.held(grant.group_id)
        found += [GrantDifference(name, f"person {pk}", missing=True) for pk in sorted(wanted - there)]
        found += [GrantDifference(name, f"person {pk}", missing=False) for pk in sorted(there - wanted)]
        found += [GrantDifference(name, right, missing=True) for right in sorted(due - held)]
        found += [GrantDifference(name, right, missing=False) for right in sorted(held - due)]
    for role, organisation in _missing_groups(state):
        which = role or f"organisation {organisation}"
        found.append(GrantDifference(f"workspace:{state.workspace.uuid}", f"group of {which}", missing=True))
    found += [
        GrantDifference(row.name, row.codename, missing=False) for row in [*state.foreign, *state.personal]
    ]
    return found


def _missing_groups(state: _GrantState) -> list[GroupKey]:
    """Roles and organisations that somebody has a seat for, and that have no group."""
    known = {_group_key(grant) for grant in state.grants}
    return [key for key in state.wanted if key not in known]


def _add_groups(state: _GrantState) -> None:
    lacking = _missing_groups(state)
    if not lacking:
        return
    pks = [organisation for _role, organisation in lacking if organisation is not None]
    uuids = dict(Organisation.objects.filter(pk__in=pks).values_list("pk", "uuid"))
    names = {
        (role, pk): _group_name(state.workspace, role if pk is None else f"organisation:{uuids[pk]}")
        for role, pk in lacking
    }
    state.grants.extend(_make_groups(state.workspace, names))


def _make_groups(workspace: Workspace, names: Mapping[GroupKey, str]) -> list[GrantGroup]:
    groups = Group.objects.bulk_create([Group(name=name) for name in names.values()])
    return GrantGroup.objects.bulk_create(
        [
            GrantGroup(group=group, workspace=workspace, role=role, organisation_id=organisation)
            for (role, organisation), group in zip(names, groups, strict=True)
        ]
    )


def _sync_group_people(state: _GrantState) -> None:
    member, added = User.groups.through, []
    for grant in state.grants:
        wanted, there = state.wanted.get(_group_key(grant), set()), state.people[grant.group_id]
        added += [member(group_id=grant.group_id, user_id=pk) for pk in sorted(wanted - there)]
        if gone := there - wanted:
            member.objects.filter(group=grant.group_id, user__in=gone).delete()
    member.objects.bulk_create(added, ignore_conflicts=True)


def _sync_group_rights(state: _GrantState) -> None:
    due = {grant.group_id: _expected_rights(grant) for grant in state.grants}
    _grant_rights(state.workspace, {group: rights - state.held(group) for group, rights in due.items()})
    gone = [row.pk for row in state.rows if row.codename not in due.get(row.holder, ())]
    if gone:
        WorkspaceGroupPermission.objects.filter(pk__in=gone).delete()
    if state.personal:
        WorkspaceUserPermission.objects.filter(pk__in=[row.pk for row in state.personal]).delete()


def _grant_rights(workspace: Workspace, rights: Mapping[int, Collection[str]]) -> None:
    """Write what `assign_perm` writes for each right of each group (primary key), in two queries: a
    workspace's first seats write hundreds."""
    if not any(rights.values()):
        return
    kind = ContentType.objects.get_for_model(Workspace)
    known = dict(Permission.objects.filter(content_type=kind).values_list("codename", "pk"))
    WorkspaceGroupPermission.objects.bulk_create(
        [
            WorkspaceGroupPermission(permission_id=known[name], group_id=group, content_object=workspace)
            for group, names in rights.items()
            for name in sorted(names)
        ],
        ignore_conflicts=True,
    )


def restrict_to_organisations(
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


def _group_name(workspace: Workspace, part: str) -> str:
    return f"workspace:{workspace.uuid}:{part}"


def _group_key(grant: GrantGroup) -> GroupKey:
    return (grant.role, grant.organisation_id)


def _expected_rights(grant: GrantGroup) -> frozenset[str]:
    """A role's group holds the role's rights; an organisation's group holds none on the workspace."""
    return frozenset(right.value for right in RIGHTS[SeatRole(grant.role)]) if grant.role else frozenset()
