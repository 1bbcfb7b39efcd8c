"""Workspaces of the large demo with their organisations and seats."""

from dataclasses import dataclass, field

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import representatives_of
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.actions.workspaces import create_workspace
from coalition.workspaces.models import Participation, Seat, Workspace
from demo.large.accounts import Team
from demo.large.wording import region_name, theme, wording
from demo.seed.accounts import SECRETARIAT, mark_as_demo

EVERY = 16  # one workspace in so many is the personas' too
FEWEST = 6  # organisations in a workspace
TURNS = (SeatRole.EDITOR, SeatRole.CONTRIBUTOR, SeatRole.REVIEWER, SeatRole.EDITOR, SeatRole.OBSERVER)


@dataclass(frozen=True)
class Seating:
    """A workspace, its organisations, and its writers with organisation and role."""

    number: int
    workspace: Workspace
    organisations: list[Organisation]
    writers: list[tuple[User, Organisation, SeatRole]]
    people: dict[int, User]  # by the organisation's primary key: who decides for it
    of_personas: bool = False


@dataclass
class _Plan:
    """Seats to give; the first is the coordinator's."""

    seats: list[tuple[User, Organisation, SeatRole]] = field(default_factory=list)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    deciding: dict[int, User] = field(default_factory=dict)

    def take_in(self, organisation: Organisation, deciding: User | None) -> None:
        self.organisations[organisation.pk] = organisation
        if deciding is not None:
            self.deciding[organisation.pk] = deciding


def create_workspaces(number: int, teams: list[Team], main: Workspace) -> list[Seating]:
    """Create so many workspaces. Everyone takes part in the first; people of `main`, the personas among them,
    have seats there and in every sixteenth."""
    secretariat = User.objects.get(email=SECRETARIAT)
    return [_seating(one, teams, main, secretariat) for one in range(number)]


def _seating(number: int, teams: list[Team], main: Workspace, secretariat: User) -> Seating:
    plan, of_personas = _Plan(), number % EVERY == 0
    if of_personas:
        _with_people_of(main, plan)
    _add_teams(_some_of(teams, number), number, plan)
    first, lead, _role = plan.seats[0]
    workspace = create_workspace(
        by=secretariat,
        title=f"{wording()['workspace']['kk']} {number + 1}: {theme(number, 'kk')}",
        purpose=f"{theme(number, 'kk')}. {region_name(number, 'kk')}.",
        coordinator=first,
        organisation=lead,
    )
    mark_as_demo(workspace)
    Participation.objects.bulk_create(
        Participation(workspace=workspace, organisation=one)
        for one in plan.organisations.values()
        if one.pk != lead.pk
    )
    Seat.objects.bulk_create(
        Seat(workspace=workspace, person=person, organisation=organisation, role=role, given_by=first)
        for person, organisation, role in plan.seats[1:]
    )
    sync_grants(workspace)
    writers = [seat for seat in plan.seats if Right.CREATE in RIGHTS[seat[2]]]
    organisations = list(plan.organisations.values())
    return Seating(number, workspace, organisations, writers, plan.deciding, of_personas)


def _some_of(teams: list[Team], number: int) -> list[Team]:
    many = len(teams) if number == 0 else min(len(teams), FEWEST + number % 6)
    return [teams[(number * 7 + place) % len(teams)] for place in range(many)]


def _add_teams(teams: list[Team], number: int, plan: _Plan) -> None:
    """Give seats to two people of each team; the first of all coordinates unless somebody does already."""
    for place, one in enumerate(teams):
        if not one.people:
            continue
        plan.take_in(one.organisation, one.people[0])
        second = one.people[1 + (number + place) % (len(one.people) - 1)] if len(one.people) > 1 else None
        for person in (one.people[0], second):
            if person is not None:
                role = TURNS[len(plan.seats) % len(TURNS)] if plan.seats else SeatRole.COORDINATOR
                plan.seats.append((person, one.organisation, role))


def _with_people_of(main: Workspace, plan: _Plan) -> None:
    """Give the seats of the small demo's workspace, the coordinator who opened it first."""
    seats = Seat.objects.filter(workspace=main, ended_at=None).select_related("person", "organisation")
    for seat in sorted(seats, key=lambda seat: (seat.role != SeatRole.COORDINATOR, seat.pk)):
        plan.seats.append((seat.person, seat.organisation, SeatRole(seat.role)))
        plan.take_in(seat.organisation, _representative(seat.organisation))


def _representative(organisation: Organisation) -> User | None:
    row = representatives_of(organisation).first()
    return row.person if row is not None else None
