"""Who signed in, how, and that somebody failed: in the log by number, never by address."""

import logging

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from coalition.accounts.models import User
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture
def person() -> User:
    someone = MembershipFactory(person__email="owner@tests.example").person
    someone.emailaddress_set.create(email=someone.email, verified=True, primary=True)
    return someone


@pytest.fixture(autouse=True)
def told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="coalition.accounts")


def test_signing_in_is_logged_with_its_factors(person, caplog) -> None:
    browser = Client()
    browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert f"signed in: {person.uuid} by password" in caplog.text
    browser.post("/accounts/logout/")
    assert f"signed out: {person.uuid}" in caplog.text
    assert person.email not in caplog.text


def test_a_failed_attempt_is_logged_without_the_address(person, caplog) -> None:
    for address in (person.email, "nobody@tests.example"):
        caplog.clear()
        Client().post(LOGIN, {"login": address, "password": "not-the-password"})
        assert "a sign-in failed" in caplog.text
        assert "@tests.example" not in caplog.text
        assert "not-the-password" not in caplog.text
        assert str(person.uuid) not in caplog.text


def test_a_wrong_code_after_the_right_password_is_logged_without_the_code(person, caplog) -> None:
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    browser = Client()
    browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    browser.post(reverse("mfa_authenticate"), {"code": "wrong-7"})
    assert f"second factor refused: {person.uuid}" in caplog.text
    assert "signed in" not in caplog.text
    assert "wrong-7" not in caplog.text


def test_a_new_password_and_new_factors_are_logged(person, caplog, client_of) -> None:
    new = "five-new-tulips-here"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client_of(person).post("/accounts/password/change/", typed)
    assert f"new password: {person.uuid}" in caplog.text
