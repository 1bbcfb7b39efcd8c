"""No session lasts for ever, no link to a new password for days, and signing out leaves nothing behind."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from coalition.accounts.sign_in import read_session_state
from coalition.mail.outbox import deliver_due
from coalition.realtime.backend import SIGNED_OUT
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"


@pytest.fixture
def person():
    return MembershipFactory().person


def test_every_session_ends_some_day(person, client_of) -> None:
    """However busily it is used."""
    browser = client_of(person)
    key = browser.session.session_key or ""
    begun = timezone.now()
    for day in (10, 20, 29):
        with time_machine.travel(begun + datetime.timedelta(days=day), tick=False):
            assert browser.get(PROFILE).status_code == 200
            assert read_session_state(key).user_id == person.pk
    with time_machine.travel(begun + datetime.timedelta(days=31), tick=False):
        assert read_session_state(key).close_code == SIGNED_OUT
        assert "/accounts/login/" in browser.get(PROFILE).url


def test_proving_again_who_one_is_makes_no_session_younger(person, client_of) -> None:
    browser = client_of(person)
    begun = timezone.now()
    with time_machine.travel(begun + datetime.timedelta(days=13), tick=False):
        browser.get(PROFILE)
        session = browser.session
        session["account_authentication_methods"] += [
            {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
        ]
        session.save()
    with time_machine.travel(begun + datetime.timedelta(days=26), tick=False):
        assert browser.get(PROFILE).status_code == 200
    with time_machine.travel(begun + datetime.timedelta(days=31), tick=False):
        assert browser.get(PROFILE).status_code == 302


def test_who_is_idle_signs_in_again(person, client_of) -> None:
    browser = client_of(person)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        assert "/accounts/login/" in browser.get(PROFILE).url


def test_a_link_for_a_new_password_ends_after_two_hours() -> None:
    someone = MembershipFactory(person__email="owner@tests.example").person
    someone.emailaddress_set.create(email=someone.email, verified=True, primary=True)
    asked = timezone.now()
    with time_machine.travel(asked, tick=False):
        Client().post("/accounts/password/reset/", {"email": someone.email})
        deliver_due()
    found = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    assert found is not None
    with time_machine.travel(asked + datetime.timedelta(hours=1, minutes=55), tick=False):
        assert 'name="password1"' in Client().get(found[1], follow=True).content.decode()
    with time_machine.travel(asked + datetime.timedelta(hours=2, minutes=5), tick=False):
        late = Client().get(found[1], follow=True)
        assert 'name="password1"' not in late.content.decode()


def test_signing_out_clears_the_browser(person, client_of) -> None:
    browser = client_of(person)
    assert "Clear-Site-Data" not in browser.get("/accounts/logout/")
    answer = browser.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
