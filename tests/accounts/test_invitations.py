"""Invitations: for one address, once, for a while, and able to be taken back."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.actions.admission import invite_person, resend_invitation, revoke_invitation
from coalition.accounts.actions.memberships import end_membership
from coalition.accounts.models import Invitation, Listing, Membership, MembershipRole, OfficeKind, User
from coalition.accounts.permissions import NotAllowed
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from tests.factories import (
    PASSWORD,
    FreezeFactory,
    MembershipFactory,
    OfficeFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NEW = {"name": "Aigerim Nova", "language": "kk", "password": "seven-steppe-tulips"}


@pytest.fixture
def representative():
    return MembershipFactory(role=MembershipRole.REPRESENTATIVE)


def send(representative, email="new@tests.example", role=MembershipRole.MEMBER, language="en"):
    """An invitation and the path of its link, as the mail has it."""
    invitation = invite_person(
        by=representative.person,
        organisation=representative.organisation,
        email=email,
        name="New Person",
        role=role,
        language=language,
    )
    return invitation, link_in_mail()


def link_in_mail():
    deliver_due()
    return re.search(r"https?://[^/\s]+(/accounts/invitation/\S+/)", mail.outbox[-1].body).group(1)


def test_a_new_person_joins_with_a_password_of_their_own(representative, client):
    invitation, link = send(representative)
    assert "Accept" in client.get(link).content.decode()
    assert not User.objects.filter(email=invitation.email).exists(), "opening the link changes nothing"
    answer = client.post(link, NEW)
    person = User.objects.get(email="new@tests.example")
    assert answer.url == reverse("workspaces:dashboard")
    assert person.check_password(NEW["password"])
    assert (person.name, person.language) == ("Aigerim Nova", "kk")
    assert EmailAddress.objects.get(user=person).verified
    assert Membership.objects.get(person=person).organisation == representative.organisation
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(representative, client, method):
    invitation, link = send(representative)
    for _ in range(3):
        assert getattr(client, method)(link).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_the_database_does_not_hold_the_token(representative):
    invitation, link = send(representative)
    token = link.split("/")[-2]
    assert len(token) >= 43
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert not OutboxMail.objects.get(template="partners/invitation").context, "wiped once sent"


def test_a_wrong_token_is_told_so_in_words(client):
    answer = client.get(reverse("partners:invitation", args=["x" * 43]), headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "no such invitation" in answer.content.decode()


def test_representatives_see_what_has_expired_and_send_it_again(representative, client_of):
    for email in ("late@tests.example", "asked-again@tests.example", "taken-back@tests.example"):
        expired, _link = send(representative, email=email)
        Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
        if email.startswith("taken"):
            revoke_invitation(by=representative.person, invitation=expired)
    send(representative, email="asked-again@tests.example")
    browser = client_of(representative.person)
    address = reverse("partners:organisation", args=[representative.organisation.uuid])
    page = browser.get(address).content.decode()
    assert page.count("Expired") == 1
    assert page.count("late@tests.example") == 1
    assert page.count("asked-again@tests.example") == 1
    assert "taken-back@tests.example" not in page
    late = Invitation.objects.get(email="late@tests.example")
    assert reverse("partners:invitation_resend", args=[late.uuid]) in page
    browser.post(reverse("partners:invitation_resend", args=[late.uuid]))
    assert "Expired" not in browser.get(address).content.decode()


def test_an_expired_one_says_so_and_can_be_sent_again(representative, client):
    invitation, link = send(representative)
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    answer = client.post(link, NEW)
    assert answer.status_code == 410
    assert "expired" in answer.content.decode()
    resend_invitation(by=representative.person, invitation=invitation)
    assert client.post(link_in_mail(), NEW).status_code == 302


def test_sending_again_ends_the_old_link(representative, client):
    invitation, old = send(representative)
    resend_invitation(by=representative.person, invitation=invitation)
    assert client.get(old).status_code == 404
    assert client.get(link_in_mail()).status_code == 200


def test_one_taken_back_cannot_be_used(representative, client):
    invitation, link = send(representative)
    revoke_invitation(by=representative.person, invitation=invitation)
    answer = client.post(link, NEW)
    assert answer.status_code == 410
    assert "taken back" in answer.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()


def test_it_works_once(representative, client):
    _invitation, link = send(representative)
    client.post(link, NEW)
    answer = Client().post(link, {**NEW, "name": "Somebody Else"})
    assert answer.status_code == 410
    assert "has been used" in answer.content.decode()
    assert User.objects.filter(email="new@tests.example").count() == 1


def test_a_second_click_by_the_same_person_goes_on_to_the_desk(representative, client):
    _invitation, link = send(representative)
    client.post(link, NEW)
    for answer in (client.get(link), client.post(link, NEW)):
        assert (answer.status_code, answer.url) == (302, reverse("workspaces:dashboard"))


def test_forwarded_to_a_signed_in_person_it_does_not_tell_the_address(representative, client_of):
    _invitation, link = send(representative)
    browser = client_of(MembershipFactory().person)
    for answer in (browser.get(link), browser.post(link, NEW)):
        assert answer.status_code == 403
        assert "sent to another address" in answer.content.decode()
        assert "new@tests.example" not in answer.content.decode()
    assert Membership.objects.filter(organisation=representative.organisation).count() == 1


def test_an_account_holder_signs_in_and_accepts(representative, client, client_of):
    person = MembershipFactory().person
    _invitation, link = send(representative, email=person.email.upper())
    page = client.get(link).content.decode()
    assert reverse("account_login") in page
    assert client.post(link, NEW).status_code == 200, "without signing in nothing is accepted"
    assert not Membership.objects.filter(person=person, organisation=representative.organisation).exists()
    assert client_of(person).post(link).status_code == 302
    assert Membership.objects.filter(person=person, organisation=representative.organisation).exists()


def test_who_left_comes_back_with_the_account_they_had(representative, client):
    person = UserFactory()
    _invitation, link = send(representative, email=person.email)
    answer = client.post(link, NEW)
    assert answer.url == reverse("account_login"), "the token gives no session"
    assert "_auth_user_id" not in client.session
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert Membership.objects.filter(person=person, ended_at=None).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "aigerim nova"}, "too similar"),
        ({"password": ""}, "is required"),
        ({"name": ""}, "is required"),
        ({"name": "x" * 10_000}, "at most 120"),
        ({"language": "de"}, "valid choice"),
    ],
)
def test_bad_input_is_refused_in_words_and_the_rest_is_kept(representative, client, change, words):
    invitation, link = send(representative)
    page = client.post(link, {**NEW, **change}).content.decode()
    assert words in page
    if "name" not in change:
        assert NEW["name"] in page
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_the_page_speaks_the_language_of_the_mail(representative, client):
    _invitation, link = send(representative, language="ru")
    assert '<html lang="ru">' in client.get(link).content.decode()


def test_a_frozen_organisation_takes_nobody_in(representative, client):
    _invitation, link = send(representative)
    FreezeFactory(organisation=representative.organisation, frozen_at=timezone.now())
    assert client.post(link, NEW).status_code == 410
    assert not User.objects.filter(email="new@tests.example").exists()


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_name_that_is_not_told_is_in_no_mail_and_on_no_page(representative, client, listing):
    organisation = representative.organisation
    organisation.name_en = organisation.name_kk = organisation.name_ru = "Canary Shelter"
    organisation.listing = listing
    organisation.save()
    _invitation, link = send(representative)
    message = mail.outbox[-1]
    html = message.alternatives[0].content
    assert "Canary" not in message.subject + message.body + html + client.get(link).content.decode()


def test_a_public_name_is_in_the_mail_but_not_in_its_subject(representative):
    send(representative)
    name = representative.organisation.name_en
    assert name in mail.outbox[-1].body
    assert name not in mail.outbox[-1].subject


def test_only_representatives_invite_and_the_secretariat_only_representatives(representative):
    secretariat = OfficeFactory(kind=OfficeKind.SECRETARIAT).person
    words = {"organisation": representative.organisation, "name": "N", "language": "en"}
    invite_person(by=secretariat, email="rep@tests.example", role=MembershipRole.REPRESENTATIVE, **words)
    for by in (
        secretariat,
        MembershipFactory(organisation=representative.organisation).person,
        MembershipFactory(role=MembershipRole.REPRESENTATIVE).person,
        UserFactory(is_superuser=True),
    ):
        with pytest.raises(NotAllowed):
            invite_person(by=by, email="member@tests.example", role=MembershipRole.MEMBER, **words)


def test_nobody_is_invited_twice(representative):
    send(representative)
    with pytest.raises(Refused, match="open invitation"):
        send(representative, email="NEW@tests.example")
    with pytest.raises(Refused, match="already belongs"):
        send(representative, email=representative.person.email)


def test_who_invited_may_have_left_since(representative, client):
    other = MembershipFactory(organisation=representative.organisation, role=MembershipRole.REPRESENTATIVE)
    _invitation, link = send(representative)
    end_membership(by=other.person, membership=representative)
    assert client.post(link, NEW).status_code == 302


def test_the_page_of_the_link_sends_no_referrer_and_is_kept_nowhere(representative, client):
    _invitation, link = send(representative)
    answer = client.get(link)
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


def test_sending_from_the_page_keeps_what_was_typed(representative, client_of):
    browser = client_of(representative.person)
    page = reverse("partners:invite", args=[representative.organisation.uuid])
    typed = {"email": "not an address", "name": "Zhanar", "role": "member", "language": "kk"}
    answer = browser.post(page, typed)
    assert "Zhanar" in answer.content.decode()
    assert not Invitation.objects.exists()
    assert browser.post(page, {**typed, "email": "z@tests.example"}).status_code == 302
    assert Invitation.objects.get().email == "z@tests.example"


def test_strangers_cannot_send_again_or_take_back(representative, client_of):
    invitation, _link = send(representative)
    for person in (MembershipFactory().person, UserFactory(is_superuser=True)):
        for name in ("invitation_resend", "invitation_revoke"):
            address = reverse(f"partners:{name}", args=[invitation.uuid])
            assert client_of(person).post(address).status_code == 404
    organisation = OrganisationFactory()
    stranger = MembershipFactory(organisation=organisation, role=MembershipRole.REPRESENTATIVE).person
    address = reverse("partners:invite", args=[representative.organisation.uuid])
    assert client_of(stranger).get(address).status_code == 404
