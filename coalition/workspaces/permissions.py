"""Permission rules of workspaces."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from guardian.core import ObjectPermissionChecker

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import is_secretariat
from coalition.roles import RIGHTS as RIGHTS_OF, Right, SeatRole
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.queries import granted_rights, own_seats, seats_of_page, workspaces_for


@dataclass(frozen=True)
class Access:
    """One person's rights in one workspace, loaded once per request and passed down.

    `seat` is the seat for which the person acts; a person with several chooses on entry.
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
        # Templates use `access.may_publish`; Python code uses `access.may(Right.PUBLISH)`.
        if name.startswith("may_"):
            return Right[name.removeprefix("may_").upper()] in self.rights
        raise AttributeError(name)


class NotAllowed(Exception):
    """The person may see the thing but not do this to it. Views answer 403 with the message."""


def access_to(user: object, workspace_uuid: UUID | str, *, acting_for: str | None = None) -> Access:
    """Return the person's access to a workspace. Raises Http404 for everyone without an active seat, as
    for a workspace that does not exist.

    `acting_for`: UUID of the organisation chosen on entry, if the person has several seats. No query for a
    person of `for_page`.
    """
    if not isinstance(user, User) or not user.is_active:
        raise Http404
    loaded = seats_of_page(user, workspace_uuid)
    seats = tuple(loaded) if loaded is not None else _read_seats(user, workspace_uuid)
    if not seats:
        raise Http404
    workspace = seats[0].workspace
    held = granted_rights(seats, workspace) if loaded is not None else _read_rights(user, workspace)
    if Right.SEE not in held:
        raise Http404
    seat = next((seat for seat in seats if str(seat.organisation.uuid) == acting_for), seats[0])
    from_seat = frozenset(RIGHTS_OF[SeatRole(seat.role)])
    return Access(user=user, workspace=workspace, seat=seat, rights=held & from_seat, seats=seats)


def _read_seats(user: User, workspace_uuid: UUID | str) -> tuple[Seat, ...]:
    rows = own_seats(user).filter(workspace__uuid=workspace_uuid)
    return tuple(rows.select_related("organisation", "workspace").order_by("pk"))


def _read_rights(user: User, workspace: Workspace) -> frozenset[Right]:
    """Return what guardian's rows give."""
    plain = user
    if user.is_superuser:  # for whom guardian would grant everything
        plain = User.objects.get(pk=user.pk)
        plain.is_superuser = False
    checker = ObjectPermissionChecker(plain)
    return frozenset(Right(name) for name in checker.get_perms(workspace) if name in Right.values)


def require(access: Access, right: Right) -> None:
    """Raise NotAllowed unless the access has the right; archived workspaces can only be read."""
    if right not in access.rights:
        raise NotAllowed
    if access.workspace.archived_at and right not in {Right.SEE, Right.SEE_DRAFTS}:
        raise NotAllowed


def may_subscribe_workspace(user_id: int, workspace_uuid: str) -> bool:
    """Whether the person may subscribe to the live topic `workspace:<uuid>`."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        return workspaces_for(user).filter(uuid=UUID(workspace_uuid)).exists()
    except ValueError:
        return False


def is_coordinator(user: User) -> bool:
    """Whether the person coordinates at least one workspace."""
    return own_seats(user).filter(role=SeatRole.COORDINATOR).exists()


def represented_organisation(user: User, organisation: Organisation) -> Organisation | None:
    """Return the organisation for which the person decides about a freeze of `organisation`: that of
    their coordinator's seat, even while it is frozen itself; None for the secretariat."""
    if is_secretariat(user):
        return None
    beside = Participation.objects.filter(organisation=organisation, ended_at=None).values("workspace")
    seats = Seat.objects.filter(
        person=user, role=SeatRole.COORDINATOR, ended_at=None, workspace__in=beside
    ).select_related("organisation")
    seat = seats.order_by("pk").first()
    return seat.organisation if seat is not None else None


def may_freeze(user: User, organisation: Organisation) -> bool:
    """Whether the person may freeze or thaw it: the secretariat, or the coordinator of a workspace where
    the organisation takes part (frozen or not)."""
    shared = Participation.objects.filter(organisation=organisation, ended_at=None).values("workspace")
    led = own_seats(user).filter(role=SeatRole.COORDINATOR, workspace__in=shared)
    return is_secretariat(user) or led.exists()
