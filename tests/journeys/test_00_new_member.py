"""A group asks to join; two organisations vouch for it, the secretariat takes it in, its people come."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.authenticator import set_up
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

NAME, ADDRESS = "«Таң самалы» тобы", "tang@journey.example"
CONTACT = "Ажар Сапар"
PASSWORD = "tawny-kettle-orbit-seven"  # of a person that exists in the test alone
CONFIRMS = r"http://localhost:\d+/kk/membership/confirm/[\w-]+/"
INVITES = r"http://localhost:\d+/accounts/invitation/[\w-]+/"


def _ask(visitor: Eye) -> None:
    page = visitor.look("/kk/membership/")
    for field, words in (
        ("name", NAME),
        ("why", "Ауылдағы алты мұғалім. Шағым жазуға көмектесеміз."),
        ("contact", CONTACT),
        ("address", ADDRESS),
    ):
        page.locator(f'[name="{field}"]').fill(words)
    page.locator('[name="region"]').select_option("KZ-27")
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/kk/membership/sent/"))
    visitor.look_again()


def _vouch(someone: Person) -> None:
    page = someone.go("/accounts/requests/")
    panel = page.locator("section.panel", has_text=NAME)
    takes_back = panel.locator('form[action$="/take-back/"] button')
    vouches = panel.locator('form:not([action$="/take-back/"]) button')
    vouches.click()
    someone.prove_again()
    expect(vouches).to_have_count(0)
    takes_back.click()  # and thinks better of it
    expect(takes_back).to_have_count(0)
    vouches.click()
    someone.prove_again()
    expect(takes_back).to_have_count(1)


def test_from_a_request_to_a_member(demo: Demo, person: Callable[..., Person]) -> None:
    visitor = Eye(person(width=360), "kk")
    _ask(visitor)
    secretariat = person("secretariat")
    requests = "/workspaces/secretariat/requests/"
    expect(secretariat.go(requests).locator("main")).not_to_contain_text(NAME)  # not yet its own address

    page = visitor.look(demo.link_in_mail_to(ADDRESS, CONFIRMS))
    expect(page.locator("main")).to_contain_text(NAME)
    page.locator("main form button").click()
    expect(page.locator(".notice--yes")).to_be_visible()

    # Two vouch: one of the workspace, one without a seat anywhere. Before, it cannot be taken in.
    secretariat.go(requests).get_by_role("link", name=NAME).click()
    secretariat.page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}/"))
    request = secretariat.page.url
    expect(secretariat.page.locator('[name="kind"]')).to_have_count(0)
    for name in ("reviewer", "outsider"):
        someone = person(name)
        expect(someone.go("/accounts/requests/").locator("main")).not_to_contain_text(ADDRESS)
        _vouch(someone)
    eye = Eye(secretariat, "en")
    page = eye.look(request)
    expect(page.locator("main")).to_contain_text(ADDRESS)
    page.locator('[name="kind"]').select_option("initiative")
    page.locator('[name="listing"][value="public"]').check()
    page.locator('main form:has([name="kind"]) button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/secretariat/organisations/[0-9a-f-]{36}/"))

    # The contact person is its representative, accepts the agreement for it, and is at home.
    page = visitor.someone.go(demo.link_in_mail_to(ADDRESS, INVITES))
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url(lambda url: "/invitation/" not in url)
    set_up(page)
    page = visitor.look("/workspaces/agreement/")
    page.locator('form[action*="/accept/"] button[type="submit"]').click()
    visitor.someone.prove_again(PASSWORD)
    expect(page.locator(".notice--yes").first).to_be_visible()
    expect(visitor.look("/accounts/profile/").locator("main")).to_contain_text(NAME)
    expect(visitor.look("/kk/partners/").locator("main")).to_contain_text(NAME)
    assert visitor.faults + eye.faults == []
