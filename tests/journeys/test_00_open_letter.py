"""An organisation from outside joins an open letter by the link in a mail, and withdraws by the same."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

LETTER = "/ru/open-letter/five-rules/"
NAME, ADDRESS = "Профсоюз «Смена»", "smena@journey.example"
LINK = r"http://localhost:\d+/ru/open-letter/link/[\w-]+/"


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 120), "teal").save(out, "PNG")
    return out.getvalue()


def _join(visitor: Eye) -> None:
    page = visitor.look(LETTER)
    page.locator('main a[href="#join"]').click()
    for field, words in (
        ("name", NAME),
        ("contact", "Анна Ли"),
        ("position", "председатель"),
        ("address", ADDRESS),
    ):
        page.locator(f'[name="{field}"]').fill(words)
    page.locator('[name="is_listed"]').check()
    button = page.locator('main form button[type="submit"]')
    button.click()
    expect(page.locator('[name="authorised"]:invalid')).to_have_count(1)  # nothing is lost, nothing is sent
    page.locator('[name="authorised"]').check()
    button.click()
    page.wait_for_url(re.compile(f"{LETTER}sent/"))


def _desk(coordinator: Person) -> str:
    """The coordinators' page of the letter."""
    page = coordinator.go("/workspaces/all/")
    workspace = str(page.locator('main a[href^="/workspaces/0"]').first.get_attribute("href"))
    page = coordinator.go(f"{workspace}publications/")
    page.get_by_role("link", name="бес тәртіп").click()
    page.locator('a[href$="/letter/"]').click()
    page.wait_for_url(re.compile(r"/letter/$"))
    return page.url


def test_joining_and_withdrawing(demo: Demo, person: Callable[..., Person]) -> None:
    visitor = Eye(person(width=360), "ru")
    _join(visitor)
    link = demo.link_in_mail_to(ADDRESS, LINK)
    page = visitor.look(link)
    expect(page.locator("main")).to_contain_text(NAME)
    page.locator('button[value="confirm"]').click()
    expect(page.locator(".notice--yes")).to_be_visible()
    expect(visitor.look(LETTER).locator("main")).not_to_contain_text(NAME)  # nobody has looked yet

    coordinator = Eye(person("coordinator", scheme="dark").choose_language("kk"), "kk")
    desk = _desk(coordinator.someone)
    row = coordinator.look(desk).locator("tr", has_text=NAME)
    expect(row).to_contain_text(ADDRESS)
    row.locator('form[action$="/admit/"] button').click()
    expect(row.locator(".badge--public")).to_be_visible()
    page = visitor.look(LETTER)
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.locator("main")).not_to_contain_text(ADDRESS)

    # By the same link its logo, which a coordinator looks at too.
    page = visitor.look(link)
    page.locator('input[name="file"]').set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": _picture()}
    )
    page.locator('input[name="permitted"]').check()
    page.locator('form:has([name="file"]) button[type="submit"]').click()
    expect(page.locator('button[value="away"]')).to_be_visible()
    visitor.look_again()
    shown = page.locator('img[src*="/logos/"]')
    expect(visitor.look(LETTER).locator("main")).to_contain_text(NAME)
    expect(shown).to_have_count(0)
    coordinator.look(desk)
    row.locator('form[action$="/admit/"] button').click()
    expect(row.locator('form[action$="/admit/"]')).to_have_count(0)
    visitor.look(LETTER)
    expect(shown).to_have_count(1)

    # The same link takes it back, without asking anybody.
    visitor.look(link)
    page.locator('button[value="withdraw"]').click()
    expect(page.locator(".notice--yes")).to_be_visible()
    expect(visitor.look(LETTER).locator("main")).not_to_contain_text(NAME)
    expect(shown).to_have_count(0)
    expect(coordinator.look(desk).locator("main")).not_to_contain_text(NAME)
    assert visitor.faults + coordinator.faults == []
