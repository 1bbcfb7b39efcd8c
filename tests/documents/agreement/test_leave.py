"""An organisation leaves: access ends at once, the record stays, past texts keep or drop its name."""

import pytest

from coalition.accounts.models import Membership
from coalition.accounts.naming import PUBLIC
from coalition.accounts.queries import has_access
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Activity, Notification, Participation, Seat
from coalition.workspaces.permissions import NotAllowed
from documents.agreement.actions import leave_coalition
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import asked_of
from documents.drafts.actions.manage import create_draft
from documents.drafts.models import ApprovalRule
from documents.models import Approval, ApprovalRound, PublicationName
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.factories import MembershipFactory, OfficeFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def twice_published() -> tuple[Stage, list]:
    made = stage()
    first = made.publish()
    made.draft = create_draft(access=made.access, title="Another")
    return made, [first, made.publish()]


def test_it_leaves_with_its_people_and_its_record_stays():
    made, (kept, dropped) = twice_published()
    secretary = OfficeFactory().person
    organisation = made.organisations[1]
    person = made.representatives[organisation.pk]
    member = seat(workspace=made.workspace, role=SeatRole.EDITOR, organisation=organisation).person
    elsewhere = MembershipFactory(person=member)
    leave_coalition(organisation=organisation, person=person, drop=[dropped])
    organisation.refresh_from_db()
    assert organisation.left_at is not None
    assert [has_access(person), has_access(member)] == [False, True]
    assert Membership.objects.filter(ended_at=None, person=member).get() == elsewhere
    assert not Participation.objects.filter(organisation=organisation, ended_at=None).exists()
    assert not Seat.objects.filter(organisation=organisation, ended_at=None).exists()
    assert not sync_grants(made.workspace, fix=False)
    assert not asked_of(person).exists()
    assert Approval.objects.filter(organisation=organisation).count() == 2
    standing = PublicationName.objects.filter(organisation=organisation, taken_off_at=None)
    assert [name.publication for name in standing] == [kept]
    assert Activity.objects.filter(kind="organisation_left").count() == 1
    told = OutboxMail.objects.get(template="partners/left_coalition")
    assert (told.person, told.context["code"]) == (secretary.uuid, organisation.code)
    with pytest.raises(NotAllowed):
        leave_coalition(organisation=organisation, person=person)


def test_only_its_representative_takes_it_out():
    made = stage()
    organisation = made.organisations[1]
    for person in (made.coordinator, MembershipFactory(organisation=organisation).person):
        with pytest.raises(NotAllowed):
            leave_coalition(organisation=organisation, person=person)


def test_a_fault_leaves_everything_as_it_was(monkeypatch):
    made, (kept, dropped) = twice_published()
    organisation = made.organisations[1]

    def refuse(**_given):
        raise Refused("No.")

    monkeypatch.setattr("documents.agreement.actions.end_organisation", refuse)
    with pytest.raises(Refused):
        leave_coalition(
            organisation=organisation, person=made.representatives[organisation.pk], drop=[kept, dropped]
        )
    assert PublicationName.objects.filter(organisation=organisation, taken_off_at=None).count() == 2
    assert Participation.objects.filter(organisation=organisation, ended_at=None).exists()


def test_the_page_asks_for_the_word_and_signs_out(client_of):
    made, (kept, dropped) = twice_published()
    organisation = made.organisations[1]
    person = made.representatives[organisation.pk]
    address = f"/workspaces/names/{organisation.uuid}/leave/"
    assert client_of(made.coordinator).get(address).status_code == 404
    client = client_of(person)
    assert address in client.get(f"/accounts/organisation/{organisation.uuid}/").content.decode()
    assert client.post(address, {"word": "stay"}).status_code == 422
    answer = client.post(address, {"word": "leave", "drop": [str(dropped.uuid)]})
    assert answer["Location"] == "/accounts/login/"
    assert client.get("/workspaces/").status_code == 302
    assert PublicationName.objects.get(organisation=organisation, taken_off_at=None).publication == kept


def test_open_rounds_go_on_without_it_and_those_who_decide_are_told():
    made = stage(3)
    round_ = made.put(rule=ApprovalRule.ALL)
    leaving, other = made.organisations[1:]
    for organisation in (made.organisations[0], other):
        made.approve(round_, organisation)
    assert not board_of(round_, PUBLIC).matrix.is_complete
    leave_coalition(organisation=leaving, person=made.representatives[leaving.pk])
    told = Notification.objects.filter(kind="asked_left").values_list("person", flat=True)
    assert sorted(told) == sorted([made.coordinator.pk, made.representatives[other.pk].pk])
    assert Notification.objects.filter(kind="approvals_complete", person=made.coordinator).exists()
    publication = publish_approved(access=made.access, round_=round_)
    assert {name.organisation for name in publication.names.all()} == {made.organisations[0], other}


def test_what_it_approved_in_an_open_round_is_not_published_in_its_name():
    made = stage(2)
    round_ = made.put(rule=ApprovalRule.JOINED)
    made.approve_all(round_)
    leaving = made.organisations[1]
    leave_coalition(organisation=leaving, person=made.representatives[leaving.pk])
    publication = publish_approved(access=made.access, round_=round_)
    assert [name.organisation for name in publication.names.all()] == [made.organisations[0]]


def test_a_round_that_is_over_keeps_who_was_asked():
    made = stage(2)
    round_ = made.publish().round
    leaving = made.organisations[1]
    leave_coalition(organisation=leaving, person=made.representatives[leaving.pk])
    matrix = board_of(ApprovalRound.objects.get(pk=round_.pk), PUBLIC).matrix
    assert [one.organisation.pk for one in matrix.standing] == [one.pk for one in made.organisations]
