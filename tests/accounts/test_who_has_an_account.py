"""Nobody learns who has an account: not from words, and not from how much is computed or written."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.actions.admission import invite_person
from coalition.accounts.models import MembershipRole, User
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from tests.factories import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
RESET = "/accounts/password/reset/"
UNKNOWN = "nobody@tests.example"


def account(**given) -> str:
    person = MembershipFactory(**given).person
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person.email


def who_left() -> str:
    person = UserFactory()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person.email


def without_password() -> str:
    address = account()
    person = User.objects.get(email=address)
    person.set_unusable_password()
    person.save()
    return address


KINDS = {
    "member": account,
    "unverified": lambda: MembershipFactory().person.email,
    "who left": who_left,
    "inactive": lambda: account(person__is_active=False),
    "without a password": without_password,
}


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every password that was hashed: what takes its time when signing in."""
    found: list[str] = []
    kind = type(get_hasher())
    encode = kind.encode

    def counted(self, password, salt, **more):
        found.append(password)
        return encode(self, password, salt, **more)

    monkeypatch.setattr(kind, "encode", counted)
    return found


def words(answer, *typed: str) -> str:
    body = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", answer.content.decode())
    for text in typed:
        body = body.replace(text, "")
    return body


@pytest.mark.parametrize("kind", KINDS)
def test_signing_in_hashes_once_whoevers_address_it_is(kind: str, hashed: list[str]) -> None:
    address, counts, bodies = KINDS[kind](), [], []
    for tried in (address, UNKNOWN):
        hashed.clear()
        answer = Client().post(SIGN_IN, {"login": tried, "password": "a-wrong-password"})
        counts.append(len(hashed))
        bodies.append((answer.status_code, words(answer, tried)))
    assert counts == [1, 1]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("kind", KINDS)
def test_asking_for_a_new_password_does_and_says_the_same(kind: str, hashed: list[str]) -> None:
    address, did, said = KINDS[kind](), [], []
    for tried in (address, UNKNOWN):
        before = OutboxMail.objects.count()
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(RESET, {"email": tried})
        words_of_sql = [one["sql"].split()[0] for one in queries]
        writes = [word for word in words_of_sql if word not in {"SELECT", "DECLARE"}]
        did.append((OutboxMail.objects.count() - before, writes, len(hashed)))
        page = browser.get(answer.url)
        said.append((answer.status_code, answer.url, answer.headers.get("Set-Cookie"), words(page, tried)))
    if kind != "unverified":  # none of ours: an account begins with a proved address
        assert did[0] == did[1]
    assert said[0] == said[1]


def test_what_is_written_for_an_unknown_address_is_sent_to_nobody() -> None:
    Client().post(RESET, {"email": UNKNOWN})
    row = OutboxMail.objects.get()
    assert UNKNOWN not in str(vars(row))
    deliver_due()
    assert mail.outbox == []
    row.refresh_from_db()
    assert row.state == OutboxMail.State.DROPPED


@pytest.mark.parametrize("kind", ["member", "who left", "unknown"])
def test_who_invites_does_not_learn_who_has_an_account(kind: str, client_of) -> None:
    representative = MembershipFactory(role=MembershipRole.REPRESENTATIVE)
    address = UNKNOWN if kind == "unknown" else KINDS[kind]()
    page = f"/accounts/organisation/{representative.organisation.uuid}/invite/"
    typed = {"name": "Somebody", "email": address, "role": MembershipRole.MEMBER, "language": "en"}
    browser = client_of(representative.person)
    answer = browser.post(page, typed)
    shown = browser.get(answer.url)
    said = words(shown, address)
    other = browser.post(page, {**typed, "email": "other@tests.example"})
    assert (answer.status_code, answer.url) == (other.status_code, other.url) == (302, answer.url)
    assert "Somebody" in said
    assert "account" not in " ".join(re.findall(r'class="toast[^>]*>([^<]*)', said)).lower()


@pytest.mark.parametrize("kind", ["member", "who left", "unknown"])
def test_a_wrong_token_of_an_invitation_tells_nothing(kind: str) -> None:
    representative = MembershipFactory(role=MembershipRole.REPRESENTATIVE)
    address = UNKNOWN if kind == "unknown" else KINDS[kind]()
    invite_person(
        by=representative.person,
        organisation=representative.organisation,
        email=address,
        name="Somebody",
        role=MembershipRole.MEMBER,
        language="en",
    )
    answers = [Client().get(f"/accounts/invitation/{token}/") for token in ("wrong-token", "a" * 43)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all(address not in answer.content.decode() for answer in answers)
    assert words(answers[0], "wrong-token") == words(answers[1], "a" * 43)


def test_the_right_password_of_who_left_is_the_only_thing_that_is_told() -> None:
    """They know it themselves: their own password opens the sentence that the account is closed."""
    answer = Client().post(SIGN_IN, {"login": who_left(), "password": PASSWORD})
    assert answer.url.startswith("/accounts/inactive/")
