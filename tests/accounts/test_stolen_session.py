"""After a new password nothing that the old one opened is worth anything, and secrets are kept sealed."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from coalition.accounts.sign_in import read_session_state
from coalition.mail.outbox import deliver_due
from coalition.realtime.backend import SIGNED_OUT
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"
NEW = "five-new-tulips-here"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def person():
    someone = MembershipFactory(person__email="owner@tests.example").person
    someone.emailaddress_set.create(email=someone.email, verified=True, primary=True)
    return someone


def changed(person, browser: Client) -> None:
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert browser.post("/accounts/password/change/", typed).status_code == 302


def set_anew(person, _browser: Client) -> None:
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": person.email})
    deliver_due()
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body).group(1)
    form = stranger.get(link).url
    assert stranger.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert "_auth_user_id" not in stranger.session, "a link in a mail is no way in"


WAYS = pytest.mark.parametrize("way", [changed, set_anew])


@WAYS
def test_every_other_session_and_its_socket_end(person, client_of, way) -> None:
    own, used, fresh = (client_of(person) for _number in range(3))
    used.get(PROFILE)
    keys = [browser.session.session_key for browser in (used, fresh)]
    way(person, own)
    for key, browser in zip(keys, (used, fresh), strict=True):
        assert read_session_state(key).close_code == SIGNED_OUT
        assert "/accounts/login/" in browser.get(PROFILE).url
    assert read_session_state(own.session.session_key or "").close_code == SIGNED_OUT


@WAYS
def test_open_sockets_are_told_at_once(person, client_of, way, monkeypatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(
        "coalition.live_push.recheck_sockets", lambda *, user_ids, **_reason: told.extend(user_ids)
    )
    way(person, client_of(person))
    assert person.pk in told


@WAYS
def test_a_stolen_cookie_is_dead_and_not_kept(person, client_of, way) -> None:
    victim, thief = client_of(person), Client()
    victim.get(PROFILE)
    stolen = victim.session.session_key
    thief.cookies["sessionid"] = stolen
    assert thief.get(PROFILE).status_code == 200
    way(person, client_of(person))
    thief.cookies["sessionid"] = stolen
    for path in (PROFILE, "/workspaces/", "/accounts/sessions/", "/cms/"):
        assert "/accounts/login/" in thief.get(path).url
    assert not Session.objects.filter(session_key=stolen).exists()


@WAYS
def test_other_people_stay(person, client_of, way) -> None:
    other = client_of(MembershipFactory().person)
    way(person, client_of(person))
    assert other.get(PROFILE).status_code == 200


@WAYS
def test_browsers_that_are_woken_count_no_more(person, client_of, way) -> None:
    before = person.session_round
    way(person, client_of(person))
    person.refresh_from_db()
    assert person.session_round == before + 1


def test_a_session_is_never_remembered_beyond_its_days(person) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "remember": "on"})
    assert browser.session.get_expire_at_browser_close()


def test_signing_in_changes_the_key_of_the_session(person) -> None:
    """A cookie that was set in somebody's browser beforehand is not theirs afterwards."""
    browser = Client()
    browser.get("/accounts/login/")
    browser.post("/accounts/password/reset/", {"email": person.email})
    before = browser.session.session_key
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert browser.session.session_key != before


def test_secrets_of_factors_are_sealed(person) -> None:
    TOTP.activate(person, SECRET)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    kept = str(list(Authenticator.objects.filter(user=person).values_list("data", flat=True)))
    assert SECRET not in kept
    assert not [code for code in codes if code in kept]


def test_recovery_codes_are_shown_once_and_cannot_be_fetched_again(person, client_of) -> None:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    browser = client_of(person)
    made = browser.post("/accounts/2fa/recovery-codes/generate/", follow=True)
    codes = made.context["unused_codes"]
    assert codes[0] in made.content.decode()
    for path in ("/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"):
        answer = browser.get(path)
        assert codes[0] not in answer.content.decode()
