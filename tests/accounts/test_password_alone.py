"""A password alone opens nothing to a role that needs more, through whatever door."""

import re

import pytest
from allauth.account.models import EmailConfirmationHMAC
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from coalition.accounts.actions.admission import invite_person
from coalition.accounts.models import MembershipRole, User
from coalition.accounts.sign_in import read_session_state
from coalition.mail.outbox import deliver_due
from coalition.realtime.backend import FORBIDDEN, SIGNED_OUT
from tests.accounts.test_second_factor import NEEDS
from tests.factories import PASSWORD, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # every role, every way

NEW = "five-new-tulips-here"
CLOSED = ("/workspaces/", "/accounts/profile/", "/accounts/password/change/", "/accounts/email/", "/cms/")
every_role = pytest.mark.parametrize("role", NEEDS)
with_and_without = pytest.mark.parametrize("has_app", [True, False], ids=["app", "no app yet"])


def somebody(role: str, *, has_app: bool) -> User:
    person = NEEDS[role]()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    if has_app:
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return person


def gets_nowhere(browser: Client) -> None:
    for path in CLOSED:
        for method in (browser.get, browser.post):
            answer = method(path)
            assert answer.status_code == 302, path
            assert answer.url.startswith(("/accounts/2fa/", "/accounts/login/")), (path, answer.url)
    standing = read_session_state(browser.session.session_key or "")
    assert standing.close_code in {FORBIDDEN, SIGNED_OUT}


def link_in_mail(pattern: str) -> str:
    deliver_due()
    return re.search(rf"https?://[^/\s]+({pattern}\S+)", mail.outbox[-1].body).group(1)


@every_role
@with_and_without
def test_signing_in(role: str, has_app: bool) -> None:
    person, browser = somebody(role, has_app=has_app), Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    gets_nowhere(browser)


@every_role
@with_and_without
def test_wagtails_and_djangos_own_doors(role: str, has_app: bool) -> None:
    person, browser = somebody(role, has_app=has_app), Client()
    typed = {"username": person.email, "login": person.email, "password": PASSWORD}
    for path in ("/cms/login/", "/en/_util/login/", "/admin/login/", "/accounts/login/code/confirm/"):
        browser.post(path, typed)
        assert "_auth_user_id" not in browser.session, path
    gets_nowhere(browser)


@every_role
@with_and_without
def test_a_new_password_by_mail(role: str, has_app: bool) -> None:
    person, browser = somebody(role, has_app=has_app), Client()
    browser.post("/accounts/password/reset/", {"email": person.email})
    form = browser.get(link_in_mail("/accounts/password/reset/key/")).url
    browser.post(form, {"password1": NEW, "password2": NEW})
    gets_nowhere(browser)
    browser.post("/accounts/login/", {"login": person.email, "password": NEW})
    gets_nowhere(browser)


@every_role
def test_confirming_an_address(role: str) -> None:
    person, browser = somebody(role, has_app=True), Client()
    other = person.emailaddress_set.create(email="second@tests.example", verified=False)
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(other).key}/"
    browser.get(link)
    browser.post(link)
    gets_nowhere(browser)
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("role", [MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE])
def test_accepting_an_invitation(role: str) -> None:
    by = MembershipFactory(role=MembershipRole.REPRESENTATIVE)
    invite_person(
        by=by.person,
        organisation=by.organisation,
        email="new@tests.example",
        name="New Person",
        role=role,
        language="en",
    )
    browser, link = Client(), link_in_mail("/accounts/invitation/").rstrip(".")
    typed = {"name": "New Person", "language": "en", "password": NEW}
    assert browser.post(link, typed).status_code == 302
    assert User.objects.get(email="new@tests.example").check_password(NEW)
    gets_nowhere(browser)


@every_role
@pytest.mark.parametrize("forged", ["remember", "other person's", "without a time"])
def test_a_session_that_only_claims_the_factor(role: str, forged: str, client_of) -> None:
    person = somebody(role, has_app=True)
    browser = client_of(person, second_factor=False)
    session = browser.session
    if forged == "other person's":
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp"}]
        session["account_authentication_methods_user"] = str(person.pk + 1)
    elif forged == "remember":
        session["account_authentication_methods"] = [{"method": "password", "remember": True}]
    else:
        session["account_authentication_methods"] = ["mfa"]
    session.save()
    gets_nowhere(browser)


@every_role
def test_giving_the_password_once_more_is_no_second_factor(role: str, client_of) -> None:
    browser = client_of(somebody(role, has_app=True), second_factor=False, ago=9_999)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    gets_nowhere(browser)


@pytest.mark.parametrize("change", ["office", "representative"])
def test_a_session_from_before_the_role_is_held_back(change: str, client_of) -> None:
    membership = MembershipFactory()
    browser = client_of(membership.person, second_factor=False)
    assert browser.get("/accounts/profile/").status_code == 200
    if change == "representative":
        membership.role = MembershipRole.REPRESENTATIVE
        membership.save()
    else:
        User.objects.filter(pk=membership.person_id).update(is_superuser=True)
    gets_nowhere(browser)
