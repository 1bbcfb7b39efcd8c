"""The workspaces: which organisations take part, who has which seat."""

from coalition.accounts.models import User
from coalition.roles import SeatRole
from coalition.workspaces.domain import seats
from coalition.workspaces.domain.create_workspace import create_workspace
from coalition.workspaces.domain.take_part import bring_in_as_secretariat
from coalition.workspaces.models import Workspace
from coalition.workspaces.rules import Access, access_to
from demo.load import Demo, Record
from demo.seed.accounts import SECRETARIAT, Cast, remember

MAIN = "article-123"  # its seats stand with the people


def furnish(demo: Demo, cast: Cast) -> dict[str, Workspace]:
    """Open the workspaces, bring the organisations in, give the seats."""
    return {record["id"]: _workspace(record, demo, cast) for record in demo.workspaces}


def _workspace(record: Record, demo: Demo, cast: Cast) -> Workspace:
    secretariat, first = cast.people[SECRETARIAT], cast.people[record["created_by"]]
    sitting = _seats_of(record, demo)
    leads = next(seat["organisation"] for seat in sitting if seat["person"] == record["created_by"])
    workspace = create_workspace(
        by=secretariat,
        title=record["title"],
        purpose=record["purpose"],
        coordinator=first,
        organisation=cast.organisations[leads],
    )
    remember(workspace)
    for organisation in record["organisations"]:
        bring_in_as_secretariat(
            by=secretariat, workspace=workspace, organisation=cast.organisations[organisation]
        )
    access = access_to(first, workspace.uuid)
    for seat in sitting:
        if seat["person"] != record["created_by"]:
            seats.give(
                access=access,
                person=cast.people[seat["person"]],
                organisation=cast.organisations[seat["organisation"]],
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


def acting(person: User, workspace: Workspace) -> Access:
    """The person's access, read anew: rights are what the seats say at this moment."""
    return access_to(person, workspace.uuid)
