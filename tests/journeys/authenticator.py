"""An authenticator app, and setting it up in the browser."""

import base64
import hashlib
import hmac
import struct
import time

from playwright.sync_api import Page

PERIOD = 30  # seconds
SHORTEST = 8.0  # seconds that a code must still be good for, so that it can be typed and sent


def code_of(secret: str) -> str:
    """The code that the app shows now, as RFC 6238 says; waits for the next one if this one ends soon."""
    left = PERIOD - time.time() % PERIOD
    if left < SHORTEST:
        time.sleep(left + 0.1)
    counter = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def set_up(page: Page) -> tuple[str, list[str]]:
    """On the page that asks for a second factor: type the code; returns the secret and the recovery codes."""
    page.wait_for_url("**/2fa/totp/activate/**")
    secret = page.locator("main code.hash").inner_text().strip()
    page.locator('main input[name="code"]').fill(code_of(secret))
    page.locator('main form[action$="/activate/"] button[type="submit"]').click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    return secret, page.locator(".recovery code").all_inner_texts()


def type_code(page: Page, code: str) -> None:
    """On the page after the password: the code of the app, or a recovery code."""
    page.wait_for_url("**/2fa/authenticate/**")
    page.locator('main input[name="code"]').fill(code)
    page.locator('main form[action$="/authenticate/"] button[type="submit"]').click()
    page.wait_for_url(lambda url: "/2fa/authenticate/" not in url)
