"""Guessing: how often, however the address is written, and that a stranger keeps nobody out."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from coalition.accounts.sign_in import normalize_login_address
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
RESET = "/accounts/password/reset/"
MOST = 5  # guesses in five minutes from one network
MOST_ANYWHERE = 20


@pytest.fixture
def person():
    someone = MembershipFactory(person__email="sana.kim@tests.example").person
    someone.emailaddress_set.create(email=someone.email, verified=True, primary=True)
    return someone


def guess(address: str, *, password="wrong", network="203.0.113.1", **headers: str) -> bool:
    """Whether the attempt was looked at: False if it was one too many."""
    answer = Client(REMOTE_ADDR=network, HTTP_ACCEPT_LANGUAGE="en", **headers).post(
        SIGN_IN, {"login": address, "password": password}
    )
    return "Too many" not in answer.content.decode()


def gets_in(address: str, network: str) -> bool:
    browser = Client(REMOTE_ADDR=network)
    browser.post(SIGN_IN, {"login": address, "password": PASSWORD})
    return "_auth_user_id" in browser.session


SPELLINGS = {
    "case": "Sana.Kim@TESTS.example",
    "spaces": " sana.kim@tests.example ",
    "long s": "\u017fana.kim@tests.example",
    "kelvin sign": "sana.\u212aim@tests.example",
    "accent": "s\u00e1na.kim@tests.example",
    "combining accent": "sa\u0301na.kim@tests.example",
    "full width": "\uff53ana.kim@tests.example",
    "full-width domain": "sana.kim@\uff54ests.example",
    "soft hyphen": "sana.kim@te\u00adsts.example",
    "no width": "sana.kim@tests\u200b.example",
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_another_spelling_gives_no_further_guess(person, name: str) -> None:
    assert normalize_login_address(SPELLINGS[name]) == normalize_login_address(person.email)
    for _attempt in range(MOST):
        assert guess(person.email)
    assert not gets_in(SPELLINGS[name], "203.0.113.1")
    assert not gets_in(person.email, "203.0.113.1")


@pytest.mark.parametrize("name", SPELLINGS)
def test_guesses_in_another_spelling_count_or_reach_nobody(person, name: str) -> None:
    """What the form refuses is no guess; what it takes counts against the account."""
    for _attempt in range(MOST):
        guess(SPELLINGS[name])
    browser = Client(REMOTE_ADDR="203.0.113.1")
    browser.post(SIGN_IN, {"login": SPELLINGS[name], "password": PASSWORD})
    assert "_auth_user_id" not in browser.session


def test_every_way_to_write_letters_large_is_one_account(person) -> None:
    for number in range(MOST * 2):
        spelled = "".join(sign.upper() if number >> at & 1 else sign for at, sign in enumerate(person.email))
        assert guess(spelled) is (number < MOST)


def test_other_addresses_are_other_accounts() -> None:
    for other in ("sanakim@tests.example", "sana.kim+x@tests.example", "sana.kin@tests.example"):
        assert normalize_login_address(other) != normalize_login_address("sana.kim@tests.example")
    assert normalize_login_address("\u0430nna@tests.example") != normalize_login_address(
        "anna@tests.example"
    ), "another alphabet"


@pytest.mark.parametrize("host", ["testserver:1", "testserver:8080", "TESTSERVER"])
def test_another_name_of_the_server_gives_no_further_guess(person, host: str) -> None:
    """A browser says whom it asks; the counter must not believe it."""
    for _attempt in range(MOST):
        assert guess(person.email)
    assert not guess(person.email, HTTP_HOST=host)


def test_forwarded_addresses_that_no_proxy_vouches_for_give_no_further_guess(person) -> None:
    for number in range(MOST):
        assert guess(person.email, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert not guess(person.email, HTTP_X_FORWARDED_FOR="198.51.100.99")


def test_who_guesses_from_one_place_keeps_the_person_out_of_no_other(person) -> None:
    for _attempt in range(MOST * 4):
        guess(person.email)
    assert not gets_in(person.email, "203.0.113.1")
    assert gets_in(person.email, "198.51.100.7")


def test_all_places_together_have_a_limit_too(person) -> None:
    looked_at = [guess(person.email, network=f"203.0.113.{number}") for number in range(MOST_ANYWHERE + 5)]
    assert looked_at == [True] * MOST_ANYWHERE + [False] * 5


def test_neighbours_in_one_large_network_count_as_one(person) -> None:
    """A site has 2^80 addresses of IPv6: a /48."""
    for number in range(MOST):
        assert guess(person.email, network=f"2001:db8:1:{number}::1")
    assert not guess(person.email, network="2001:db8:1:ffff:ffff::9")


def test_a_right_password_is_no_guess(person) -> None:
    for _attempt in range(MOST * 2):
        assert gets_in(person.email, "203.0.113.1")


def test_a_limit_tells_nobody_whether_there_is_an_account(person) -> None:
    tried = ((person.email, "203.0.113.1"), ("no@tests.example", "203.0.113.2"))
    answers = [[guess(who, network=network) for _attempt in range(MOST + 2)] for who, network in tried]
    assert answers[0] == answers[1] == [True] * MOST + [False] * 2


def test_a_new_password_lets_the_person_in_at_once(person) -> None:
    """Who guessed their own too often and asked for a new one does not wait."""
    for _attempt in range(MOST):
        guess(person.email)
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    browser = Client(REMOTE_ADDR="203.0.113.1")
    form = browser.get(f"/accounts/password/reset/key/{key}/").url
    assert browser.post(form, {"password1": PASSWORD + "9", "password2": PASSWORD + "9"}).status_code == 302
    browser.post(SIGN_IN, {"login": person.email, "password": PASSWORD + "9"})
    assert "_auth_user_id" in browser.session


def test_nobody_floods_a_persons_mail_by_asking_for_new_passwords(person) -> None:
    codes = [
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(RESET, {"email": person.email}).status_code
        for number in range(5)
    ]
    assert codes == [302, 302, 302, 429, 429]
