"""Joining without a shared password: invited, seated, heard, gone; and an organisation stopped at once."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.authenticator import code_of, set_up, type_code
from tests.journeys.demo import Demo, Person
from tests.journeys.live_socket import answered, closed_after, hold_socket

pytestmark = pytest.mark.timeout(240, func_only=True)

AT_ONCE = 1.0  # seconds
SIGNED_OUT = 4401
PASSWORD = "tawny-kettle-orbit-seven"  # of people that exist in the test alone
AINUR = ("ainur@journey.example", "Айнұр Сәтбай", "alternate", "kk")
IGOR = ("igor@journey.example", "Игорь Ли", "member", "ru")
LINK = r"http://localhost:\d+/accounts/invitation/[\w-]+/"


def _own_organisation(someone: Person) -> str:
    someone.go("/accounts/profile/")
    return str(someone.page.locator('main a[href^="/accounts/organisation/"]').first.get_attribute("href"))


def _invite(someone: Person, email: str, name: str, role: str, language: str) -> None:
    page = someone.go(f"{_own_organisation(someone)}invite/")
    page.locator('input[name="email"]').fill(email)
    page.locator('input[name="name"]').fill(name)
    page.locator('select[name="role"], input[name="role"]').first.select_option(role)
    page.locator('select[name="language"]').select_option(language)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/accounts/organisation/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text(email)


def _accept(someone: Person, link: str) -> Page:
    """Follow the link and set an own password: no one else ever knows it."""
    page = someone.go(link)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url(lambda url: "/invitation/" not in url)
    return page


def _give_seat(coordinator: Person, name: str, role: str) -> str:
    """Give the person a seat in the workspace of the demo; returns the workspace."""
    page = coordinator.go("/workspaces/all/")
    workspace = str(page.locator('main a[href^="/workspaces/0"]').first.get_attribute("href"))
    page = coordinator.go(f"{workspace}people/")
    option = page.locator('select[name="member"] option', has_text=name)
    page.locator('select[name="member"]').select_option(option.get_attribute("value"))
    page.locator('form[action$="/people/give/"] select[name="role"]').select_option(role)
    page.locator('form[action$="/people/give/"] button[type="submit"]').click()
    coordinator.prove_again()
    expect(page.locator("main .rows", has_text=name)).to_be_visible()
    return workspace


def _approve_what_waits(someone: Person) -> str:
    """Approve the round that waits on the dashboard; returns the round."""
    page = someone.go("/workspaces/")
    page.locator('main a[href*="/decide/"]').first.click()
    page.locator('form[action$="/approve/"] button[type="submit"]').click()
    someone.prove_again(PASSWORD)
    expect(page.locator(".state--approved").first).to_be_visible()
    found = re.search(r"/workspaces/rounds/[0-9a-f-]{36}/", page.url)
    assert found
    return found.group()


def _guest_link(someone: Person, workspace: str) -> str:
    """Let somebody read the draft changed last by a link; returns its address."""
    page = someone.go(f"{workspace}drafts/")
    draft = page.locator('main a[href^="/workspaces/drafts/"]').first.get_attribute("href")
    page = someone.go(f"{draft}guests/")
    page.locator('[name="name"]').fill("Салтанат Әбдіғали")
    page.locator('[name="email"]').fill("lawyer@journey.example")
    if page.locator('[name="reason"]').count():
        page.locator('[name="reason"]').fill("Адвокат.")
    page.locator('main form:has([name="purpose"]) button[type="submit"]').click()
    return urlsplit(page.locator("#made-address").input_value()).path


def test_one_joins_approves_and_leaves(demo: Demo, person: Callable[..., Person]) -> None:
    representative = person("reviewer")
    for invited in (AINUR, IGOR):
        _invite(representative, *invited)
    organisation = _own_organisation(representative)
    title = representative.go(organisation).locator("h1").inner_text()

    ainur, igor = person(), person()
    secret, _codes = set_up(_accept(ainur, demo.link_in_mail_to(AINUR[0], LINK)))
    page = _accept(igor, demo.link_in_mail_to(IGOR[0], LINK))
    expect(page.locator("html")).to_have_attribute("lang", "ru")

    coordinator = person("coordinator")
    _give_seat(coordinator, IGOR[1], "reviewer")
    workspace = _give_seat(coordinator, AINUR[1], "coordinator")
    round_ = _approve_what_waits(ainur)
    row = coordinator.go(round_).locator("table.matrix tr", has_text=title)
    approved = row.locator(".state--approved").count()
    assert approved > 0

    phone = person(width=360)
    phone.sign_in_with(AINUR[0], PASSWORD)
    type_code(phone.page, code_of(secret))
    phone.go(workspace)
    hold_socket(phone.page)
    assert phone.status(round_) == 200
    link, visitor = _guest_link(ainur, workspace), person()
    assert visitor.status(link) == 200

    page = ainur.go(organisation)
    left = answered(page, 'tr:has(small) form[action$="/end/"] button')
    code, seconds = closed_after(phone.page, left)
    assert code == SIGNED_OUT
    assert seconds < AT_ONCE
    assert visitor.status(link) == 404

    phone.page.reload()
    assert "/accounts/login/" in phone.page.url
    assert ainur.status(workspace) == 302
    page = phone.go("/accounts/login/")
    phone.sign_in_with(AINUR[0], PASSWORD)
    assert page.url.endswith("/accounts/inactive/")
    assert phone.status("/workspaces/") == 302

    row = coordinator.go(round_).locator("table.matrix tr", has_text=title)
    expect(row.locator(".state--approved")).to_have_count(approved)
    assert igor.status(workspace) == 200
    assert igor.status(round_) == 200


def _press(someone: Person, press: str) -> float:
    """Press, and prove again who one is where that is asked; returns when the press was answered."""
    page = someone.page
    moment = answered(page, press)
    page.wait_for_load_state()
    if "/reauthenticate/" in page.url:  # the press goes on with the password
        page.locator('input[name="password"]').fill("coalition-demo")
        moment = answered(page, 'main form:has(input[name="password"]) button[type="submit"]')
        page.wait_for_load_state()
    return moment


def _freeze_form(someone: Person, organisation: str) -> None:
    page = someone.go("/workspaces/freezes/")
    option = page.locator('select[name="organisation"] option', has_text=organisation)
    page.locator('select[name="organisation"]').select_option(option.get_attribute("value"))
    page.locator('[name="reason"]').fill("Телефон жоғалды.")
    page.locator("main form .btn--hot").click()
    someone.prove_again()
    page.wait_for_url(re.compile(r"/workspaces/freezes/[0-9a-f-]{36}/$"))


def test_two_coordinators_stop_an_organisation(person: Callable[..., Person]) -> None:
    first, second = person("coordinator"), person()
    second.sign_in_with("d.sapar@demo.example")
    representative, alternate = person("reviewer"), person()
    alternate.sign_in_with("i.litvin@demo.example")
    frozen = [representative, alternate]
    title = representative.go(_own_organisation(representative)).locator("h1").inner_text()
    for someone in frozen:
        hold_socket(someone.go("/workspaces/"))

    _freeze_form(first, title)
    assert first.page.locator('form[action$="/confirm/"]').count() == 0
    assert [someone.status("/workspaces/") for someone in frozen] == [200, 200]

    page = second.go(first.page.url)
    stopped = _press(second, 'form[action$="/confirm/"] button')
    for someone in frozen:
        code, seconds = closed_after(someone.page, stopped)
        assert code == SIGNED_OUT
        assert seconds < AT_ONCE
        assert someone.status("/workspaces/") == 302
    alternate.sign_in_with("i.litvin@demo.example")
    assert alternate.status("/workspaces/") == 302

    _press(second, 'form[action$="/thaw/"] button')
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator('form[action$="/thaw/"]')).to_have_count(0)
    alternate.sign_in_with("i.litvin@demo.example")
    assert alternate.status("/workspaces/") == 302
    page = first.go(first.page.url)
    _press(first, 'form[action$="/thaw/"] button')
    page.wait_for_url("**/workspaces/freezes/")
    alternate.sign_in_with("i.litvin@demo.example")
    assert alternate.status("/workspaces/") == 200


def _told(someone: Person, link: str, status: int, words: str) -> None:
    answer = someone.page.goto(link)
    assert answer is not None
    assert answer.status == status
    expect(someone.page.locator("main")).to_contain_text(words)
    expect(someone.page.locator('main button[type="submit"]')).to_have_count(0)


def test_a_link_that_is_not_yours_or_no_longer_good(demo: Demo, person: Callable[..., Person]) -> None:
    representative, visitor, other = person("reviewer"), person(), person("observer")
    address = "aliya@journey.example"
    _invite(representative, address, "Aliya Noor", "member", "en")
    old = demo.link_in_mail_to(address, LINK)

    _told(visitor, old[:-5] + "AAAA/", 404, "There is no such invitation")
    _told(other, old, 403, "sent to another address")
    page = visitor.go(old)
    page.locator('input[name="password"]').fill("short")
    page.locator('main form button[type="submit"]').click()
    expect(page.locator(".field--error")).to_contain_text("12")

    page = representative.go(_own_organisation(representative))
    page.locator('form[action$="/resend/"] button').click()
    representative.prove_again()
    link = demo.link_in_mail_to(address, f"{LINK}(?<!{re.escape(old)})")
    _told(visitor, old, 404, "There is no such invitation")
    _accept(visitor, link)
    assert visitor.status("/workspaces/") == 200
    _told(person(), link, 410, "has been used")
    assert visitor.go(link).url.endswith("/workspaces/")

    again = "bota@journey.example"
    _invite(representative, again, "Bota Noor", "member", "en")
    link = demo.link_in_mail_to(again, LINK)
    representative.go(_own_organisation(representative))
    representative.page.locator('form[action$="/revoke/"] button').click()
    representative.prove_again()
    _told(person(), link, 410, "has been taken back")
