"""Queries of workspaces, seats and activity."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    StringAgg,
    Subquery,
    Value,
)
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.models import Freeze, Membership, OfficeKind, Organisation, PageData, User
from coalition.accounts.naming import Acquaintance
from coalition.accounts.queries import active_memberships, active_offices, frozen_organisations, organisations
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces import seat_conditions
from coalition.workspaces.models import (
    Activity,
    Participation,
    Presence,
    Seat,
    Workspace,
    WorkspaceGroupPermission,
    WorkspaceUserPermission,
)

GONE_AFTER = datetime.timedelta(seconds=75)  # pages send a heartbeat every half a minute
OPEN_WORKSPACES = "open workspaces"
OWN_SEATS = "own seats"


def for_page(user: User) -> User:
    """Return the person with their active seats, what guardian's rows give them there, and their open
    workspaces loaded (`User.page_data`): one query.

    For pages that only read: `own_seats` of the result are filtered by keys, since the conditions of active
    seats take Django longer to build than the database to answer. Never pass it to an action: a decision
    must be valid when it is written.
    """
    if user.page_data is not None:
        return user
    rows = active_seats(user).annotate(
        by_group=_codenames(WorkspaceGroupPermission.objects.filter(group__user=user)),
        by_person=_codenames(WorkspaceUserPermission.objects.filter(user=user)),
    )
    seats = list(rows.select_related("workspace", "organisation").order_by("pk"))
    person = copy(user)
    person.page_data = PageData({seat.pk: seat.role for seat in seats})
    is_open = {seat.workspace for seat in seats if seat.workspace.archived_at is None}
    workspaces = {row for row in is_open if Right.SEE in granted_rights(seats, row)}
    person.page_data.lists[OPEN_WORKSPACES] = sorted(workspaces, key=lambda row: row.pk)
    person.page_data.lists[OWN_SEATS] = list(seats)
    return person


def _codenames(rows: QuerySet[Any]) -> Subquery:
    """Return the codenames that guardian's rows give in a seat's workspace, with spaces between them."""
    found = rows.filter(content_object=OuterRef("workspace")).order_by().values("content_object")
    return Subquery(found.annotate(names=StringAgg("permission__codename", Value(" "))).values("names"))


def seats_of_page(user: User, workspace: UUID | str) -> list[Seat] | None:
    """Return the seats in a workspace that were loaded with a person of `for_page`; None for others."""
    if user.page_data is None:
        return None
    return [seat for seat in user.page_data.lists[OWN_SEATS] if str(seat.workspace.uuid) == str(workspace)]


def granted_rights(seats: Iterable[Any], workspace: Workspace) -> frozenset[Right]:
    """Return what guardian's rows give in a workspace, from the person's seats that `for_page` loaded."""
    own = [seat for seat in seats if seat.workspace_id == workspace.pk]
    names = {
        name for seat in own for part in (seat.by_group, seat.by_person) for name in (part or "").split()
    }
    return frozenset(Right(name) for name in names if name in Right.values)


def rail_workspaces(user: User) -> list[Workspace]:
    """Return the person's workspaces that are not archived; no query for a person of `for_page`."""
    return read_list_once(user, OPEN_WORKSPACES, lambda: list(open_workspaces_for(user)))


def read_list_once[T](user: User, name: str, read: Callable[[], list[T]]) -> list[T]:
    """Return the list from `read`; loaded once by name for a person of `for_page`."""
    if user.page_data is None:
        return read()
    lists = user.page_data.lists
    if name not in lists:
        lists[name] = read()
    return list(lists[name])


def roles_by_seat(user: User) -> Mapping[int, str]:
    """Return the roles of active seats by primary key; no query for a person of `for_page`."""
    if user.page_data is not None:
        return user.page_data.seats
    return dict(active_seats(user).order_by("pk").values_list("pk", "role"))


def active_seats(user: User | None = None) -> QuerySet[Seat]:
    """Return active seats: open, of an active member of an organisation that takes part.

    Higher layers register further conditions (`seat_conditions.py`).
    """
    rows = _active_seats_query()
    return rows.filter(person=user) if user is not None else rows.all()


def own_seats(user: User) -> QuerySet[Seat]:
    """Return the person's active seats, for lists: those loaded with a person of `for_page`."""
    return active_seats(user) if user.page_data is None else Seat.objects.filter(pk__in=user.page_data.seats)


@cache
def _active_seats_query() -> QuerySet[Seat]:
    """Build the queryset once, as a base of most lists. Never evaluate it: it would cache its rows."""
    member = active_memberships().filter(person=OuterRef("person"), organisation=OuterRef("organisation"))
    part = Participation.objects.filter(
        workspace=OuterRef("workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    return Seat.objects.filter(
        Exists(member), Exists(part), *seat_conditions.all_seat_conditions(), ended_at=None
    )


def workspaces_for(user: object, right: Right = Right.SEE) -> QuerySet[Workspace]:
    """Return workspaces in which the person has the right, in one query. Anonymous people: none.

    guardian's rows decide; seats are joined so that the access of a frozen or departed organisation
    ends at once even before rows are repaired. Superusers get what their seats give.
    """
    if not isinstance(user, User) or not user.is_active:
        return Workspace.objects.none()
    return _granted_workspaces(user, right).filter(pk__in=own_seats(user).values("workspace"))


def _granted_workspaces(user: User, right: Right) -> QuerySet[Workspace]:
    """Return workspaces in which guardian's rows give the right; callers join the seats."""
    return get_objects_for_user(
        user, right.value, Workspace, accept_global_perms=False, with_superuser=False, use_groups=True
    )


def open_workspaces_for(user: object) -> QuerySet[Workspace]:
    """Return the person's workspaces that are not archived."""
    return workspaces_for(user).filter(archived_at=None)


def participants(workspace: Workspace) -> QuerySet[Organisation]:
    """Return organisations that take part now; `frozen` marks those without access at the moment."""
    part = Participation.objects.filter(organisation=OuterRef("pk"), workspace=workspace, ended_at=None)
    frozen = frozen_organisations().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(part)).annotate(frozen=Exists(frozen))


def participants_ever(workspace: Workspace) -> QuerySet[Organisation]:
    """Return organisations that take part now or did once: what they did still counts, and words may name
    them."""
    part = Participation.objects.filter(organisation=OuterRef("pk"), workspace=workspace)
    return Organisation.objects.filter(Exists(part))


def participations_in(workspaces: Iterable[int]) -> QuerySet[Participation]:
    """Return current participations in these workspaces, the newest workspace first. Names only by
    `display_name_for`; the caller has checked that the person may see the workspaces."""
    rows = Participation.objects.filter(ended_at=None, workspace__in=list(workspaces))
    return rows.order_by("-workspace", "id")


def seats_in(workspace: Workspace) -> QuerySet[Seat]:
    """Return active seats in a workspace, with person and organisation."""
    return active_seats().filter(workspace=workspace).select_related("person", "organisation")


def open_seats(workspace: Workspace) -> QuerySet[Seat]:
    """Return seats in a workspace that are not ended, including those inactive by a freeze."""
    return Seat.objects.filter(workspace=workspace, ended_at=None).select_related("person", "organisation")


def members_without_seat(workspace: Workspace) -> QuerySet[Membership]:
    """Return members of participating organisations who have no seat on their behalf yet."""
    held = Seat.objects.filter(
        workspace=workspace, person=OuterRef("person"), organisation=OuterRef("organisation"), ended_at=None
    )
    members = active_memberships().filter(~Exists(held), organisation__in=participants(workspace))
    return members.select_related("person", "organisation")


def organisations_not_in(workspace: Workspace) -> QuerySet[Organisation]:
    return organisations().exclude(pk__in=participants(workspace))


def frozen_in(workspace: Workspace) -> set[int]:
    rows = frozen_organisations().filter(organisation__participations__workspace=workspace)
    return set(rows.values_list("organisation_id", flat=True))


def acquaintance_of(user: User) -> Acquaintance:
    """Return the organisations the person has met: one query."""
    rows = Participation.objects.filter(ended_at=None, workspace__in=own_seats(user).values("workspace"))
    coordinated = own_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    is_led = ExpressionWrapper(Q(workspace__in=coordinated), output_field=BooleanField())
    seated, led = set(), set()
    for organisation, leads in rows.values_list("organisation_id", is_led).order_by().distinct():
        seated.add(organisation)
        if leads:
            led.add(organisation)
    return Acquaintance(seated=frozenset(seated), coordinated=frozenset(led))


def acquaintance_marks(user: User) -> dict[str, Exists]:
    """Return annotations for a list of organisations: `is_met` and `is_led`, for `acquaintance_among`."""
    part = Participation.objects.filter(organisation=OuterRef("pk"), ended_at=None)
    coordinated = own_seats(user).filter(role=SeatRole.COORDINATOR)
    return {
        "is_met": Exists(part.filter(workspace__in=own_seats(user).values("workspace"))),
        "is_led": Exists(part.filter(workspace__in=coordinated.values("workspace"))),
    }


def acquaintance_among(rows: Iterable[Any]) -> Acquaintance:
    """Return which of these organisations, with `acquaintance_marks`, the person has met: no query."""
    return Acquaintance(
        seated=frozenset(row.pk for row in rows if row.is_met),
        coordinated=frozenset(row.pk for row in rows if row.is_led),
    )


def coordinators_with(organisation: Organisation) -> QuerySet[User]:
    """Return coordinators of the organisation's workspaces, who freeze and thaw it."""
    shared = Participation.objects.filter(organisation=organisation, ended_at=None).values("workspace")
    seats = active_seats().filter(role=SeatRole.COORDINATOR, workspace__in=shared)
    return User.objects.filter(pk__in=seats.values("person"))


def freezable_by(user: User) -> QuerySet[Organisation]:
    """Return organisations that the coordinator may freeze."""
    led = own_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    shared = Participation.objects.filter(organisation=OuterRef("pk"), workspace__in=led, ended_at=None)
    return Organisation.objects.filter(Exists(shared))


def freezes_for(user: User) -> QuerySet[Freeze]:
    """Return freezes requested or in force that the person may confirm, withdraw or end: one query."""
    serves = Exists(active_offices(user).filter(kind=OfficeKind.SECRETARIAT))
    rows = open_freezes(user).filter(serves | Q(organisation__in=freezable_by(user)))
    return rows.select_related("organisation", "asked_by", "asked_for", "thaw_asked_by")


def open_freezes(_user: User) -> QuerySet[Freeze]:
    return Freeze.objects.filter(thawed_at=None)


def workspaces_for_secretariat() -> QuerySet[Workspace]:
    """Return every workspace, for names and membership only: never pass one to queries of content."""
    coordinators = active_seats().filter(role=SeatRole.COORDINATOR, workspace=OuterRef("pk"))
    return Workspace.objects.annotate(
        has_coordinator=Exists(coordinators),
        organisation_count=Count("participations", filter=Q(participations__ended_at=None), distinct=True),
    )


def audit_for(user: object, workspace: Workspace) -> QuerySet[AuditEntry]:
    """Return the workspace's audit log for its coordinators; empty for everyone else."""
    rows = AuditEntry.objects.filter(workspace=workspace.uuid).select_related("actor")
    if not workspaces_for(user, Right.MANAGE).filter(pk=workspace.pk).exists():
        return rows.none()
    return rows


def activity_for(user: object, workspace: Workspace | None = None) -> QuerySet[Activity]:
    """Return activities that the person may see, newest first."""
    if not isinstance(user, User) or not user.is_active:
        return Activity.objects.none()
    seats = own_seats(user)
    rows = Activity.objects.select_related("actor", "organisation", "workspace").filter(
        workspace__in=workspaces_for(user)
    )
    reads_drafts = workspaces_for(user, Right.SEE_DRAFTS).filter(pk=OuterRef("workspace"))
    rows = rows.exclude(~Exists(reads_drafts), needs_drafts=True)
    seated_here = seats.filter(workspace=OuterRef(OuterRef("workspace"))).values("organisation")
    allowed = Activity.restricted_to.through.objects.filter(
        activity=OuterRef("pk"), organisation__in=seated_here
    )
    rows = rows.exclude(~Exists(allowed), restricted=True)
    named = Activity.named_people.through.objects.filter(activity=OuterRef("pk"), user=user)
    rows = rows.exclude(~Exists(named), named_only=True)
    return rows.filter(workspace=workspace) if workspace is not None else rows


def last_activity(user_id: int, workspace_uuid: str) -> int:
    """Return the id of the last activity in the workspace visible to the person; 0 if none."""
    user = User.objects.filter(pk=user_id).first()
    rows = activity_for(user).filter(workspace__uuid=workspace_uuid).order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def present_seats(workspace: Workspace) -> QuerySet[Seat]:
    """Return seats of people present in the workspace, one per person: for people with access to it."""
    present = Presence.objects.filter(workspace=workspace, seen_at__gt=now() - GONE_AFTER)
    rows = seats_in(workspace).filter(person__in=present.values("person"))
    first = rows.order_by().values("person").annotate(first=Min("pk")).values("first")
    return rows.filter(pk__in=first).order_by("person__name", "pk")
