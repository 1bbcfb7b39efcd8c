"""The one door: nobody learns who has an account, what is closed stays closed, mail goes by the outbox."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from coalition.accounts.auth import PersonBackend
from coalition.accounts.models import User
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from tests.factories import PASSWORD, FreezeFactory, MembershipFactory, OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def account(**changes):
    person = MembershipFactory(**changes).person
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def without_what_was_typed(answer, *typed: str) -> str:
    """The body without the token of the form and what the visitor wrote."""
    body = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", answer.content.decode())
    for text in typed:
        body = body.replace(text, "")
    return body


def test_signing_in_with_a_password(client):
    person = account()
    answer = client.post(SIGN_IN, {"login": person.email.upper(), "password": PASSWORD})
    assert answer.url == reverse("workspaces:dashboard")
    assert client.get("/accounts/profile/").status_code == 200


def test_wrong_passwords_look_the_same_whoevers_address_it_is():
    person, ex_member = account(), UserFactory()
    tries = [(person.email, "wrong"), ("nobody@tests.example", PASSWORD), (ex_member.email, "wrong")]
    answers = []
    for address, password in tries:
        answer = Client().post(SIGN_IN, {"login": address, "password": password})
        answers.append((answer.status_code, without_what_was_typed(answer, address)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 200


def test_who_belongs_nowhere_any_more_is_told_so_and_gets_no_session(client):
    ex_member = UserFactory()
    ex_member.emailaddress_set.create(email=ex_member.email, verified=True, primary=True)
    data = {"login": ex_member.email, "password": PASSWORD}
    answer = client.post(SIGN_IN, data, follow=True, headers={"accept-language": "en"})
    assert "closed" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert not OutboxMail.objects.exists()


def test_a_session_is_somebodys_only_while_they_have_business_here_and_asks_once(django_assert_num_queries):
    member, asleep, frozen = MembershipFactory().person, MembershipFactory().person, MembershipFactory()
    officer, superuser, stranger = OfficeFactory().person, UserFactory(is_superuser=True), UserFactory()
    FreezeFactory(organisation=frozen.organisation, frozen_at="2026-01-01T00:00Z")
    User.objects.filter(pk=asleep.pk).update(is_active=False)
    for person in (member, officer, superuser):
        with django_assert_num_queries(1):
            assert PersonBackend().get_user(person.pk) == person
    for person in (stranger, frozen.person, asleep):
        with django_assert_num_queries(1):
            assert PersonBackend().get_user(person.pk) is None


def test_asking_for_a_new_password_tells_nobody_who_has_an_account():
    person, ex_member = account(), UserFactory()
    answers = []
    for address in (person.email, "nobody@tests.example", ex_member.email):
        browser = Client()
        answer = browser.post(RESET, {"email": address})
        page = browser.get(answer.url)
        answers.append((answer.status_code, answer.url, without_what_was_typed(page, address)))
    assert answers[0] == answers[1] == answers[2]
    deliver_due()
    assert [message.to for message in mail.outbox] == [[person.email]]


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Setting a new password"), ("ru", None), ("kk", None)]
)
def test_the_mail_is_in_the_persons_language_and_its_link_works_once(language, subject):
    person = account(person__language=language)
    Client(HTTP_ACCEPT_LANGUAGE="en").post(RESET, {"email": person.email})
    assert OutboxMail.objects.get().language == language
    deliver_due()
    message = mail.outbox[0]
    if subject:
        assert message.subject == subject
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", message.body).group(1)
    browser = Client()
    form = browser.get(link).url
    new = "five-new-tulips-here"
    assert browser.post(form, {"password1": new, "password2": new}).status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)
    assert "/password/reset/key/" not in Client().get(link).headers.get("Location", "")


def test_a_mail_holds_no_network_address_and_no_browser(client):
    person = account()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    new = "five-new-tulips-here"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", typed, HTTP_USER_AGENT="Telltale/1.0")
    deliver_due()
    assert "password" in mail.outbox[0].subject
    assert "127.0.0.1" not in mail.outbox[0].body
    assert "Telltale" not in mail.outbox[0].body


def test_the_new_address_is_proved_before_it_counts(client):
    person = account()
    old = person.email
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "fresh@tests.example", "action_add": ""})
    person.refresh_from_db()
    assert person.email == old
    deliver_due()
    assert mail.outbox[0].to == ["fresh@tests.example"]
    link = re.search(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", mail.outbox[0].body).group(1)
    assert client.get(link).status_code == 200
    person.refresh_from_db()
    assert person.email == old, "opening the link changes nothing"
    client.post(link)
    person.refresh_from_db()
    assert person.email == "fresh@tests.example"
    deliver_due()
    assert [old] in [message.to for message in mail.outbox], "the old address is told"


@pytest.mark.parametrize(
    "path",
    ["signup/", "login/code/", "login/code/confirm/", "password/set/", "social/signup/", "3rdparty/"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_coalition_does_not_offer_is_not_there(client, path, method):
    assert getattr(client, method)("/accounts/" + path).status_code == 404


def test_nobody_signs_up_without_an_invitation(client):
    client.post("/accounts/signup/", {"email": "x@tests.example", "password1": "five-new-tulips-here"})
    assert not User.objects.exists()


def test_many_wrong_passwords_are_slowed_down(client):
    person = account()
    for _ in range(12):
        answer = client.post(SIGN_IN, {"login": person.email, "password": "wrong"})
    assert client.post(SIGN_IN, {"login": person.email, "password": PASSWORD}).status_code in {200, 429}
    assert answer.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "password/reset/key/1-bad-token/",
        "confirm-email/",
        "confirm-email/nonsense/",
        "inactive/",
        "leave-everywhere/",
    ],
)
def test_a_visitor_sees_our_pages_and_no_cache_keeps_them(client, path):
    answer = client.get("/accounts/" + path)
    assert answer.status_code == 200
    assert "plain__main" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["logout/", "password/change/", "email/", "reauthenticate/", "2fa/", "sessions/"]
)
def test_a_signed_in_person_sees_our_pages(client, path):
    client.force_login(account())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get("/accounts/" + path)
    assert answer.status_code == 200
    assert "plain__main" in answer.content.decode()


def test_leaving_everywhere_takes_one_press_and_no_opened_link(client_of):
    person = account()
    here, elsewhere = client_of(person), client_of(person)
    elsewhere.get("/accounts/profile/")
    page = here.get("/accounts/leave-everywhere/")
    assert page.content.decode().count('<button class="btn btn--danger') == 1
    assert elsewhere.get("/accounts/profile/").status_code == 200
    answer = here.post("/accounts/leave-everywhere/")
    assert "storage" in answer["Clear-Site-Data"]
    for browser in (here, elsewhere):
        assert browser.get("/accounts/profile/").status_code == 302


def test_leaving_everywhere_is_safe_for_strangers(client):
    assert client.post("/accounts/leave-everywhere/").status_code == 302
