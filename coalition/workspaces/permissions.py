"""Who may do what in a workspace."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from guardian.core import ObjectPermissionChecker

from coalition.accounts.enums import OfficeKind
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import holds_office
from coalition.roles import RIGHTS as RIGHTS_OF
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.queries import active_seats, workspaces_for


@dataclass(frozen=True)
class Access:
    """What one person may do in one workspace, read once per request and passed down.

    `seat` is the seat in whose name the person acts; a person with several chooses at the door.
    """

    user: User
    workspace: Workspace
    seat: Seat
    rights: frozenset[Right]
    seats: tuple[Seat, ...] = ()

    @property
    def organisation(self) -> Organisation:
        return self.seat.organisation

    @property
    def role(self) -> SeatRole:
        return SeatRole(self.seat.role)

    def may(self, right: Right) -> bool:
        return right in self.rights

    def __getattr__(self, name: str) -> bool:
        # Templates ask `access.may_publish`; Python code asks `access.may(Right.PUBLISH)`.
        if name.startswith("may_"):
            return Right[name.removeprefix("may_").upper()] in self.rights
        raise AttributeError(name)


class NotAllowed(Exception):
    """The person may see the thing but not do this to it. Views answer 403 with the words."""


def access_to(user: object, workspace_uuid: UUID | str, *, acting_for: str | None = None) -> Access:
    """The person's access to a workspace. Raises Http404 for everyone without a seat that counts:
    the same answer as for a workspace that does not exist.

    `acting_for`: UUID of the organisation chosen at the door, if the person has several seats.
    """
    if not isinstance(user, User) or not user.is_active:
        raise Http404
    rows = active_seats(user).filter(workspace__uuid=workspace_uuid)
    seats = tuple(rows.select_related("organisation", "workspace").order_by("pk"))
    if not seats:
        raise Http404
    workspace = seats[0].workspace
    checker = ObjectPermissionChecker(_without_superpowers(user))
    held = frozenset(Right(name) for name in checker.get_perms(workspace) if name in Right.values)
    if Right.SEE not in held:
        raise Http404
    seat = next((seat for seat in seats if str(seat.organisation.uuid) == acting_for), seats[0])
    from_seat = frozenset(RIGHTS_OF[SeatRole(seat.role)])
    return Access(user=user, workspace=workspace, seat=seat, rights=held & from_seat, seats=seats)


def require(access: Access, right: Right) -> None:
    """Raise NotAllowed unless the access holds the right; archived workspaces can only be read."""
    if right not in access.rights:
        raise NotAllowed
    if access.workspace.archived_at and right not in {Right.SEE, Right.SEE_DRAFTS}:
        raise NotAllowed


def may_subscribe_workspace(user_id: int, workspace_uuid: str) -> bool:
    """Live topic `workspace:<uuid>`."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        return workspaces_for(user).filter(uuid=UUID(workspace_uuid)).exists()
    except ValueError:
        return False


def _without_superpowers(user: User) -> User:
    """The same person for guardian, which would grant a superuser everything."""
    if not user.is_superuser:
        return user
    plain = User.objects.get(pk=user.pk)
    plain.is_superuser = False
    return plain


def is_secretariat(user: User) -> bool:
    """Sees names and membership of all workspaces, not their content."""
    return user.is_active and holds_office(user, OfficeKind.SECRETARIAT)


def is_coordinator(user: User) -> bool:
    """Coordinates at least one workspace."""
    return active_seats(user).filter(role=SeatRole.COORDINATOR).exists()


def may_create_workspaces(user: User) -> bool:
    """The secretariat alone: a workspace is a room of the coalition, not of one of its organisations."""
    return is_secretariat(user)


def coordinates_with(user: User, organisation: Organisation) -> bool:
    """Coordinates a workspace in which the organisation takes part (frozen or not)."""
    shared = Participation.objects.filter(
        organisation=organisation, workspace=OuterRef("workspace"), ended_at=None
    )
    return active_seats(user).filter(Exists(shared), role=SeatRole.COORDINATOR).exists()


def represented_organisation(user: User, organisation: Organisation) -> Organisation | None:
    """In whose name the person's word counts now about the organisation: that of their seat as coordinator
    beside it, also while it is frozen itself; None for the secretariat, which speaks as such."""
    if is_secretariat(user):
        return None
    beside = Participation.objects.filter(organisation=organisation, ended_at=None).values("workspace")
    seats = Seat.objects.filter(
        person=user, role=SeatRole.COORDINATOR, ended_at=None, workspace__in=beside
    ).select_related("organisation")
    seat = seats.order_by("pk").first()
    return seat.organisation if seat is not None else None


def may_freeze(user: User, organisation: Organisation) -> bool:
    """Whether the person's word counts when the organisation is frozen or thawed."""
    return is_secretariat(user) or coordinates_with(user, organisation)
