"""What follows in workspaces when people's access changes: seats end with memberships, rights follow."""

from django.db.models import Exists, OuterRef

from coalition import live
from coalition.accounts.models import Membership, User
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.domain import activity, grants
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.queries import active_seats


def settle(people: list[User]) -> None:
    """End the seats of people who are no longer members, and derive rights anew. In the caller's
    transaction. A freeze ends no seat: it only does not count, and does again after the thaw."""
    seated = Seat.objects.filter(person__in=people, ended_at=None, workspace=OuterRef("pk"))
    # Locked, in one order for all: rights are derived by one transaction at a time.
    touched = list(Workspace.objects.select_for_update().filter(Exists(seated)).order_by("pk"))
    member = Membership.objects.filter(
        person=OuterRef("person"), organisation=OuterRef("organisation"), ended_at=None
    )
    ended = list(
        Seat.objects.filter(~Exists(member), person__in=people, ended_at=None).select_related(
            "person", "organisation", "workspace"
        )
    )
    Seat.objects.filter(pk__in=[seat.pk for seat in ended]).update(ended_at=now())
    for seat in ended:
        activity.note(
            "seat_ended",
            workspace=seat.workspace,
            actor=None,
            organisation=None,
            needs_drafts=False,
            person=str(seat.person.uuid),
            person_for=str(seat.organisation.uuid),
        )
    for workspace in touched:
        grants.sync(workspace)
    live.kick(user_ids=[person.pk for person in people], reason="access")


def needs_second_factor(person: User) -> bool:
    """Coordinators of workspaces have a second factor, or do not get in."""
    return active_seats(person).filter(role=SeatRole.COORDINATOR).exists()
