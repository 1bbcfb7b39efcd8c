"""The language follows the person, in the members' area and the accounts."""

import pytest
from django.test import Client

from coalition.accounts.actions.memberships import set_language
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"


def language_of(answer) -> str:
    return answer.content.decode().split('<html lang="')[1][:2]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_follow_the_person_whatever_the_browser_asks_for(client_of, language):
    person = MembershipFactory(person__language=language).person
    for asked in ("en", "ru", "kk", "de"):
        answer = client_of(person).get(PROFILE, HTTP_ACCEPT_LANGUAGE=asked)
        assert language_of(answer) == language
        assert answer["Content-Language"] == language


def test_the_choice_stays_with_the_person(client_of):
    person = MembershipFactory(person__language="ru").person
    answer = client_of(person).post("/accounts/language/", {"language": "kk", "next": PROFILE})
    assert answer.url == PROFILE
    person.refresh_from_db()
    assert person.language == "kk"
    assert language_of(client_of(person).get(PROFILE)) == "kk", "on another device too"


def test_a_visitors_choice_is_kept_by_the_browser():
    browser = Client(HTTP_ACCEPT_LANGUAGE="ru")
    assert language_of(browser.get("/accounts/login/")) == "ru"
    browser.post("/accounts/language/", {"language": "kk", "next": "/accounts/login/"})
    assert language_of(browser.get("/accounts/login/")) == "kk"


@pytest.mark.parametrize("language", ["de", "", "kk; DROP TABLE", "x" * 10_000])
def test_a_language_we_have_not_is_refused(client_of, language):
    person = MembershipFactory().person
    assert client_of(person).post("/accounts/language/", {"language": language}).status_code == 400
    person.refresh_from_db()
    assert person.language == "en"
    with pytest.raises(ValueError, match="not a valid"):
        set_language(person=person, language=language)


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_the_site(client, target):
    assert client.post("/accounts/language/", {"language": "kk", "next": target}).url == "/"


def test_opening_an_address_changes_no_language(client):
    assert client.get("/accounts/language/").status_code == 405


def test_the_profile_says_what_is_wrong_and_keeps_the_rest(client_of):
    person = MembershipFactory().person
    browser = client_of(person)
    typed = {"name": "x" * 10_000, "language": "ru", "time_zone": "Asia/Almaty"}
    page = browser.post(PROFILE, typed).content.decode()
    assert "at most 120" in page
    assert browser.post(PROFILE, {**typed, "name": "Dana"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language) == ("Dana", "ru")


def test_pages_of_the_account_are_kept_by_no_cache(client_of):
    answer = client_of(MembershipFactory().person).get(PROFILE)
    assert answer["Cache-Control"] == "no-store, private"
