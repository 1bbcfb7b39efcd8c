"""The workspaces with their organisations and seats."""

from coalition.accounts.models import User
from coalition.roles import SeatRole
from coalition.workspaces.actions import seats
from coalition.workspaces.actions.workspaces import add_organisation_as_secretariat, create_workspace
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, access_to
from demo.load import Demo, Record
from demo.seed.accounts import SECRETARIAT, Accounts, mark_as_demo

MAIN = "article-123"  # its seats stand with the people


def create_workspaces(demo: Demo, accounts: Accounts) -> dict[str, Workspace]:
    """Create the workspaces, add the organisations, give the seats."""
    return {record["id"]: _workspace(record, demo, accounts) for record in demo.workspaces}


def _workspace(record: Record, demo: Demo, accounts: Accounts) -> Workspace:
    secretariat, first = accounts.people[SECRETARIAT], accounts.people[record["created_by"]]
    sitting = _seats_of(record, demo)
    leads = next(seat["organisation"] for seat in sitting if seat["person"] == record["created_by"])
    workspace = create_workspace(
        by=secretariat,
        title=record["title"],
        purpose=record["purpose"],
        coordinator=first,
        organisation=accounts.organisations[leads],
    )
    mark_as_demo(workspace)
    for organisation in record["organisations"]:
        add_organisation_as_secretariat(
            by=secretariat, workspace=workspace, organisation=accounts.organisations[organisation]
        )
    access = access_to(first, workspace.uuid)
    for seat in sitting:
        if seat["person"] != record["created_by"]:
            seats.give_seat(
                access=access,
                person=accounts.people[seat["person"]],
                organisation=accounts.organisations[seat["organisation"]],
                role=SeatRole(seat["role"]),
            )
    return workspace


def _seats_of(record: Record, demo: Demo) -> list[Record]:
    if record["id"] != MAIN:
        return list(record["seats"])
    return [
        {
            "person": person["email"],
            "organisation": person["memberships"][0]["organisation"],
            "role": person["seat"],
        }
        for person in demo.people
        if person.get("seat")
    ]


def access_of(person: User, workspace: Workspace) -> Access:
    """Return the person's access, read anew: rights follow from the current seats."""
    return access_to(person, workspace.uuid)
