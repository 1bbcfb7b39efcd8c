"""A lawyer without a seat: a link by mail, a press, the words, a comment for the coordinators, and an end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

ADDRESS = "lawyer@journey.example"
NAME = "Салтанат Әбдіғали"
LINK = r"http://localhost:\d+/guest/[\w-]+/"
COMMENT = "Баптың атауы басқаша."
LETTER = "Letter to deputies"


def _letter(someone: Person) -> str:
    """The address of the draft that is being written."""
    page = someone.go("/workspaces/all/")
    workspace = page.locator('main a[href^="/workspaces/0"]').first.get_attribute("href")
    page = someone.go(f"{workspace}drafts/")
    return str(page.locator("main a", has_text=LETTER).first.get_attribute("href"))


def test_a_lawyer_reads_and_comments_by_a_link(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator").choose_language("kk")
    draft = _letter(coordinator)
    eye = Eye(coordinator, "kk")
    page = eye.look(f"{draft}guests/")
    page.locator('[name="name"]').fill(NAME)
    page.locator('[name="email"]').fill(ADDRESS)
    page.locator('[name="purpose"]').select_option("legal")
    page.locator('main form:has([name="purpose"]) button[type="submit"]').click()
    expect(page.locator('[name="reason"]:invalid')).to_have_count(1)  # the mark asks why
    page.locator('[name="reason"]').fill("Адвокат; заңға сілтемелерді тексереді.")
    page.locator('main form:has([name="purpose"]) button[type="submit"]').click()
    expect(page.locator("#made-address")).to_be_visible()
    eye.look_again()

    link = demo.link_in_mail_to(ADDRESS, LINK)
    lawyer = Eye(person(width=360, scheme="dark"), "kk")
    page = lawyer.look(link)
    expect(page.locator("article")).to_have_count(0)
    page.locator('main form button[type="submit"]').click()
    expect(page.locator("article h1")).to_contain_text("Депутатқа хат")
    expect(page.locator("main")).to_contain_text("TLP:AMBER")
    expect(page.locator("main")).to_contain_text(NAME)
    lawyer.look_again()
    page.locator('#comment [name="quote"]').fill("123-бабы")
    page.locator('#comment [name="body"]').fill(COMMENT)
    page.locator('#comment button[type="submit"]').click()
    expect(page.locator(".thread")).to_contain_text(COMMENT)
    lawyer.look_again()
    lawyer.look(f"{page.url}compare/")
    reads = page.url.removesuffix("compare/").removeprefix(demo.address)

    comments = f"{draft}kk/comments/"
    expect(coordinator.go(comments).locator("main")).to_contain_text(COMMENT)
    expect(person("editor").go(comments).locator("main")).not_to_contain_text(COMMENT)

    page = eye.look(f"{draft}guests/")
    row = page.locator("main .rows li", has=page.locator('form[action$="/take-back/"]')).first
    eye.look(str(row.locator("a").first.get_attribute("href")))
    coordinator.go(f"{draft}guests/")
    row.locator('form[action$="/take-back/"] button').click()
    page.wait_for_load_state()
    assert lawyer.someone.status(reads) == 404
    assert lawyer.someone.status(link.removeprefix(demo.address)) == 404
    assert eye.faults + lawyer.faults == []
