"""Coming and going inside an organisation: roles, mandates, the last representative."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.actions.memberships import (
    NEWSROOM_GROUP,
    change_role,
    end_membership,
    end_office,
    give_mandate,
    give_office,
    revoke_mandate,
)
from coalition.accounts.models import Listing, Mandate, Membership, MembershipRole, OfficeKind
from coalition.accounts.permissions import NotAllowed
from coalition.accounts.queries import active_offices, mail_address_for
from coalition.accounts.registry import register_subjects, subject_choices
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from tests.factories import FreezeFactory, MembershipFactory, OfficeFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def representative():
    return MembershipFactory(role=MembershipRole.REPRESENTATIVE)


@pytest.fixture
def member(representative):
    return MembershipFactory(organisation=representative.organisation)


def tomorrow():
    return timezone.now() + datetime.timedelta(days=1)


def test_a_person_leaves_and_what_hangs_on_the_membership_ends(representative, member):
    mandate = give_mandate(
        by=representative.person,
        membership=member,
        subject="",
        valid_from=timezone.now(),
        valid_until=tomorrow(),
    )
    office = give_office(
        by=representative.person,
        person=member.person,
        kind=OfficeKind.PRESS_OFFICER,
        organisation=member.organisation,
    )
    end_membership(by=member.person, membership=member)
    for row in (member, mandate, office):
        row.refresh_from_db()
    assert member.ended_at
    assert mandate.revoked_at
    assert office.ended_at
    assert mail_address_for(member.person.uuid) is None, "no more mail"


def test_a_representative_ends_a_membership_and_the_log_knows(representative, member):
    end_membership(by=representative.person, membership=member)
    entry = AuditEntry.objects.get(action="membership.ended")
    assert (entry.actor, entry.target) == (representative.person, member.uuid)
    end_membership(by=representative.person, membership=member)
    assert AuditEntry.objects.filter(action="membership.ended").count() == 1


def test_the_last_representative_stays_until_there_is_another(representative, member):
    with pytest.raises(Refused, match="at least one representative"):
        end_membership(by=representative.person, membership=representative)
    with pytest.raises(Refused, match="at least one representative"):
        change_role(by=representative.person, membership=representative, role=MembershipRole.MEMBER)
    change_role(by=representative.person, membership=member, role=MembershipRole.REPRESENTATIVE)
    end_membership(by=representative.person, membership=representative)
    assert not Membership.objects.filter(person=representative.person, ended_at=None).exists()


@pytest.mark.parametrize("role", [MembershipRole.MEMBER, MembershipRole.ALTERNATE])
def test_others_end_nobodys_membership_but_their_own(representative, member, role):
    other = MembershipFactory(organisation=representative.organisation, role=role)
    stranger = MembershipFactory(role=MembershipRole.REPRESENTATIVE)
    for by in (other.person, stranger.person, UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            end_membership(by=by, membership=member)
        with pytest.raises(NotAllowed):
            change_role(by=by, membership=member, role=MembershipRole.REPRESENTATIVE)


def test_a_frozen_organisations_representative_manages_nobody(representative, member):
    FreezeFactory(organisation=representative.organisation, frozen_at=timezone.now())
    with pytest.raises(NotAllowed):
        end_membership(by=representative.person, membership=member)


@pytest.mark.parametrize(("start", "end"), [(1, -1), (-3, -2)])
def test_a_mandate_needs_days_that_come(representative, member, start, end):
    with pytest.raises(Refused):
        give_mandate(
            by=representative.person,
            membership=member,
            subject="",
            valid_from=timezone.now() + datetime.timedelta(days=start),
            valid_until=timezone.now() + datetime.timedelta(days=end),
        )


def test_a_mandate_is_given_on_the_page_and_taken_back(representative, member, client_of):
    before = subject_choices()
    register_subjects([("statement", "Statement")])
    browser = client_of(representative.person)
    row = representative.organisation
    page = reverse("partners:mandate_give", args=[row.uuid, member.uuid])
    day = timezone.localdate() + datetime.timedelta(days=3)
    typed = {"subject": "statement", "first_day": timezone.localdate(), "last_day": day}
    assert browser.post(page, typed).status_code == 302
    mandate = Mandate.objects.get()
    assert mandate.valid_until.astimezone(timezone.get_current_timezone()).date() == day
    assert "Statement" in browser.get(reverse("partners:organisation", args=[row.uuid])).content.decode()
    browser.post(reverse("partners:mandate_revoke", args=[row.uuid, mandate.uuid]))
    mandate.refresh_from_db()
    assert mandate.revoked_at
    register_subjects(before)


def test_nobody_else_takes_a_mandate_back(representative, member):
    mandate = Mandate.objects.create(membership=member, valid_from=timezone.now(), valid_until=tomorrow())
    with pytest.raises(NotAllowed):
        revoke_mandate(by=member.person, mandate=mandate)


def test_the_newsroom_gets_its_group_and_loses_it():
    secretariat = OfficeFactory(kind=OfficeKind.SECRETARIAT).person
    person = MembershipFactory().person
    office = give_office(by=secretariat, person=person, kind=OfficeKind.NEWSROOM)
    assert give_office(by=secretariat, person=person, kind=OfficeKind.NEWSROOM) == office
    assert person.groups.filter(name=NEWSROOM_GROUP).exists()
    end_office(by=secretariat, office=office)
    assert not person.groups.filter(name=NEWSROOM_GROUP).exists()
    assert not active_offices(person).exists()


def test_the_secretariat_is_never_empty():
    office = OfficeFactory(kind=OfficeKind.SECRETARIAT)
    with pytest.raises(Refused, match="at least one"):
        end_office(by=office.person, office=office)


def test_who_may_give_offices(representative, member):
    person = member.person
    for by in (representative.person, person, UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            give_office(by=by, person=person, kind=OfficeKind.SECRETARIAT)
    with pytest.raises(NotAllowed):
        give_office(
            by=representative.person,
            person=person,
            kind=OfficeKind.PRESS_OFFICER,
            organisation=OrganisationFactory(),
        )


def test_a_press_officer_is_named_on_the_page_and_no_longer(representative, member, client_of):
    browser = client_of(representative.person)
    address = reverse("partners:press_officer", args=[member.organisation.uuid, member.uuid])
    assert client_of(member.person).post(address).status_code == 404
    browser.post(address)
    assert active_offices(member.person).filter(kind=OfficeKind.PRESS_OFFICER).exists()
    browser.post(address)
    assert not active_offices(member.person).exists()


def test_the_shell_makes_the_first_secretariat_and_no_second():
    call_command("first_secretariat", "first@tests.example", "First Person", language="ru")
    office = active_offices().get(kind=OfficeKind.SECRETARIAT)
    assert (office.person.email, office.person.language) == ("first@tests.example", "ru")
    with pytest.raises(CommandError):
        call_command("first_secretariat", "second@tests.example", "Second Person")


PAGES = ["organisation", "organisation_edit", "invite"]


@pytest.mark.parametrize("name", PAGES)
def test_others_do_not_learn_that_the_organisation_is_there(representative, client_of, name):
    address = reverse(f"partners:{name}", args=[representative.organisation.uuid])
    missing = reverse(f"partners:{name}", args=["01900000-0000-7000-8000-000000000000"])
    secretariat = OfficeFactory(kind=OfficeKind.SECRETARIAT).person
    ex_member = MembershipFactory(organisation=representative.organisation, ended_at=timezone.now()).person
    MembershipFactory(person=ex_member)
    strangers = (MembershipFactory().person, ex_member, secretariat, UserFactory(is_superuser=True))
    for person in strangers:
        browser = client_of(person)
        there, nowhere = browser.get(address), browser.get(missing)
        assert there.status_code == nowhere.status_code == 404


def test_members_see_the_people_but_change_nothing(representative, member, client_of):
    browser = client_of(member.person)
    row = representative.organisation
    page = browser.get(reverse("partners:organisation", args=[row.uuid])).content.decode()
    assert representative.person.name in page
    assert "Invite someone" not in page
    for name, args in (
        ("member_end", [row.uuid, representative.uuid]),
        ("member_role", [row.uuid, member.uuid]),
        ("organisation_listing", [row.uuid]),
    ):
        data = {"role": MembershipRole.REPRESENTATIVE, "listing": Listing.PUBLIC}
        assert browser.post(reverse(f"partners:{name}", args=args), data).status_code == 404, name
    member.refresh_from_db()
    assert member.role == MembershipRole.MEMBER


def test_leaving_on_the_page_leads_out(member, client_of):
    browser = client_of(member.person)
    answer = browser.post(reverse("partners:member_end", args=[member.organisation.uuid, member.uuid]))
    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in browser.session


def test_the_refusal_of_the_last_representative_is_said_on_the_page(representative, client_of):
    browser = client_of(representative.person)
    row = representative
    answer = browser.post(reverse("partners:member_end", args=[row.organisation.uuid, row.uuid]), follow=True)
    assert "at least one representative" in answer.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    representative, client_of, people, django_assert_max_num_queries
):
    for _ in range(people):
        Mandate.objects.create(
            membership=MembershipFactory(organisation=representative.organisation),
            valid_from=timezone.now(),
            valid_until=tomorrow(),
        )
    browser = client_of(representative.person)
    address = reverse("partners:organisation", args=[representative.organisation.uuid])
    browser.get(address)
    with django_assert_max_num_queries(30):
        browser.get(address)
