"""Queries of workspaces, seats and activity."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Min, OuterRef, Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.enums import OfficeKind
from coalition.accounts.models import Freeze, Membership, Organisation, User
from coalition.accounts.naming import Acquaintance
from coalition.accounts.queries import active_memberships, active_offices, frozen_organisations, organisations
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces import seat_conditions
from coalition.workspaces.models import Activity, Participation, Presence, Seat, Workspace

GONE_AFTER = datetime.timedelta(seconds=75)  # pages send a heartbeat every half a minute


_cached_seats: ContextVar[dict[int, dict[int, str]]] = ContextVar("seats that were read once")
_cached_lists: ContextVar[dict[tuple[int, str], list[Any]] | None] = ContextVar(
    "lists read once", default=None
)


@contextmanager
def cache_seats(user: User) -> Iterator[bool]:
    """Load this person's active seats once for the block, in one query; all other queries use their
    keys. For pages with many lists, whose conditions take Django longer to build than the database to
    answer. Yields whether there are any. Never use it around a change: a decision must be valid when it
    is written.
    """
    rows = roles_by_seat(user)
    token = _cached_seats.set({user.pk: rows})
    outermost = _cached_lists.set({}) if _cached_lists.get() is None else None
    try:
        yield bool(rows)
    finally:
        _cached_seats.reset(token)
        if outermost is not None:
            _cached_lists.reset(outermost)


def read_list_once[T](user: User, name: str, read: Callable[[], list[T]]) -> list[T]:
    """Return the list from `read`, cached by name inside `cache_seats`; loaded anew outside."""
    kept = _cached_lists.get()
    if kept is None:
        return read()
    if (user.pk, name) not in kept:
        kept[user.pk, name] = read()
    return list(kept[user.pk, name])


def roles_by_seat(user: User) -> dict[int, str]:
    """Return the roles of active seats by primary key; no query inside `cache_seats`."""
    known = _cached_seats.get({}).get(user.pk)
    return dict(active_seats(user).order_by("pk").values_list("pk", "role")) if known is None else known


def active_seats(user: User | None = None) -> QuerySet[Seat]:
    """Return active seats: open, of an active member of an organisation that takes part.

    Higher layers register further conditions (`seat_conditions.py`).
    """
    if user is not None and user.pk in (known := _cached_seats.get({})):
        return Seat.objects.filter(pk__in=known[user.pk])
    rows = _active_seats_query()
    return rows.filter(person=user) if user is not None else rows.all()


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
    granted = get_objects_for_user(
        user, right.value, Workspace, accept_global_perms=False, with_superuser=False, use_groups=True
    )
    return granted.filter(pk__in=active_seats(user).values("workspace"))


def open_workspaces_for(user: object) -> QuerySet[Workspace]:
    """Return the person's workspaces that are not archived."""
    return workspaces_for(user).filter(archived_at=None)


def participants(workspace: Workspace) -> QuerySet[Organisation]:
    """Return organisations that take part now; `frozen` marks those without access at the moment."""
    part = Participation.objects.filter(organisation=OuterRef("pk"), workspace=workspace, ended_at=None)
    frozen = frozen_organisations().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(part)).annotate(frozen=Exists(frozen))


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
    """Return organisations of the coalition that do not take part."""
    return organisations().exclude(pk__in=participants(workspace))


def frozen_in(workspace: Workspace) -> set[int]:
    """Return primary keys of its frozen organisations."""
    rows = frozen_organisations().filter(organisation__participations__workspace=workspace)
    return set(rows.values_list("organisation_id", flat=True))


def acquaintance_of(user: User) -> Acquaintance:
    """Return the organisations the person has met: one query."""
    rows = Participation.objects.filter(ended_at=None, workspace__in=active_seats(user).values("workspace"))
    coordinated = active_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    is_led = ExpressionWrapper(Q(workspace__in=coordinated), output_field=BooleanField())
    seated, led = set(), set()
    for organisation, leads in rows.values_list("organisation_id", is_led).order_by().distinct():
        seated.add(organisation)
        if leads:
            led.add(organisation)
    return Acquaintance(seated=frozenset(seated), coordinated=frozenset(led))


def coordinators_with(organisation: Organisation) -> QuerySet[User]:
    """Return coordinators of the organisation's workspaces, who freeze and thaw it."""
    shared = Participation.objects.filter(organisation=organisation, ended_at=None).values("workspace")
    seats = active_seats().filter(role=SeatRole.COORDINATOR, workspace__in=shared)
    return User.objects.filter(pk__in=seats.values("person"))


def freezable_by(user: User) -> QuerySet[Organisation]:
    """Return organisations that the coordinator may freeze."""
    led = active_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    shared = Participation.objects.filter(organisation=OuterRef("pk"), workspace__in=led, ended_at=None)
    return Organisation.objects.filter(Exists(shared))


def freezes_for(user: User) -> QuerySet[Freeze]:
    """Return freezes requested or in force that the person may confirm, withdraw or end: one query."""
    serves = Exists(active_offices(user).filter(kind=OfficeKind.SECRETARIAT))
    rows = open_freezes(user).filter(serves | Q(organisation__in=freezable_by(user)))
    return rows.select_related("organisation", "asked_by", "asked_for", "thaw_asked_by")


def open_freezes(_user: User) -> QuerySet[Freeze]:
    """Return freezes that need a decision by anyone."""
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
    seats = active_seats(user)
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
