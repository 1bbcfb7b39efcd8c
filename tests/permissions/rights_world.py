"""A small coalition for the machine of rights: people, organisations and workspaces by name, in the database
and in the model side by side."""

from dataclasses import dataclass, field

from django.test import Client

from coalition.accounts.models import MembershipRole, Organisation, User
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from tests.conftest import sign_in
from tests.factories import (
    MembershipFactory,
    OfficeFactory,
    OrganisationFactory,
    ParticipationFactory,
    UserFactory,
    WorkspaceFactory,
    seat,
)
from tests.permissions.model_of_rights import Rights

ROLES = list(SeatRole)
# Who belongs where, and the seats that they begin with: (workspace, role). The first represents.
BELONGS = {"ada": "alma", "abel": "alma", "asel": "alma", "bota": "birlik", "bek": "birlik"}
BELONGS |= {"cora": "centre", "dina": "dala"}  # dala takes part nowhere
SEATED = {"ada": ("west", 4), "abel": ("west", 0), "asel": ("west", 1), "bota": ("west", 4)}
SEATED |= {"bek": ("west", 3), "cora": ("east", 4)}
TAKES_PART = {("alma", "west"), ("birlik", "west"), ("birlik", "east"), ("centre", "east")}


@dataclass
class Coalition:
    """By name: people, organisations, workspaces; `cookies` of their browsers."""

    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def browsers(self) -> dict[str, Client]:
        """A new browser for each, in which they are signed in, and one of nobody's."""
        made = {"anonymous": Client()}
        for name, key in self.cookies.items():
            made[name] = Client()
            made[name].cookies["sessionid"] = key
        return made


def coalition() -> Coalition:
    made = Coalition()
    made.organisations = {name: OrganisationFactory(name_en=name) for name in sorted(set(BELONGS.values()))}
    made.workspaces = {name: WorkspaceFactory(title=name) for name in ("west", "east")}
    for organisation, workspace in sorted(TAKES_PART):
        ParticipationFactory(
            organisation=made.organisations[organisation], workspace=made.workspaces[workspace]
        )
    first: set[str] = set()
    for name, organisation in BELONGS.items():
        role = MembershipRole.MEMBER if organisation in first else MembershipRole.REPRESENTATIVE
        first.add(organisation)
        made.people[name] = UserFactory(name=name)
        MembershipFactory(person=made.people[name], organisation=made.organisations[organisation], role=role)
    for name, (workspace, rank) in SEATED.items():
        organisation = made.organisations[BELONGS[name]]
        seat(made.people[name], made.workspaces[workspace], ROLES[rank], organisation)
    made.people |= {name: OfficeFactory().person for name in ("secretary", "clerk")}
    made.people["root"] = UserFactory(is_superuser=True, is_staff=True)
    for name, person in made.people.items():
        made.cookies[name] = sign_in(Client(), person).cookies["sessionid"].value
    return made


def rights() -> Rights:
    """The model at the beginning."""
    seats = {(name, where, BELONGS[name]): rank for name, (where, rank) in SEATED.items()}
    return Rights(set(BELONGS.items()), set(TAKES_PART), seats)
