"""A stranger's guesses keep nobody out of a network or a browser in which they signed in before."""

import datetime
from collections.abc import Iterator
from contextlib import suppress

import pytest
import time_machine
from django.conf import settings as now_set
from django.contrib.auth.hashers import get_hasher
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone

from coalition.accounts.actions.memberships import sign_out_everywhere
from coalition.accounts.adapter import AccountAdapter
from coalition.accounts.models import User
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
HOME, HOME_IPV6, CAFE = "198.51.100.7", "2001:db8:aaaa:1::5", "192.0.2.50"
MOST = 5  # guesses in five minutes from one network, or in one browser
NETWORKS = [f"203.0.113.{number}" for number in range(4)]  # of a stranger: 20 guesses
TOO_MANY, WRONG = "Too many", "not correct"


@pytest.fixture
def person() -> User:
    return account()


def account() -> User:
    person = MembershipFactory().person
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def browser_at(network: str, *, cookie: str = "") -> Client:
    browser = Client(REMOTE_ADDR=network, HTTP_ACCEPT_LANGUAGE="en")
    if cookie:
        browser.cookies[now_set.KNOWN_DEVICE_COOKIE_NAME] = cookie
    return browser


def sign_in(browser: Client, person: User, password: str = PASSWORD) -> str:
    """The words of the answer; empty if the person is signed in now."""
    answer = browser.post(SIGN_IN, {"login": person.email, "password": password})
    return "" if "_auth_user_id" in browser.session else answer.content.decode()


def device_of(person: User, network: str = HOME) -> str:
    """The cookie of a browser in which the person signed in, and out again: no session is left there."""
    browser = browser_at(network)
    assert sign_in(browser, person) == ""
    browser.post("/accounts/logout/")
    cookie = browser.cookies.get(now_set.KNOWN_DEVICE_COOKIE_NAME)
    assert cookie is not None, "signing in sets no cookie"
    return str(cookie.value)


def a_stranger_guesses(person: User, networks: list[str] = NETWORKS) -> None:
    """Five wrong passwords from each network, as the page gives them to the adapter."""
    for network in networks:
        request = RequestFactory(REMOTE_ADDR=network).post(SIGN_IN)
        for _attempt in range(MOST):
            with suppress(ValidationError):
                assert AccountAdapter(request).authenticate(request, email=person.email, password="x") is None


def test_a_known_device_gets_in_from_anywhere_and_an_unknown_one_does_not(person) -> None:
    cookie = device_of(person)
    a_stranger_guesses(person)
    assert TOO_MANY in sign_in(browser_at(CAFE), person)
    assert sign_in(browser_at(CAFE, cookie=cookie), person) == ""


def test_a_known_device_gets_in_beside_a_stranger_in_its_own_network(person) -> None:
    """A network of many people, as a provider's or a café's."""
    cookie = device_of(person)
    a_stranger_guesses(person, [HOME, HOME, HOME])
    assert TOO_MANY in sign_in(browser_at(HOME), person)
    assert sign_in(browser_at(HOME, cookie=cookie), person) == ""


@pytest.mark.parametrize(
    ("before", "now"), [(HOME, HOME), (HOME_IPV6, "2001:db8:aaaa:ffff::9"), (HOME, f"::ffff:{HOME}")]
)
def test_a_network_with_a_session_of_the_person_lets_them_in(person, before, now) -> None:
    assert sign_in(browser_at(before), person) == ""
    a_stranger_guesses(person)
    assert TOO_MANY in sign_in(browser_at(CAFE), person)
    assert sign_in(browser_at(now), person) == ""


def test_guesses_in_the_known_network_count(person) -> None:
    assert sign_in(browser_at(HOME), person) == ""
    for _attempt in range(MOST):
        assert WRONG in sign_in(browser_at(HOME), person, "wrong")
    assert TOO_MANY in sign_in(browser_at(HOME), person)
    assert sign_in(browser_at(CAFE), person) == ""


def test_guesses_in_a_known_browser_count(person) -> None:
    cookie = device_of(person)
    for number in range(MOST):
        assert WRONG in sign_in(browser_at(f"192.0.2.{number}", cookie=cookie), person, "wrong")
    assert TOO_MANY in sign_in(browser_at(CAFE, cookie=cookie), person)
    assert sign_in(browser_at(CAFE), person) == ""


def test_networks_of_one_ipv6_site_are_one(person) -> None:
    """A site gets a /48 or less (RFC 6177): its 65,536 networks make no further guesses."""
    a_stranger_guesses(person, [f"2001:db8:bbbb:{number}::1" for number in range(1, 6)])
    assert TOO_MANY in sign_in(browser_at("2001:db8:bbbb:ffff::1"), person)
    assert sign_in(browser_at(CAFE), person) == ""


def test_the_cookie_of_somebody_else_is_no_help(person) -> None:
    other = account()
    theirs, own = device_of(other), device_of(person)
    a_stranger_guesses(person)
    for cookie in (theirs, own[:-1], own.replace(":", ".", 1), ":", "x"):
        assert TOO_MANY in sign_in(browser_at(CAFE, cookie=cookie), person)


def test_a_device_is_unknown_after_a_year(person) -> None:
    cookie = device_of(person)
    later = timezone.now() + datetime.timedelta(seconds=now_set.KNOWN_DEVICE_COOKIE_AGE + 60)
    with time_machine.travel(later, tick=False):
        a_stranger_guesses(person)
        assert TOO_MANY in sign_in(browser_at(CAFE, cookie=cookie), person)


def new_password(person: User) -> None:
    person.set_password(PASSWORD)  # the same words under another salt
    person.save()


def everywhere(person: User) -> None:
    sign_out_everywhere(person=person)


@pytest.mark.parametrize("revoke", [everywhere, new_password])
def test_devices_are_forgotten_with_all_sessions(person, revoke) -> None:
    cookie = device_of(person)
    revoke(person)
    a_stranger_guesses(person)
    assert TOO_MANY in sign_in(browser_at(CAFE, cookie=cookie), person)


def test_signing_out_everywhere_takes_the_cookie_away(person) -> None:
    browser = browser_at(HOME)
    sign_in(browser, person)
    browser.post("/accounts/leave-everywhere/")
    assert browser.cookies[now_set.KNOWN_DEVICE_COOKIE_NAME].value == ""


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every password that was hashed: what takes its time when signing in."""
    found: list[str] = []
    kind = type(get_hasher())
    encode = kind.encode

    def noted(hasher, password, salt, **more):
        found.append(password)
        return encode(hasher, password, salt, **more)

    monkeypatch.setattr(kind, "encode", noted)
    return found


def test_a_limit_does_not_tell_from_which_network_somebody_signs_in(person, hashed) -> None:
    """A neighbour in that network hears the same, in the same time, as anywhere, and as of no account."""
    assert sign_in(browser_at(HOME), person) == ""
    nobody = User(email="nobody@tests.example")
    a_stranger_guesses(person)
    a_stranger_guesses(nobody, [f"203.0.113.{number}" for number in range(10, 14)])
    answers = []
    for who, network in ((person, HOME), (person, CAFE), (nobody, "192.0.2.51"), (nobody, "192.0.2.52")):
        hashed.clear()
        answers.append((TOO_MANY in sign_in(browser_at(network), who, "wrong"), list(hashed)))
    assert answers == [(True, ["wrong"])] * 4


def test_guesses_in_the_known_network_count_for_all_networks_too(person) -> None:
    """Else a neighbour would learn by counting that somebody signs in there."""
    assert sign_in(browser_at(HOME), person) == ""
    a_stranger_guesses(person, [*NETWORKS[:3], HOME])
    assert TOO_MANY in sign_in(browser_at(CAFE), person)
