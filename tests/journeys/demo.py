"""The demo coalition as people meet it: its address, a browser, and the mail it sends.

Nothing here reaches into the application: a journey sees pages, files and mails, as people do.
"""

import email
import email.policy
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
WAIT = 40.0  # seconds that a mail, or other work of the server, may take on a busy machine
BETWEEN = 0.1  # seconds between two looks


def wait_until[T](look: Callable[[], T], what: str, *, seconds: float = WAIT) -> T:
    """Look again and again until something is there; returns it.

    For what the server does later and tells no page of. Raises `AssertionError` if it does not come in time.
    """
    begun = time.monotonic()
    while not (found := look()):
        assert time.monotonic() - begun < seconds, f"{what} did not come in {seconds:g} s"
        time.sleep(BETWEEN)
    return found


@dataclass
class Demo:
    """A running demo: its address, the folder of its data, and how its commands are run."""

    address: str
    folder: Path
    environment: dict[str, str]

    def mails(self) -> list[EmailMessage]:
        """Every mail so far, oldest first."""
        found: list[EmailMessage] = []
        for path in sorted((self.folder / "mail").glob("*")):
            parts = [part.strip() for part in path.read_bytes().split(b"-" * 79)]
            found += [email.message_from_bytes(one, policy=email.policy.default) for one in parts if one]
        return found

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Every mail to the address so far, oldest first."""
        return [message for message in self.mails() if address in str(message["To"])]

    def link_in_mail_to(self, address: str, pattern: str) -> str:
        """The newest address in a mail to the person that fits the pattern; waits for the outbox."""

        def link() -> str:
            for message in reversed(self.mails_to(address)):
                body = message.get_body(("plain",))
                found = re.search(pattern, body.get_content() if body else "")
                if found:
                    return found.group()
            return ""

        return wait_until(link, f"a mail to {address} with {pattern}")

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command on this demo's data."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def get(self, path: str) -> bytes:
        """What an anonymous program gets."""
        with urllib.request.urlopen(self.address + path) as answer:
            body: bytes = answer.read()
        return body


class Person:
    """Somebody at a browser of their own."""

    def __init__(
        self, demo: Demo, browser: Browser, *, width: int = 1280, scheme: Literal["light", "dark"] = "light"
    ) -> None:
        self.demo = demo
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-US"
        )
        self.page: Page = self.context.new_page()

    def go(self, path: str) -> Page:
        """Open a page of the demo."""
        self.page.goto(path if path.startswith("http") else self.demo.address + path)
        return self.page

    def sign_in(self, name: str) -> "Person":
        """Be a persona (`coordinator`) with one press on the start page."""
        self.go("/demo/")
        self.page.locator(f'form:has(input[value="{name}@demo.example"]) button').click()
        self.page.wait_for_url(re.compile(r"/(workspaces|cms)/"))
        return self

    def sign_in_with(self, address: str, password: str = "coalition-demo") -> "Person":
        """Sign in at the door, as people do outside the demo."""
        self.go("/accounts/login/")
        self.page.locator('input[name="login"]').fill(address)
        self.page.locator('input[name="password"]').fill(password)
        self.page.locator('main form button[type="submit"]').first.click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self

    def prove_again(self, password: str = "coalition-demo") -> "Person":
        """Give the password where the site asks once more who one is."""
        self.page.wait_for_load_state()
        if "/reauthenticate/" in self.page.url:
            self.page.locator('input[name="password"]').fill(password)
            self.page.locator('main form button[type="submit"]').first.click()
            self.page.wait_for_load_state()
        return self

    def choose_language(self, language: str) -> "Person":
        """Press the language in the page's own switch; visitors have one at every door."""
        if self.page.locator("form.langpick").count() == 0:
            self.go("/accounts/login/")
        self.page.locator(f'form.langpick button[value="{language}"]:visible').first.click()
        self.page.wait_for_load_state()
        return self

    def status(self, path: str) -> int:
        """The status of a page, asked for with this person's session."""
        return self.context.request.get(self.demo.address + path, max_redirects=0).status

    def leave(self) -> None:
        self.context.close()
