"""Lists of workspaces, seats and activity: the only place where they come from."""

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

GONE_AFTER = datetime.timedelta(seconds=75)  # a page says every half a minute that its person is there


_cached_seats: ContextVar[dict[int, dict[int, str]]] = ContextVar("seats that were read once")
_cached_lists: ContextVar[dict[tuple[int, str], list[Any]] | None] = ContextVar(
    "lists read once", default=None
)


@contextmanager
def cache_seats(user: User) -> Iterator[bool]:
    """Inside, this person's seats are those that count at its beginning: one query, and every other one is
    told their keys. For pages that ask for many lists, whose conditions take Django longer to put together
    than the database to answer. Gives whether there are any. Never around a change: what is decided must
    hold when it is written.
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
    """What `read` lists for the person, kept under the name inside `seats_read_once`; read anew outside."""
    kept = _cached_lists.get()
    if kept is None:
        return read()
    if (user.pk, name) not in kept:
        kept[user.pk, name] = read()
    return list(kept[user.pk, name])


def roles_by_seat(user: User) -> dict[int, str]:
    """The person's seats that count, by primary key, with their roles; no query inside `seats_read_once`."""
    known = _cached_seats.get({}).get(user.pk)
    return dict(active_seats(user).order_by("pk").values_list("pk", "role")) if known is None else known


def active_seats(user: User | None = None) -> QuerySet[Seat]:
    """Seats that count now: open, and held by an active member of an organisation that takes part.

    What else must hold is asked of higher layers (`admission.py`).
    """
    if user is not None and user.pk in (known := _cached_seats.get({})):
        return Seat.objects.filter(pk__in=known[user.pk])
    rows = _active_seats_query()
    return rows.filter(person=user) if user is not None else rows.all()


@cache
def _active_seats_query() -> QuerySet[Seat]:
    """Put together once, since nearly every list is built upon it. Never read itself: it would remember its
    rows."""
    member = active_memberships().filter(person=OuterRef("person"), organisation=OuterRef("organisation"))
    part = Participation.objects.filter(
        workspace=OuterRef("workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    return Seat.objects.filter(
        Exists(member), Exists(part), *seat_conditions.all_seat_conditions(), ended_at=None
    )


def workspaces_for(user: object, right: Right = Right.SEE) -> QuerySet[Workspace]:
    """Workspaces in which the person has the right, in one query. Anonymous people: none.

    guardian's rows decide; seats are joined so that a frozen or left organisation ends at once even
    before rows are mended. Superusers get what their seats give.
    """
    if not isinstance(user, User) or not user.is_active:
        return Workspace.objects.none()
    granted = get_objects_for_user(
        user, right.value, Workspace, accept_global_perms=False, with_superuser=False, use_groups=True
    )
    return granted.filter(pk__in=active_seats(user).values("workspace"))


def open_workspaces_for(user: object) -> QuerySet[Workspace]:
    """Workspaces on the person's desk: not archived."""
    return workspaces_for(user).filter(archived_at=None)


def participants(workspace: Workspace) -> QuerySet[Organisation]:
    """Organisations that take part now; `frozen` tells which of them have no access for the moment."""
    part = Participation.objects.filter(organisation=OuterRef("pk"), workspace=workspace, ended_at=None)
    frozen = frozen_organisations().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(part)).annotate(frozen=Exists(frozen))


def participations_in(workspaces: Iterable[int]) -> QuerySet[Participation]:
    """Which organisations take part in these workspaces now, the newest workspace first. Names only by
    `display_name_for`; that the person may see the workspaces, the caller has asked."""
    rows = Participation.objects.filter(ended_at=None, workspace__in=list(workspaces))
    return rows.order_by("-workspace", "id")


def seats_in(workspace: Workspace) -> QuerySet[Seat]:
    """Seats that count now in a workspace, with person and organisation."""
    return active_seats().filter(workspace=workspace).select_related("person", "organisation")


def open_seats(workspace: Workspace) -> QuerySet[Seat]:
    """Seats in a workspace that nobody has taken away, also those that a freeze makes not count."""
    return Seat.objects.filter(workspace=workspace, ended_at=None).select_related("person", "organisation")


def members_without_seat(workspace: Workspace) -> QuerySet[Membership]:
    """Members of organisations that take part who have no seat on their behalf yet."""
    held = Seat.objects.filter(
        workspace=workspace, person=OuterRef("person"), organisation=OuterRef("organisation"), ended_at=None
    )
    members = active_memberships().filter(~Exists(held), organisation__in=participants(workspace))
    return members.select_related("person", "organisation")


def organisations_not_in(workspace: Workspace) -> QuerySet[Organisation]:
    """Organisations of the coalition that do not take part."""
    return organisations().exclude(pk__in=participants(workspace))


def frozen_in(workspace: Workspace) -> set[int]:
    """Primary keys of its organisations that are frozen."""
    rows = frozen_organisations().filter(organisation__participations__workspace=workspace)
    return set(rows.values_list("organisation_id", flat=True))


def acquaintance_of(user: User) -> Acquaintance:
    """Which organisations the person has met: one query."""
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
    """Coordinators of workspaces in which the organisation takes part: they freeze and thaw it."""
    shared = Participation.objects.filter(organisation=organisation, ended_at=None).values("workspace")
    seats = active_seats().filter(role=SeatRole.COORDINATOR, workspace__in=shared)
    return User.objects.filter(pk__in=seats.values("person"))


def freezable_by(user: User) -> QuerySet[Organisation]:
    """Organisations in whose freezing the coordinator's word counts."""
    led = active_seats(user).filter(role=SeatRole.COORDINATOR).values("workspace")
    shared = Participation.objects.filter(organisation=OuterRef("pk"), workspace__in=led, ended_at=None)
    return Organisation.objects.filter(Exists(shared))


def freezes_for(user: User) -> QuerySet[Freeze]:
    """Freezes asked for or in force that the person may confirm, withdraw or end: one query."""
    serves = Exists(active_offices(user).filter(kind=OfficeKind.SECRETARIAT))
    rows = open_freezes(user).filter(serves | Q(organisation__in=freezable_by(user)))
    return rows.select_related("organisation", "asked_by", "asked_for", "thaw_asked_by")


def open_freezes(_user: User) -> QuerySet[Freeze]:
    """Freezes that somebody may have something to decide about."""
    return Freeze.objects.filter(thawed_at=None)


def workspaces_for_secretariat() -> QuerySet[Workspace]:
    """Every workspace, for names and membership only: never pass one on to what lists content."""
    coordinators = active_seats().filter(role=SeatRole.COORDINATOR, workspace=OuterRef("pk"))
    return Workspace.objects.annotate(
        has_coordinator=Exists(coordinators),
        organisation_count=Count("participations", filter=Q(participations__ended_at=None), distinct=True),
    )


def audit_for(user: object, workspace: Workspace) -> QuerySet[AuditEntry]:
    """The workspace's audit log, for its coordinators; nothing for everyone else."""
    rows = AuditEntry.objects.filter(workspace=workspace.uuid).select_related("actor")
    if not workspaces_for(user, Right.MANAGE).filter(pk=workspace.pk).exists():
        return rows.none()
    return rows


def activity_for(user: object, workspace: Workspace | None = None) -> QuerySet[Activity]:
    """What the person may hear of, newest first."""
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
    """The id of the last thing in the workspace that the person may hear of; 0 if there is none."""
    user = User.objects.filter(pk=user_id).first()
    rows = activity_for(user).filter(workspace__uuid=workspace_uuid).order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def present_seats(workspace: Workspace) -> QuerySet[Seat]:
    """Seats of those who have the workspace open, one a person: for who has access to it."""
    present = Presence.objects.filter(workspace=workspace, seen_at__gt=now() - GONE_AFTER)
    rows = seats_in(workspace).filter(person__in=present.values("person"))
    first = rows.order_by().values("person").annotate(first=Min("pk")).values("first")
    return rows.filter(pk__in=first).order_by("person__name", "pk")
