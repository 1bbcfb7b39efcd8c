"""Seats: who gives, changes and takes them, and what always holds."""

import pytest

from coalition.accounts.actions.memberships import end_membership
from coalition.accounts.models import Membership
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.actions import seats
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.actions.workspaces import (
    add_organisation,
    add_organisation_as_secretariat,
    end_participation,
)
from coalition.workspaces.models import Activity, Seat
from coalition.workspaces.permissions import NotAllowed, access_to
from coalition.workspaces.queries import workspaces_for
from tests.factories import (
    MembershipFactory,
    OfficeFactory,
    OrganisationFactory,
    ParticipationFactory,
    UserFactory,
    seat,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def led():
    return seat(role=SeatRole.COORDINATOR)


@pytest.fixture
def access(led):
    return access_to(led.person, led.workspace.uuid)


def member_of_a_participant(workspace):
    part = ParticipationFactory(workspace=workspace)
    return MembershipFactory(organisation=part.organisation)


@pytest.mark.parametrize("role", SeatRole)
def test_a_seat_gives_exactly_the_rights_of_its_role(access, role) -> None:
    member = member_of_a_participant(access.workspace)
    seats.give_seat(access=access, person=member.person, organisation=member.organisation, role=role)
    for right in Right:
        there = workspaces_for(member.person, right).filter(pk=access.workspace.pk).exists()
        assert there == (right in RIGHTS[role])
    assert access_to(member.person, access.workspace.uuid).rights == RIGHTS[role]
    assert sync_grants(access.workspace, fix=False) == []


def test_giving_a_seat_is_written_down_and_mailed(access) -> None:
    member = member_of_a_participant(access.workspace)
    given = seats.give_seat(
        access=access, person=member.person, organisation=member.organisation, role=SeatRole.EDITOR
    )
    entry = AuditEntry.objects.get(action="seat.given")
    assert (entry.target, entry.workspace, entry.actor) == (given.uuid, access.workspace.uuid, access.user)
    assert Activity.objects.filter(kind="seat_given", workspace=access.workspace).exists()
    assert OutboxMail.objects.get().person == member.person.uuid


def test_only_members_of_participants_get_a_seat(access) -> None:
    stranger, part = UserFactory(), ParticipationFactory(workspace=access.workspace)
    with pytest.raises(Refused):
        seats.give_seat(
            access=access, person=stranger, organisation=part.organisation, role=SeatRole.OBSERVER
        )
    member = MembershipFactory()  # of an organisation that does not take part
    with pytest.raises(Refused):
        seats.give_seat(
            access=access, person=member.person, organisation=member.organisation, role=SeatRole.OBSERVER
        )


def test_nobody_has_two_seats_for_one_organisation(access) -> None:
    member = member_of_a_participant(access.workspace)
    give = {"access": access, "person": member.person, "organisation": member.organisation}
    seats.give_seat(**give, role=SeatRole.OBSERVER)
    with pytest.raises(Refused):
        seats.give_seat(**give, role=SeatRole.EDITOR)


@pytest.mark.parametrize("role", [role for role in SeatRole if role != SeatRole.COORDINATOR])
def test_only_coordinators_give_and_change(led, role) -> None:
    other = seat(workspace=led.workspace, role=role)
    access = access_to(other.person, led.workspace.uuid)
    member = member_of_a_participant(led.workspace)
    with pytest.raises(NotAllowed):
        seats.give_seat(access=access, person=member.person, organisation=member.organisation, role=role)
    with pytest.raises(NotAllowed):
        seats.change_seat_role(access=access, seat=other, role=SeatRole.COORDINATOR)
    with pytest.raises(NotAllowed):
        seats.end_seat(access=access, seat=led)


def test_the_last_coordinator_stays(led, access) -> None:
    with pytest.raises(Refused):
        seats.end_seat(access=access, seat=led)
    with pytest.raises(Refused):
        seats.change_seat_role(access=access, seat=led, role=SeatRole.EDITOR)
    with pytest.raises(Refused):
        end_participation(access=access, organisation=led.organisation)
    seat(workspace=led.workspace, role=SeatRole.COORDINATOR)
    seats.end_seat(access=access, seat=led)
    assert not workspaces_for(led.person).exists()


def test_a_person_may_give_up_their_own_seat(led) -> None:
    own = seat(workspace=led.workspace, role=SeatRole.REVIEWER)
    seats.end_seat(access=access_to(own.person, led.workspace.uuid), seat=own)
    assert not workspaces_for(own.person).exists()


def test_a_smaller_role_takes_rights_at_once(access) -> None:
    other = seat(workspace=access.workspace, role=SeatRole.EDITOR)
    seats.change_seat_role(access=access, seat=other, role=SeatRole.OBSERVER)
    assert access_to(other.person, access.workspace.uuid).rights == RIGHTS[SeatRole.OBSERVER]
    assert sync_grants(access.workspace, fix=False) == []


def test_a_seat_of_another_workspace_is_out_of_reach(access) -> None:
    elsewhere = seat(role=SeatRole.EDITOR)
    with pytest.raises(Seat.DoesNotExist):
        seats.end_seat(access=access, seat=elsewhere)


def test_an_organisation_leaves_with_its_seats(access) -> None:
    other = seat(workspace=access.workspace, role=SeatRole.EDITOR)
    end_participation(access=access, organisation=other.organisation)
    assert not workspaces_for(other.person).exists()
    other.refresh_from_db()
    assert other.ended_at is not None


def test_seats_end_with_the_membership(led) -> None:
    other = seat(workspace=led.workspace, role=SeatRole.EDITOR)
    membership = Membership.objects.get(person=other.person)
    end_membership(by=other.person, membership=membership)
    other.refresh_from_db()
    assert other.ended_at is not None
    assert sync_grants(led.workspace, fix=False) == []
    assert Activity.objects.filter(kind="seat_ended").exists()


def test_the_secretariat_appoints_only_where_no_coordinator_is_left(led) -> None:
    secretariat = OfficeFactory().person
    member = MembershipFactory(organisation=led.organisation)
    appoint = {
        "by": secretariat,
        "workspace": led.workspace,
        "person": member.person,
        "organisation": led.organisation,
    }
    with pytest.raises(Refused):
        seats.appoint_coordinator(**appoint)
    Membership.objects.filter(person=led.person).update(ended_at="2026-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        seats.appoint_coordinator(**appoint | {"by": member.person})
    seats.appoint_coordinator(**appoint)
    assert access_to(member.person, led.workspace.uuid).role == SeatRole.COORDINATOR


def test_a_coordinator_brings_in_only_organisations_they_may_be_told(access) -> None:
    public, withheld = OrganisationFactory(), OrganisationFactory(listing="withheld")
    add_organisation(access=access, organisation=public)
    add_organisation(access=access, organisation=public)
    with pytest.raises(NotAllowed):
        add_organisation(access=access, organisation=withheld)
    add_organisation_as_secretariat(
        by=OfficeFactory().person, workspace=access.workspace, organisation=withheld
    )
    assert access.workspace.participations.filter(ended_at=None).count() == 3
