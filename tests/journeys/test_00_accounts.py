"""Signing in and out, by mouse and by keyboard alone; a lost password, a lost phone, a language."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.authenticator import code_of, set_up, type_code
from tests.journeys.demo import Demo, Person

pytestmark = pytest.mark.timeout(240, func_only=True)

ADDRESS = "i.litvin@demo.example"
NEW_PASSWORD = "tawny-kettle-orbit-seven"  # of a person of the demo, in this test alone
RESET = r"http://localhost:\d+/accounts/password/reset/key/[\w-]+/"


def _is_out(someone: Person) -> bool:
    return someone.status("/workspaces/") == 302


def _by_keyboard(page: Page, wanted: str, *, most: int = 60) -> None:
    """Go on with Tab until the wanted element has the focus, and see that the focus shows."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{wanted} cannot be reached with the keyboard on {page.url}")


def test_password_app_and_recovery_code(person: Callable[..., Person]) -> None:
    someone = person()
    page = someone.sign_in_with(ADDRESS).page
    assert page.url.endswith("/workspaces/")
    someone.go("/accounts/2fa/totp/activate/")
    someone.prove_again()
    secret, recovery = set_up(page)
    assert len(recovery) == 10
    page.reload()
    expect(page.locator(".recovery")).to_have_count(0)  # shown once

    second = person()
    second.sign_in_with(ADDRESS)
    assert _is_out(second)  # a password alone opens nothing
    second.page.locator('main input[name="code"]').fill("000000")
    second.page.locator('main form[action$="/authenticate/"] button').click()
    expect(second.page.locator(".field--error, .notice--no").first).to_be_visible()
    assert _is_out(second)
    type_code(second.page, code_of(secret))
    assert not _is_out(second)

    for code, opens in ((recovery[0], True), (recovery[0], False), (recovery[1], True)):
        third = person()
        third.sign_in_with(ADDRESS)
        if opens:
            type_code(third.page, code)
        else:
            third.page.locator('main input[name="code"]').fill(code)
            third.page.locator('main form[action$="/authenticate/"] button').click()
            third.page.wait_for_load_state()
        assert _is_out(third) is not opens


def test_a_password_is_lost_and_set_anew_by_mail(demo: Demo, person: Callable[..., Person]) -> None:
    elsewhere, someone = person(), person()
    elsewhere.sign_in_with(ADDRESS)
    page = someone.go("/accounts/login/")
    page.locator('a[href*="/password/reset/"]').click()
    page.locator('input[name="email"]').fill(ADDRESS)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url("**/password/reset/done/")
    link = demo.link_in_mail_to(ADDRESS, RESET)
    page = someone.go(link)
    for field in page.locator('main input[type="password"]').all():
        field.fill(NEW_PASSWORD)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url("**/password/reset/key/done/")

    assert _is_out(elsewhere)  # whoever was in with the old one is not any more
    someone.go("/accounts/login/")
    page.locator('input[name="login"]').fill(ADDRESS)
    page.locator('input[name="password"]').fill("coalition-demo")
    page.locator('main form button[type="submit"]').first.click()
    expect(page.locator('[role="alert"], .field--error').first).to_be_visible()
    someone.sign_in_with(ADDRESS, NEW_PASSWORD)
    assert not _is_out(someone)
    again = person().go(link)
    expect(again.locator('main input[type="password"]')).to_have_count(0)  # it worked once


def test_the_language_is_the_persons_and_goes_along(person: Callable[..., Person]) -> None:
    someone = person("coordinator")
    headings = set()
    for language in ("kk", "ru", "en"):
        someone.go("/workspaces/all/")
        page = someone.choose_language(language).page
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.url.endswith("/workspaces/all/")  # the page stays
        headings.add(page.locator("h1").inner_text())
    assert len(headings) == 3
    expect(person("coordinator").page.locator("html")).to_have_attribute("lang", "en")


def test_out_everywhere_from_the_rail_and_from_a_bookmark(person: Callable[..., Person]) -> None:
    for width in (1280, 360):
        here, there = person("coordinator", width=width), person("coordinator")
        here.page.locator('form[action$="/leave-everywhere/"] button:visible').click()
        here.page.wait_for_load_state()
        assert _is_out(here)
        assert _is_out(there)
    here, there = person("coordinator"), person("coordinator")
    page = here.go("/accounts/leave-everywhere/")
    assert not _is_out(there)  # opening the bookmark alone does nothing
    page.locator('main form[action$="/leave-everywhere/"] button').click()
    page.wait_for_load_state()
    assert _is_out(here)
    assert _is_out(there)


def test_sessions_are_listed_and_the_others_end(person: Callable[..., Person]) -> None:
    here, there = person(), person()
    for someone in (there, here):
        someone.sign_in_with(ADDRESS)
    page = here.go("/accounts/sessions/")
    expect(page.locator("main tbody tr")).to_have_count(2)
    page.locator('main form[action$="/sessions/"] button').click()
    page.wait_for_load_state()
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert _is_out(there)
    assert not _is_out(here)


def test_with_the_keyboard_alone(person: Callable[..., Person]) -> None:
    """Sign in, go to the workspace and to a text, and sign out, without a mouse."""
    someone = person()
    page = someone.go("/accounts/login/")
    _by_keyboard(page, 'input[name="login"]')
    page.keyboard.type("coordinator@demo.example")
    _by_keyboard(page, 'input[name="password"]')
    page.keyboard.type("coalition-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/workspaces/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a.skip')")
    page.keyboard.press("Enter")
    _by_keyboard(page, 'main a[href*="/workspaces/rounds/"], main a[href*="/workspaces/drafts/"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/workspaces/(rounds|drafts)/"))

    _by_keyboard(page, 'form[action$="/leave-everywhere/"] button')
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/workspaces/" not in url)
    assert _is_out(someone)
