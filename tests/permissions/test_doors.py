"""Doors of other packages, tried as everyone who has no business behind them."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import OfficeKind
from coalition.roles import SeatRole
from tests.conftest import sign_in
from tests.factories import PASSWORD, OfficeFactory, UserFactory, seat
from tests.permissions.surfaces import addresses

pytestmark = pytest.mark.django_db

OPEN = {"/cms/sprite/", "/cms/jsi18n/", "/cms/logout/"}  # icons, words of the interface, the way out
ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")
WORDS = {"app_label": "partners", "app_name": "partners", "model_name": "user"}


def filled(pattern: str) -> str:
    """An address that the pattern answers to, with the first row of whatever it names."""
    pattern = pattern.replace("/.*/$", "/anything/").replace("(?P<pk>\\d+)", "1").removesuffix("$")
    pattern = re.sub(r"\(\?P<revision_id_[ab]>[^)]*\)", "1", pattern).replace("\\.", ".")
    for name, value in WORDS.items():
        pattern = re.sub(rf"<\w+:(\w*{name})>", value, pattern)
    return ARGUMENT.sub("1", pattern)


def admin_addresses() -> Iterator[str]:
    for address in addresses(get_resolver().url_patterns):
        if address.pattern.startswith("/cms/") and address.pattern not in OPEN and not address.is_ours:
            yield filled(address.pattern)


def is_shut(answer: HttpResponse) -> bool:
    """Not there, or the way leads to signing in."""
    if answer.status_code == 302:
        return answer["Location"].startswith(("/accounts/", "/cms/login/"))
    return answer.status_code in {403, 404, 405}


def strangers() -> dict[str, Client]:
    return {
        "anonymous": Client(),
        "coordinator": sign_in(Client(), seat(role=SeatRole.COORDINATOR).person),
        "secretariat": sign_in(Client(), OfficeFactory().person),
    }


@pytest.mark.slow
@pytest.mark.parametrize("stranger", ["anonymous", "coordinator", "secretariat"])
def test_the_newsrooms_admin_is_shut_to_everyone_else(site, stranger: str) -> None:
    browser = strangers()[stranger]
    answers = {path: [browser.get(path), browser.post(path)] for path in admin_addresses()}
    assert len(answers) > 150
    assert [path for path, both in answers.items() if not all(map(is_shut, both))] == []


def test_the_newsroom_gets_in(site) -> None:
    person = UserFactory()
    give_office(by=None, person=person, kind=OfficeKind.NEWSROOM)
    assert sign_in(Client(), person).get("/cms/").status_code == 200


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_people_are_not_listed_in_bulk_either(site, action: str) -> None:
    """Wagtail's people screens are shut; its bulk actions on people are screens too."""
    canary = UserFactory(name="Canary Person")
    browser = sign_in(Client(), UserFactory(is_superuser=True, is_staff=True))
    answer = browser.get(f"/cms/bulk/partners/user/{action}/?id={canary.pk}&next=/cms/")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["/kk/_util/login/", "/en/_util/login/", "/cms/login/", "/cms/password_reset/"]
)
def test_a_password_posted_to_wagtail_signs_nobody_in(site, path: str) -> None:
    person = seat().person
    browser = Client()
    answer = browser.post(path, {"username": person.email, "password": PASSWORD, "email": person.email})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/")
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(
    "path", ["/en/_util/authenticate_with_password/1/1/", "/documents/authenticate_with_password/1/"]
)
def test_nothing_opens_by_a_shared_password(site, path: str) -> None:
    assert Client().get(path).status_code in {404, 405}
    assert Client().post(path, {"password": PASSWORD}).status_code in {404, 405}
