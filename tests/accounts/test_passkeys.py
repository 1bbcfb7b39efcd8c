"""Passkeys: both factors at once, the person's own, and nothing to whoever has another one or none."""

import json
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from coalition.accounts.models import User
from coalition.accounts.sign_in import has_second_factor, read_session_state
from coalition.mail.outbox import deliver_due
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_second_factor import NEEDS
from tests.factories import PASSWORD, FreezeFactory, MembershipFactory

pytestmark = pytest.mark.django_db

ADD = "/accounts/2fa/webauthn/add/"
SIGN_IN = "/accounts/2fa/webauthn/login/"
AGAIN = "/accounts/2fa/webauthn/reauthenticate/"
PROFILE = "/accounts/profile/"


@pytest.fixture(autouse=True)
def committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factor is noted after the commit, within the request: here there is none, so at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda then, **_how: then())


@pytest.fixture
def person() -> User:
    someone = NEEDS["representative"]()
    someone.emailaddress_set.create(email=someone.email, verified=True, primary=True)
    User.objects.filter(pk=someone.pk).update(language="en")
    someone.refresh_from_db()
    return someone


def added(browser: Client, key: SoftKey, **more: str):
    page = browser.get(ADD)
    typed = {"credential": key.made(page.context["js_data"]["creation_options"]), "name": "My phone", **more}
    return browser.post(ADD, typed)


def asked(browser: Client) -> dict:
    answer = browser.get(SIGN_IN, headers={"accept": "application/json"})
    return answer.json()["request_options"]


def signs_in(key: SoftKey, browser: Client | None = None) -> bool:
    browser = browser or Client()
    browser.post(SIGN_IN, {"credential": key.given(asked(browser))})
    return "_auth_user_id" in browser.session


def test_adding_one_opens_the_door_and_shows_recovery_codes(person, client_of) -> None:
    browser = client_of(person, second_factor=False)
    assert browser.get(PROFILE).url == reverse("mfa_activate_totp")
    answer = added(browser, SoftKey())
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert len(browser.get(answer.url).context["unused_codes"]) == 10
    assert browser.get(PROFILE).status_code == 200
    deliver_due()
    assert [message.subject for message in mail.outbox][:1] == ["A passkey was added"]


def test_it_signs_in_without_a_password_and_is_the_second_factor(person, client_of) -> None:
    key, browser = SoftKey(), Client()
    added(client_of(person), key)
    assert signs_in(key, browser)
    assert has_second_factor(browser.session)
    assert browser.get(PROFILE).status_code == 200
    assert read_session_state(browser.session.session_key).user_id == person.pk


def test_after_the_password_it_stands_in_for_the_code(person, client_of) -> None:
    key, browser = SoftKey(), Client()
    added(client_of(person), key)
    answer = browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    page = browser.get(answer.url)
    assert "data-passkey=" in page.content.decode()
    browser.post(answer.url, {"credential": key.given(page.context["js_data"]["request_options"])})
    assert browser.get(PROFILE).status_code == 200


def test_a_session_without_it_is_asked_for_it(person, client_of) -> None:
    key, browser = SoftKey(), client_of(person, second_factor=False)
    added(client_of(person), key)
    answer = browser.get(PROFILE)
    assert answer.url.startswith(AGAIN)
    options = browser.get(answer.url).context["js_data"]["request_options"]
    assert browser.post(answer.url, {"credential": key.given(options), "next": PROFILE}).url == PROFILE
    assert browser.get(PROFILE).status_code == 200


WRONG = {
    "another device": lambda key: SoftKey(owner=key.owner, name=key.name),
    "another key of nobody": lambda key: SoftKey(owner=key.owner),
    "no finger and no PIN": lambda key: replace(key, looks=False),
    "a forged page": lambda key: replace(key, origin="https://testserver.example"),
    "a key of another site": lambda key: replace(key, site="elsewhere"),
    "without encryption": lambda key: replace(key, origin="http://testserver"),
    "of nobody": lambda key: replace(key, owner="OTk5OTk5"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_the_passkey_signs_nobody_in(person, client_of, wrong: str) -> None:
    key = SoftKey()
    added(client_of(person), key)
    assert signs_in(key), "the right one does"
    assert not signs_in(WRONG[wrong](key))


def test_a_passkey_that_was_taken_away_is_told_in_words(person, client_of) -> None:
    key, browser = SoftKey(), Client(HTTP_ACCEPT_LANGUAGE="en")
    added(client_of(person), key)
    Authenticator.objects.all().delete()
    answer = browser.post(SIGN_IN, {"credential": key.given(asked(browser))}, follow=True)
    assert "This passkey opens nothing here" in answer.content.decode()


def test_who_must_prove_again_is_offered_the_passkey_by_its_name(person, client_of) -> None:
    added(client_of(person), SoftKey())
    late = client_of(person, ago=9_999)
    page = late.get(late.get(ADD).url).content.decode()
    assert "Use a passkey" in page
    assert "security key" not in page


def test_an_answer_is_good_once_and_for_its_own_question(person, client_of) -> None:
    key, thief = SoftKey(), Client()
    added(client_of(person), key)
    browser = Client()
    overheard = key.given(asked(browser))
    browser.post(SIGN_IN, {"credential": overheard})
    assert "_auth_user_id" in browser.session
    asked(thief)
    thief.post(SIGN_IN, {"credential": overheard})
    assert "_auth_user_id" not in thief.session


@pytest.mark.parametrize("posted", ["", "{", "[]", "1", '"x"', "{}", '{"response": []}', '{"response": {}}'])
def test_nonsense_is_refused_in_words_and_breaks_nothing(person, client_of, posted: str) -> None:
    browser = Client()
    asked(browser)
    assert browser.post(SIGN_IN, {"credential": posted}).status_code in {302, 400, 422}
    assert "_auth_user_id" not in browser.session
    own = client_of(person)
    own.get(ADD)
    assert own.post(ADD, {"credential": posted, "name": ""}).status_code in {200, 422}
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_key_that_does_not_look_who_it_is_is_not_taken(person, client_of) -> None:
    added(client_of(person), SoftKey(looks=False), passwordless="")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("gone", ["left", "frozen", "inactive"])
def test_who_has_no_business_here_does_not_get_in_with_it(client_of, gone: str) -> None:
    membership, key = MembershipFactory(), SoftKey()
    someone = membership.person
    someone.emailaddress_set.create(email=someone.email, verified=True, primary=True)
    added(client_of(someone), key)
    if gone == "left":
        someone.memberships.all().delete()
    elif gone == "frozen":
        FreezeFactory(organisation=membership.organisation, frozen_at=membership.started_at)
    else:
        User.objects.filter(pk=someone.pk).update(is_active=False)
    assert not signs_in(key)


def test_nobody_sees_renames_or_takes_away_anothers(person, client_of) -> None:
    added(client_of(person), SoftKey())
    pk = Authenticator.objects.get(type="webauthn").pk
    browser = client_of(NEEDS["secretariat"]())
    assert "My phone" not in browser.get("/accounts/2fa/webauthn/").content.decode()
    for door in ("edit", "remove"):
        address = f"/accounts/2fa/webauthn/keys/{pk}/{door}/"
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=pk).exists()


def test_adding_and_taking_away_ask_again_who_one_is(person, client_of) -> None:
    added(client_of(person), SoftKey())
    pk = Authenticator.objects.get(type="webauthn").pk
    late = client_of(person, ago=9_999)
    for path in (ADD, f"/accounts/2fa/webauthn/keys/{pk}/remove/"):
        assert "/reauthenticate/" in late.get(path).url
        assert "/reauthenticate/" in late.post(path).url
    assert Authenticator.objects.filter(pk=pk).exists()


def test_without_the_second_factor_nobody_adds_to_an_account_that_has_one(person, client_of) -> None:
    """Who learned the password alone must not bring a key of their own."""
    added(client_of(person), SoftKey())
    thief, key = client_of(person, second_factor=False), SoftKey()
    for door in (ADD, reverse("mfa_activate_totp"), "/accounts/2fa/recovery-codes/generate/"):
        for method in (thief.get, thief.post):
            assert method(door).url.startswith(AGAIN), door
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert not signs_in(key)


def test_taken_away_it_opens_nothing_and_the_role_needs_another(person, client_of) -> None:
    key, browser = SoftKey(), client_of(person)
    added(browser, key)
    pk = Authenticator.objects.get(type="webauthn").pk
    shown = browser.get("/accounts/2fa/webauthn/").content.decode()
    assert "My phone" in shown
    browser.post(f"/accounts/2fa/webauthn/keys/{pk}/edit/", {"name": "Old phone"})
    assert "Old phone" in browser.get(f"/accounts/2fa/webauthn/keys/{pk}/remove/").content.decode()
    assert browser.post(f"/accounts/2fa/webauthn/keys/{pk}/remove/").status_code == 302
    assert not signs_in(key)
    assert client_of(person, second_factor=False).get(PROFILE).url == reverse("mfa_activate_totp")
    deliver_due()
    assert "A passkey was taken away" in [message.subject for message in mail.outbox]


def test_the_question_names_no_account_and_the_page_shows_what_needs_no_script() -> None:
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert not asked(browser)["publicKey"].get("allowCredentials")
    page = browser.get("/accounts/login/").content.decode()
    assert "data-passkeys-known hidden" in page, "without script there is no button that does nothing"
    assert "<script>" not in page


def test_a_passkey_of_the_site_carries_its_name(person, client_of, settings) -> None:
    options = client_of(person).get(ADD).context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"] == {"name": settings.SITE_NAME, "id": "testserver"}
    assert options["user"]["name"] == person.email
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert str(person.uuid) not in json.dumps(options)
