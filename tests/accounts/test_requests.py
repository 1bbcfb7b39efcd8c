"""A group asks to join: confirmed by mail, vouched for by two, decided by the secretariat."""

import datetime

import pytest

from coalition.accounts.actions.admission import (
    MEMBERSHIP,
    accept_request,
    confirm_request,
    decline_request,
    delete_old_requests,
    request_membership,
    vouch,
    withdraw_vouch,
)
from coalition.accounts.forms import RequestForm
from coalition.accounts.models import (
    Invitation,
    Listing,
    MembershipRequest,
    MembershipRole,
    OrganisationKind,
    RequestState,
)
from coalition.accounts.permissions import NotAllowed
from coalition.accounts.queries import requests_to_vouch_for
from coalition.audit.models import AuditEntry
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from tests.factories import MembershipFactory, OfficeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
ASKING = {
    "name": "Canary Group",
    "region": "KZ-75",
    "why": "We answer a helpline.",
    "contact": "Canary Person",
    "address": "Canary@group.example",
    "language": "ru",
}


def opened(**asking: str) -> MembershipRequest:
    return confirm_request(request=request_membership(**{**ASKING, **asking}))


def head(**given):
    return MembershipFactory(role=MembershipRole.REPRESENTATIVE, organisation=OrganisationFactory(**given))


def vouched(row: MembershipRequest, times: int = 2) -> MembershipRequest:
    for _time in range(times):
        member = head()
        vouch(by=member.person, request=row, organisation=member.organisation)
    return row


def test_a_group_becomes_a_member():
    secretary = OfficeFactory().person
    row = opened()
    assert OutboxMail.objects.filter(template="partners/membership_asked", person=secretary.uuid).exists()
    with pytest.raises(Refused, match="Two organisations"):
        accept_request(by=secretary, request=vouched(row, 1), kind="ngo", listing="withheld")
    vouched(row, 1)
    made = accept_request(by=secretary, request=row, kind=OrganisationKind.NGO, listing=Listing.WITHHELD)
    assert (made.name_ru, made.regions, made.listing) == ("Canary Group", ["KZ-75"], Listing.WITHHELD)
    invitation = Invitation.objects.get(organisation=made)
    assert (invitation.email, invitation.role) == ("canary@group.example", MembershipRole.REPRESENTATIVE)
    row.refresh_from_db()
    assert (row.state, row.organisation) == (RequestState.ACCEPTED, made)
    with pytest.raises(Refused, match="decided already"):
        vouched(row, 1)


@pytest.mark.parametrize("said", ["Canary\nGroup", "See http://x.example", "www.x.example"])
@pytest.mark.parametrize("field", ["name", "contact"])
def test_names_hold_neither_lines_nor_addresses(field, said):
    given = {
        "name": "Canary Group",
        "contact": "Canary Person",
        "why": "We answer a helpline:\nhttps://canary.example",
        "address": "c@group.example",
    }
    assert RequestForm(given).is_valid()
    assert list(RequestForm({**given, field: said}).errors) == [field]


def test_a_request_is_confirmed_once():
    row = request_membership(**ASKING)
    link = OutboxMail.objects.get(template="partners/membership_confirm").context["button_url"]
    assert MEMBERSHIP.find(link.rstrip("/").split("/")[-1]) == row
    confirm_request(request=row)
    with pytest.raises(Refused):
        confirm_request(request=row)


def test_an_organisation_vouches_once_and_only_by_its_representative():
    row, member = opened(), head()
    for by in (MembershipFactory(organisation=member.organisation).person, head().person):
        with pytest.raises(NotAllowed):
            vouch(by=by, request=row, organisation=member.organisation)
    media = head(kind=OrganisationKind.MEDIA_PARTNER)
    with pytest.raises(NotAllowed):
        vouch(by=media.person, request=row, organisation=media.organisation)
    assert requests_to_vouch_for(member.person).count() == 1
    vouch(by=member.person, request=row, organisation=member.organisation)
    assert requests_to_vouch_for(member.person).count() == 0
    with pytest.raises(Refused, match="already"):
        vouch(by=member.person, request=row, organisation=member.organisation)


def test_one_person_of_two_organisations_vouches_once(client_of):
    row, member = opened(), head()
    second = MembershipFactory(
        person=member.person, role=MembershipRole.REPRESENTATIVE, organisation=OrganisationFactory()
    )
    client, address = client_of(member.person), f"/accounts/requests/{row.uuid}/vouch/"
    assert str(second.organisation.uuid) in client.get("/accounts/requests/").content.decode()
    vouch(by=member.person, request=row, organisation=member.organisation)
    assert requests_to_vouch_for(member.person).count() == 0
    assert f'"{address}"' not in client.get("/accounts/requests/").content.decode()
    with pytest.raises(Refused, match="another person"):
        vouch(by=member.person, request=row, organisation=second.organisation)
    other = MembershipFactory(role=MembershipRole.REPRESENTATIVE, organisation=second.organisation)
    vouch(by=other.person, request=row, organisation=second.organisation)
    assert row.vouches.count() == 2


def test_vouching_is_taken_back_until_it_is_decided():
    secretary, row, member = OfficeFactory().person, vouched(opened(), 1), head()
    vouch(by=member.person, request=row, organisation=member.organisation)
    for by in (head().person, MembershipFactory(organisation=member.organisation).person):
        with pytest.raises(NotAllowed):
            withdraw_vouch(by=by, request=row, organisation=member.organisation)
    colleague = MembershipFactory(organisation=member.organisation, role=MembershipRole.REPRESENTATIVE)
    withdraw_vouch(by=colleague.person, request=row, organisation=member.organisation)
    assert requests_to_vouch_for(member.person).count() == 1
    assert AuditEntry.objects.get(action="request.vouch_taken_back").organisation == member.organisation.uuid
    with pytest.raises(Refused, match="does not vouch"):
        withdraw_vouch(by=member.person, request=row, organisation=member.organisation)
    with pytest.raises(Refused, match="Two organisations"):
        accept_request(by=secretary, request=row, kind="ngo", listing="withheld")
    vouch(by=member.person, request=row, organisation=member.organisation)
    accept_request(by=secretary, request=row, kind="ngo", listing="withheld")
    with pytest.raises(Refused, match="decided already"):
        withdraw_vouch(by=member.person, request=row, organisation=member.organisation)
    assert row.vouches.count() == 2


def test_declined_with_words_and_forgotten_later():
    secretary, row = OfficeFactory().person, opened()
    with pytest.raises(NotAllowed):
        decline_request(by=head().person, request=row, words="No.")
    decline_request(by=secretary, request=row, words="Come again in spring.")
    told = OutboxMail.objects.get(template="partners/membership_declined")
    assert (told.address, told.context["words"]) == ("Canary@group.example", "Come again in spring.")
    never_confirmed = request_membership(**ASKING)
    with freeze_clock_at(now() + datetime.timedelta(days=8)):
        delete_old_requests()
    assert not MembershipRequest.objects.filter(pk=never_confirmed.pk).exists()
    with freeze_clock_at(now() + datetime.timedelta(days=91)):
        delete_old_requests()
    assert not MembershipRequest.objects.exists()


def test_an_address_gets_three_mails_a_day_and_the_coalition_takes_sixty_an_hour(monkeypatch):
    assert [request_membership(**ASKING) is not None for _time in range(4)] == [True, True, True, False]
    monkeypatch.setattr("coalition.accounts.actions.admission.MOST_AN_HOUR", 3)
    with pytest.raises(Refused):
        request_membership(**ASKING)


def test_nothing_is_readable_in_the_database_or_the_log():
    row = opened()
    stored = MembershipRequest.objects.filter(pk=row.pk).extra(
        select={"raw": "name || why || contact || address"}
    )
    assert "canary" not in stored.get().raw.lower()
    assert not AuditEntry.objects.filter(detail__icontains="canary").exists()


def test_the_pages_of_members_and_secretariat(client_of):
    row, member = opened(), head()
    secretary = client_of(OfficeFactory().person)
    client = client_of(member.person)
    page = client.get("/accounts/requests/").content.decode()
    assert "Canary Group" in page
    assert "Canary@group.example" not in page
    assert "1 group asks to join" in client.get("/workspaces/").content.decode()
    address = f"/accounts/requests/{row.uuid}/vouch/{member.organisation.uuid}/"
    assert client.post(address).status_code == 302
    assert row.vouches.count() == 1
    assert f"{address}take-back/" in client.get("/accounts/requests/").content.decode()
    other_head = client_of(head().person)
    assert f"{address}take-back/" not in other_head.get("/accounts/requests/").content.decode()
    assert other_head.post(f"{address}take-back/").status_code == 404
    assert client.get(f"{address}take-back/").status_code == 405
    client.post(f"{address}take-back/")
    assert row.vouches.count() == 0
    assert f"{address}take-back/" not in client.get("/accounts/requests/").content.decode()
    client.post(address)
    stranger = client_of(MembershipFactory().person)
    assert [stranger.get("/accounts/requests/").status_code, stranger.post(address).status_code] == [404, 404]
    one = f"/workspaces/secretariat/requests/{row.uuid}/"
    assert "Canary@group.example" in secretary.get(one).content.decode()
    assert client.get(one).status_code == 404
    assert secretary.post(one, {"kind": "ngo", "listing": "withheld"}).status_code == 422
    vouched(row, 1)
    assert "1 of 2" not in secretary.get("/workspaces/secretariat/requests/").content.decode()
    assert secretary.post(one, {"kind": "ngo", "listing": "withheld"}).status_code == 302
    other = opened()
    assert secretary.post(f"/workspaces/secretariat/requests/{other.uuid}/decline/", {}).status_code == 422
    secretary.post(f"/workspaces/secretariat/requests/{other.uuid}/decline/", {"words": "No."})
    other.refresh_from_db()
    assert other.state == RequestState.DECLINED


def test_lists_take_as_many_queries_with_more(client_of, django_assert_max_num_queries):
    client, counts = client_of(head().person), []
    vouched(opened())
    client.get("/accounts/requests/")
    for number in range(2):
        with django_assert_max_num_queries(60) as queries:
            client.get("/accounts/requests/")
        counts.append(len(queries))
        vouched(opened(address=f"{number}@group.example"))
    assert counts[0] == counts[1]
