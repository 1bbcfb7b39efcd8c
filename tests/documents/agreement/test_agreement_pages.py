"""The pages of the agreement, and what people meet at the door."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Membership
from coalition.core.clock import now
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.roles import SeatRole
from documents.agreement.actions import end_agreement, set_agreement
from documents.models import Acceptance, Agreement
from tests.documents.approval.builders import stage, withheld
from tests.factories import MembershipFactory, OfficeFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def made():
    made = stage()
    organisation = made.organisations[1]
    seat(made.representatives[organisation.pk], made.workspace, SeatRole.EDITOR, organisation)
    return made


def test_the_secretariat_names_the_agreement_and_reads_the_register(made, client_of):
    secretary = client_of(OfficeFactory().person)
    secret = withheld(made)
    publication = made.publish("kk", "ru", "en")
    address = "/workspaces/secretariat/agreement/"
    assert secretary.post(address, {"publication": "", "asks": "on"}).status_code == 422
    page = secretary.post(address, {"publication": str(publication.uuid), "asks": "on"}, follow=True)
    words = page.content.decode()
    assert "Register of acceptances" in words
    assert words.count("Not yet") == 3
    assert "Canary" not in words
    assert secret.code in words
    assert secretary.post(f"{address}end/", follow=True).status_code == 200
    assert not Agreement.objects.filter(ended_at=None).exists()
    assert client_of(made.coordinator).get(address).status_code == 404


def test_the_door_shows_the_agreement_and_who_can_accept(made, client_of):
    representative = made.representatives[made.organisations[1].pk]
    member = seat(workspace=made.workspace, organisation=made.organisations[1]).person
    publication = made.publish("kk", "ru", "en")
    edition = set_agreement(by=OfficeFactory().person, publication=publication)
    workspace = f"/workspaces/{made.workspace.uuid}/"
    client = client_of(member)
    page = client.get(workspace, follow=True)
    assert page.redirect_chain == [("/workspaces/agreement/", 302)]
    assert representative.name in page.content.decode()
    assert "We ask for a law, in en." in page.content.decode()
    assert "We ask for a law, in kk." in client.get("/workspaces/agreement/?language=kk").content.decode()
    accept = f"/workspaces/agreement/{edition.uuid}/accept/{made.organisations[1].uuid}/"
    assert client.post(accept).status_code == 403
    desk = client.get("/workspaces/").content.decode()
    assert "has not accepted edition 1 of the coalition agreement" in desk
    assert f"These people can accept it: {representative.name}." in desk
    assert "Workspaces are shut for now" in desk
    assert "Read and accept" not in desk
    head = client_of(representative)
    desk = head.get("/workspaces/").content.decode()
    assert "You can accept it." in desk
    assert "Read and accept" in desk
    assert head.post(accept).status_code == 302
    assert client.get(workspace).status_code == 200
    assert Acceptance.objects.get().person == representative


def test_accepting_asks_who_it_is_and_not_for_others(made, client_of):
    edition = set_agreement(by=OfficeFactory().person, publication=made.publish("kk", "ru", "en"))
    accept = f"/workspaces/agreement/{edition.uuid}/accept/{made.organisations[1].uuid}/"
    late = client_of(made.representatives[made.organisations[1].pk], ago=3600)
    assert "reauthenticate" in late.post(accept)["Location"]
    assert client_of(made.coordinator).post(accept).status_code == 404
    assert not Acceptance.objects.exists()


def test_without_an_agreement_there_is_no_page_and_others_get_their_404(made, client_of):
    client = client_of(MembershipFactory().person)
    for address in ("/workspaces/agreement/", f"/workspaces/{made.workspace.uuid}/"):
        assert client.get(address).status_code == 404


def test_pages_take_as_many_queries_with_more_organisations(made, client_of, django_assert_max_num_queries):
    publication = made.publish("kk", "ru", "en")
    secretary = OfficeFactory().person
    set_agreement(by=secretary, publication=publication)
    client, counts = client_of(secretary), []
    client.get("/workspaces/secretariat/agreement/")
    for _more in range(2):
        with django_assert_max_num_queries(60) as queries:
            client.get("/workspaces/secretariat/agreement/")
        counts.append(len(queries))
        made.organisation()
        made.organisation()
    assert counts[0] == counts[1]


def test_the_desk_says_what_will_be_missing_and_when_nobody_can_do_it(made, client_of):
    organisation = made.organisations[1]
    member = seat(workspace=made.workspace, organisation=organisation).person
    publication = made.publish("kk", "ru", "en")
    secretary = OfficeFactory().person
    later = now() + datetime.timedelta(days=3)
    set_agreement(by=secretary, publication=publication, asks_from=later)
    client = client_of(member)
    for address in ("/workspaces/", "/workspaces/all/"):
        page = client.get(address).content.decode()
        assert "only if a representative has accepted it" in page
        assert moment_with_time_zone(later) in page
        assert made.workspace.title in page, "the door is open until then"
    Membership.objects.filter(person=made.representatives[organisation.pk]).delete()
    assert "no representative at the moment" in client.get("/workspaces/").content.decode()
    end_agreement(by=secretary)
    assert "coalition agreement" not in client.get("/workspaces/").content.decode()


def test_what_is_missing_costs_the_same_for_one_organisation_and_for_three(made, client_of):
    set_agreement(by=OfficeFactory().person, publication=made.publish("kk", "ru", "en"))
    person = made.representatives[made.organisations[1].pk]
    client, costs = client_of(person), []
    for many in (1, 3):
        while Membership.objects.filter(person=person).count() < many:
            MembershipFactory(person=person)
        client.get("/workspaces/all/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/workspaces/all/").content.decode()
        assert page.count("The coalition agreement is not accepted") == many
        costs.append(len(queries))
    assert costs[0] == costs[1]
