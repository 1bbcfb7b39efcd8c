"""Who must have a second factor gets nowhere without one; sessions of people who have left end."""

import datetime
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.actions.memberships import end_membership, end_sessions
from coalition.accounts.middleware import AccessMiddleware
from coalition.accounts.models import Mandate, MembershipRole, OfficeKind, User
from coalition.accounts.sign_in import has_second_factor, needs_second_factor
from coalition.mail.outbox import deliver_due
from coalition.roles import SeatRole
from tests.factories import PASSWORD, FreezeFactory, MembershipFactory, OfficeFactory, UserFactory, seat

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/2fa/totp/activate/"
PROFILE = "/accounts/profile/"


def mandated(**changes):
    membership = MembershipFactory()
    period = {
        "valid_from": timezone.now() - datetime.timedelta(days=1),
        "valid_until": timezone.now() + datetime.timedelta(days=1),
    }
    Mandate.objects.create(membership=membership, **{**period, **changes})
    return membership.person


NEEDS = {
    "representative": lambda: MembershipFactory(role=MembershipRole.REPRESENTATIVE).person,
    "alternate": lambda: MembershipFactory(role=MembershipRole.ALTERNATE).person,
    "mandate holder": mandated,
    "coordinator": lambda: seat(role=SeatRole.COORDINATOR).person,
    "secretariat": lambda: OfficeFactory(kind=OfficeKind.SECRETARIAT).person,
    "newsroom": lambda: OfficeFactory(kind=OfficeKind.NEWSROOM).person,
    "press officer": lambda: OfficeFactory(kind=OfficeKind.PRESS_OFFICER).person,
    "superuser": lambda: UserFactory(is_superuser=True),
}
NEEDS_NOT = {
    "member": lambda: MembershipFactory().person,
    "editor": lambda: seat(role=SeatRole.EDITOR).person,
    "past mandate": lambda: mandated(valid_until=timezone.now() - datetime.timedelta(hours=1)),
    "revoked mandate": lambda: mandated(revoked_at=timezone.now()),
}


@pytest.mark.parametrize("person", NEEDS.values(), ids=NEEDS)
def test_roles_that_need_it_are_sent_to_set_it_up(person, client_of):
    browser = client_of(person(), second_factor=False)
    for path in (PROFILE, "/accounts/password/change/", "/workspaces/", "/accounts/sessions/"):
        for method in (browser.get, browser.post):
            answer = method(path)
            assert (answer.status_code, answer.url) == (302, SET_UP), path


@pytest.mark.parametrize("person", NEEDS.values(), ids=NEEDS)
def test_with_it_they_get_in(person, client_of):
    assert client_of(person()).get(PROFILE).status_code == 200


@pytest.mark.parametrize("person", NEEDS_NOT.values(), ids=NEEDS_NOT)
def test_others_get_in_without(person, client_of):
    assert client_of(person(), second_factor=False).get(PROFILE).status_code == 200


def test_the_way_out_and_the_language_stay_open(client_of):
    browser = client_of(NEEDS["representative"](), second_factor=False)
    assert browser.get(SET_UP).status_code in {200, 302}
    assert browser.get("/accounts/reauthenticate/").status_code == 200
    assert browser.get("/accounts/logout/").status_code == 200
    assert browser.get("/accounts/leave-everywhere/").status_code == 200
    assert browser.post("/accounts/language/", {"language": "ru", "next": PROFILE}).url == PROFILE


@pytest.mark.parametrize(
    ("demo", "is_demo", "needs"), [(True, True, False), (True, False, True), (False, True, True)]
)
def test_demo_accounts_are_excepted_in_the_demo_alone(settings, demo, is_demo, needs):
    settings.DEMO = demo
    person = MembershipFactory(person__is_demo=is_demo, role=MembershipRole.REPRESENTATIVE).person
    assert needs_second_factor(person) is needs


def test_a_recorded_factor_of_another_person_does_not_count(client_of):
    browser = client_of(NEEDS["representative"]())
    session = browser.session
    session["account_authentication_methods_user"] = "999999"
    session.save()
    assert not has_second_factor(browser.session)
    assert browser.get(PROFILE).status_code == 302


def test_the_question_costs_at_most_three_queries(django_assert_max_num_queries):
    for person in (*NEEDS.values(), *NEEDS_NOT.values()):
        someone = person()
        with django_assert_max_num_queries(3):
            needs_second_factor(someone)


def test_a_session_with_the_factor_asks_nothing(django_assert_num_queries):
    request = RequestFactory().get(PROFILE)
    request.user = NEEDS["representative"]()
    request.session = {
        "account_authentication_methods": [{"method": "mfa"}],
        "account_authentication_methods_user": str(request.user.pk),
        "_auth_user_id": str(request.user.pk),
    }
    with django_assert_num_queries(0):
        assert AccessMiddleware(lambda _request: None).process_view(request, None, (), {}) is None


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in_with_password(person, browser=None):
    browser = browser or Client()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    answer = browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return browser, answer


@pytest.mark.django_db(transaction=True)  # the factor is noted after the commit, within the request
def test_setting_it_up_opens_the_door_and_shows_recovery_codes_once():
    person = NEEDS["representative"]()
    browser, answer = sign_in_with_password(person)
    assert browser.get(answer.url).url == SET_UP
    reauthenticate = browser.get(SET_UP).url
    assert browser.post(reauthenticate, {"password": PASSWORD}).url == SET_UP
    page = browser.get(SET_UP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    done = browser.post(SET_UP, {"code": code_now(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    codes = browser.get(done.url)
    assert len(codes.context["unused_codes"]) == 10
    assert codes.context["unused_codes"][0] in codes.content.decode()
    again = browser.get(done.url).content.decode()
    assert codes.context["unused_codes"][0] not in again
    assert browser.get(PROFILE).status_code == 200


def test_signing_in_asks_for_the_code_and_takes_a_recovery_code_once():
    person = NEEDS["representative"]()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    browser, answer = sign_in_with_password(person)
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session
    assert browser.get(PROFILE).status_code == 302
    assert "_auth_user_id" not in browser.session
    wrong = browser.post(answer.url, {"code": "000000"})
    assert wrong.status_code == 200
    assert browser.post(answer.url, {"code": code_now(secret)}).status_code == 302
    assert browser.get(PROFILE).status_code == 200


def test_a_code_counts_in_its_half_minute_and_once():
    person = NEEDS["representative"]()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    old = format_hotp_value(hotp_value(secret, int(time.time()) // 30 - 1))
    browser, answer = sign_in_with_password(person)
    browser.post(answer.url, {"code": old})
    assert "_auth_user_id" not in browser.session
    code = code_now(secret)
    browser.post(answer.url, {"code": code})
    assert "_auth_user_id" in browser.session
    other = Client()
    answer = other.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    other.post(answer.url, {"code": code})
    assert "_auth_user_id" not in other.session


def test_who_has_an_app_but_a_session_without_it_is_asked_for_the_code(client_of):
    person = NEEDS["representative"]()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    browser = client_of(person, second_factor=False)
    answer = browser.get(PROFILE)
    assert answer.url == f"/accounts/2fa/reauthenticate/?next={PROFILE.replace('/', '%2F')}"
    assert browser.get(answer.url).status_code == 200
    done = browser.post(answer.url, {"code": code_now("JBSWY3DPEHPK3PXP"), "next": PROFILE})
    assert done.url == PROFILE
    assert browser.get(PROFILE).status_code == 200


def test_the_secret_is_sealed_in_the_database_and_old_keys_still_open_it(settings):
    person = NEEDS["representative"]()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=person).data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    settings.TOTP_KEYS = ["R0V-new1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", *settings.TOTP_KEYS]
    assert get_adapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_the_change_is_told_by_mail_in_the_persons_language(django_capture_on_commit_callbacks):
    person = NEEDS["representative"]()
    User.objects.filter(pk=person.pk).update(language="en")
    browser, _answer = sign_in_with_password(person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = browser.get(SET_UP).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(SET_UP, {"code": code_now(secret)})
    deliver_due()
    assert [message.subject for message in mail.outbox] == ["A second factor was set up"]


@pytest.mark.parametrize("end", ["membership", "freeze", "inactive"])
def test_the_session_of_who_has_no_business_here_ends_at_the_next_request(client_of, end):
    membership = MembershipFactory()
    MembershipFactory(organisation=membership.organisation, role=MembershipRole.REPRESENTATIVE)
    browser = client_of(membership.person)
    assert browser.get(PROFILE).status_code == 200
    if end == "membership":
        end_membership(by=membership.person, membership=membership)
    elif end == "freeze":
        FreezeFactory(organisation=membership.organisation, frozen_at=timezone.now())
    else:
        User.objects.filter(pk=membership.person_id).update(is_active=False)
    assert "/accounts/login/" in browser.get(PROFILE).url
    assert "_auth_user_id" not in browser.session


def test_ended_sessions_are_ended_wherever_they_are(client_of):
    person = MembershipFactory().person
    used, fresh = client_of(person), client_of(person)
    used.get(PROFILE)
    other = client_of(MembershipFactory().person)
    end_sessions([person])
    for browser in (used, fresh):
        assert "/accounts/login/" in browser.get(PROFILE).url
    assert other.get(PROFILE).status_code == 200
