"""A passkey from the first press to the last, on the device that Chromium pretends to have."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, expect

from tests.journeys.demo import Person

pytestmark = pytest.mark.timeout(240, func_only=True)

ADDRESS = "i.litvin@demo.example"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _device(someone: Person) -> tuple[CDPSession, str]:
    """A device that says yes by itself; its session and its id."""
    session = someone.context.new_cdp_session(someone.page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


def _is_out(someone: Person) -> bool:
    return someone.status("/workspaces/") == 302


def _carry(session: CDPSession, device: str, other: tuple[CDPSession, str]) -> None:
    """The same device in another browser: its keys go along."""
    for key in session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]:
        other[0].send("WebAuthn.addCredential", {"authenticatorId": other[1], "credential": key})


def test_a_passkey_is_added_signs_in_and_is_taken_away(person: Callable[..., Person]) -> None:
    someone = person()
    page = someone.sign_in_with(ADDRESS).page
    device = _device(someone)
    someone.go("/accounts/2fa/webauthn/add/")
    someone.prove_again()
    page.locator('main input[name="name"]').fill("My phone")
    page.locator('main form[data-passkey] button[type="submit"]').click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    assert len(page.locator(".recovery code").all_inner_texts()) == 10
    someone.go("/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("My phone")

    second = person()
    theirs = _device(second)
    _carry(*device, theirs)
    second.go("/accounts/login/")
    second.page.locator('main form[data-passkey] button[type="submit"]').click()
    second.page.wait_for_url("**/workspaces/")
    assert not _is_out(second)  # no password, no code

    third = person()  # with the password, and the passkey after it
    _carry(*device, _device(third))
    third.sign_in_with(ADDRESS)
    assert _is_out(third)
    third.page.locator('main form[data-passkey] button[type="submit"]').click()
    third.page.wait_for_url(lambda url: "/2fa/authenticate/" not in url)
    assert not _is_out(third)

    page.locator('main a[href$="/remove/"]').click()
    someone.prove_again()
    page.locator('main form[action$="/remove/"] button').click()
    page.wait_for_url("**/2fa/webauthn/")
    expect(page.locator("main")).not_to_contain_text("My phone")
    fourth = person()
    _carry(*device, _device(fourth))
    fourth.go("/accounts/login/")
    with fourth.page.expect_response(lambda answer: answer.request.method == "POST"):
        fourth.page.locator('main form[data-passkey] button[type="submit"]').click()
    assert _is_out(fourth)


def test_a_device_without_one_says_so_and_the_password_stays(person: Callable[..., Person]) -> None:
    for width in (1280, 360):
        someone = person(width=width)
        session, device = _device(someone)
        page = someone.go("/accounts/login/")
        session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        expect(page.locator("[data-passkey-failed]")).to_be_hidden()
        page.locator('main form[data-passkey] button[type="submit"]').click()
        expect(page.locator("[data-passkey-failed]")).to_be_visible(timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        someone.sign_in_with(ADDRESS)
        assert not _is_out(someone)
