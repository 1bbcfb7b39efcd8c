"""Freezing an organisation takes two coordinators or the secretariat; thawing always takes two people."""

import pytest
from django.urls import reverse

from coalition.accounts.models import Listing
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.actions.workspaces import (
    confirm_freeze,
    confirm_thaw,
    request_freeze,
    request_thaw,
    withdraw_freeze_request,
)
from coalition.workspaces.models import Activity, Seat
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import workspaces_for
from tests.factories import (
    OfficeFactory,
    OrganisationFactory,
    ParticipationFactory,
    UserFactory,
    WorkspaceFactory,
    seat,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return WorkspaceFactory()


@pytest.fixture
def coordinators(workspace):
    return [seat(workspace=workspace, role=SeatRole.COORDINATOR).person for _ in range(2)]


@pytest.fixture
def held(workspace):
    return seat(workspace=workspace, role=SeatRole.EDITOR)


def test_two_coordinators_freeze_and_every_session_ends(coordinators, held, client_of) -> None:
    browser = client_of(held.person)
    assert browser.get(reverse("workspaces:dashboard")).status_code == 200
    asked = request_freeze(by=coordinators[0], organisation=held.organisation, reason="A phone was lost")
    assert not asked.in_force
    assert workspaces_for(held.person).exists()
    frozen = confirm_freeze(by=coordinators[1], freeze=asked)
    assert frozen.in_force
    assert not workspaces_for(held.person).exists()
    assert sync_grants(held.workspace, fix=False) == []
    assert browser.get(reverse("workspaces:dashboard")).status_code == 302
    held.refresh_from_db()
    assert held.ended_at is None


def test_who_asks_is_not_named_to_those_who_are_not_told_the_organisation(held, client_of) -> None:
    """Two workspaces share the organisation to freeze; their coordinators have never met."""
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    asking = seat(workspace=held.workspace, role=SeatRole.COORDINATOR, organisation=hidden).person
    elsewhere = seat(role=SeatRole.COORDINATOR)
    ParticipationFactory(workspace=elsewhere.workspace, organisation=held.organisation)
    asked = request_freeze(by=asking, organisation=held.organisation, reason="A phone was lost")
    other, near = client_of(elsewhere.person), seat(workspace=held.workspace, role=SeatRole.COORDINATOR)
    for address in [
        reverse("workspaces:freeze", args=[asked.uuid]),
        reverse("workspaces:log", args=[elsewhere.workspace.uuid]),
    ]:
        page = other.get(address).content.decode()
        assert asking.name not in page, address
        assert hidden.code in page, address
    assert (
        asking.name
        in client_of(near.person).get(reverse("workspaces:freeze", args=[asked.uuid])).content.decode()
    )


def test_who_asked_is_named_for_the_organisation_of_that_time(held, client_of) -> None:
    """Whoever lost the seat since, or joined the secretariat, asked in the name of an organisation all
    the same: one that may not be told."""
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    taken = seat(workspace=held.workspace, role=SeatRole.COORDINATOR, organisation=hidden)
    elsewhere = seat(role=SeatRole.COORDINATOR)
    ParticipationFactory(workspace=elsewhere.workspace, organisation=held.organisation)
    asked = request_freeze(by=taken.person, organisation=held.organisation, reason="A phone was lost")
    other, address = client_of(elsewhere.person), reverse("workspaces:freeze", args=[asked.uuid])
    Seat.objects.filter(pk=taken.pk).update(ended_at=now())
    assert taken.person.name not in other.get(address).content.decode()
    OfficeFactory(person=taken.person)
    page = other.get(address).content.decode()
    assert taken.person.name not in page
    assert hidden.code in page


def test_the_secretariat_freezes_alone(held) -> None:
    assert request_freeze(
        by=OfficeFactory().person, organisation=held.organisation, reason="Detained"
    ).in_force


def test_nobody_confirms_their_own_request(coordinators, held) -> None:
    asked = request_freeze(by=coordinators[0], organisation=held.organisation, reason="x")
    with pytest.raises(NotAllowed):
        confirm_freeze(by=coordinators[0], freeze=asked)


@pytest.mark.parametrize("role", [role for role in SeatRole if role != SeatRole.COORDINATOR])
def test_other_roles_have_no_word(workspace, held, role) -> None:
    other = seat(workspace=workspace, role=role).person
    with pytest.raises(NotAllowed):
        request_freeze(by=other, organisation=held.organisation, reason="x")


def test_coordinators_of_other_workspaces_have_no_word(coordinators, held) -> None:
    elsewhere = seat(role=SeatRole.COORDINATOR).person
    asked = request_freeze(by=coordinators[0], organisation=held.organisation, reason="x")
    with pytest.raises(NotAllowed):
        confirm_freeze(by=elsewhere, freeze=asked)
    with pytest.raises(NotAllowed):
        request_freeze(by=UserFactory(is_superuser=True), organisation=held.organisation, reason="x")


def test_thawing_takes_two_people(coordinators, held) -> None:
    secretariat = OfficeFactory().person
    frozen = request_freeze(by=secretariat, organisation=held.organisation, reason="x")
    with pytest.raises(NotAllowed):
        confirm_thaw(by=secretariat, freeze=frozen)
    request_thaw(by=secretariat, freeze=frozen)
    with pytest.raises(NotAllowed):
        confirm_thaw(by=secretariat, freeze=frozen)
    confirm_thaw(by=coordinators[0], freeze=frozen)
    assert workspaces_for(held.person).exists()
    assert sync_grants(held.workspace, fix=False) == []


def test_a_request_can_be_taken_back_until_it_is_confirmed(coordinators, held) -> None:
    asked = request_freeze(by=coordinators[0], organisation=held.organisation, reason="x")
    with pytest.raises(Refused):
        request_freeze(by=coordinators[1], organisation=held.organisation, reason="x")
    with pytest.raises(NotAllowed):
        withdraw_freeze_request(by=coordinators[1], freeze=asked)
    withdraw_freeze_request(by=coordinators[0], freeze=asked)
    with pytest.raises(NotAllowed):
        confirm_freeze(by=coordinators[1], freeze=asked)
    again = request_freeze(by=coordinators[1], organisation=held.organisation, reason="x")
    with pytest.raises(NotAllowed):
        withdraw_freeze_request(by=coordinators[1], freeze=confirm_freeze(by=coordinators[0], freeze=again))


def test_it_is_written_down_and_the_others_are_told_without_names(coordinators, held) -> None:
    asked = request_freeze(by=coordinators[0], organisation=held.organisation, reason="secret reason")
    mail = OutboxMail.objects.get()
    assert mail.person == coordinators[1].uuid
    assert "secret reason" not in str(mail.context)
    confirm_freeze(by=coordinators[1], freeze=asked)
    actions = AuditEntry.objects.filter(workspace=held.workspace.uuid).values_list("action", flat=True)
    assert {"freeze.asked", "freeze.in_force"} <= set(actions)
    note = Activity.objects.get(kind="organisation_frozen")
    assert note.actor is None
