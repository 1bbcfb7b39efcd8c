"""What a campaign has besides the demo's data, made in the browser: a number on a poster, a link for
operators, published figures, support that waits and support that is held, files for the hand-over."""

import datetime
import re
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.journeys.demo import Demo, Person
from tests.journeys.newsroom import ALMATY

APPEAL = "support/for-a-law/"
SUPPORT_LINK = r"http://localhost:\d+/\w\w/support/link/[\w-]+/"
DAY = datetime.timedelta(days=1)
ONE = r"[0-9a-f]{8}-[0-9a-f-]{27}"
LINE = "/workspaces/helplines/"
SUBMIT = 'main form button[type="submit"]'


def first_link(page: Page, pattern: str) -> str:
    """The first address on the page that fits the pattern whole."""
    return next(iter(links_on(page, pattern)))


def links_on(page: Page, pattern: str) -> list[str]:
    """Addresses on the page that fit the pattern whole, each once."""
    found = page.locator("main a[href]").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    return list(dict.fromkeys(one for one in found if re.fullmatch(pattern, one)))


def use_a_number(coordinator: Person, workspace: str) -> str:
    """Put the first line's number on a poster; returns the address of the use."""
    page = coordinator.go(f"{workspace}helplines/new/")
    coordinator.go(first_link(page, rf".*/helplines/new/{ONE}/"))
    page.locator('[name="title"]').fill("Плакат, «Өрнек ұясы»")
    page.locator('[name="starts_on"]').fill(str(datetime.datetime.now(ALMATY).date() + DAY))
    page.locator('[name="starts_at"]').fill("18:00")
    page.locator(SUBMIT).first.click()
    page.wait_for_url(re.compile(rf"/helplines/{ONE}/$"))
    return page.url


def own_line(member: Person) -> str:
    """The path of the first line that this person's organisation answers for."""
    page = member.go(LINE)
    href = page.locator(f'section:has(#own) a[href^="{LINE}"]').first.get_attribute("href")
    return str(href).partition("#")[0]


def link_for_operators(member: Person, line: str) -> str:
    """Make a link for the phone of a line; returns its address."""
    page = member.go(f"{line}operators/")
    page.locator('[name="label"]').fill("Түнгі ауысым")
    page.locator('form:has([name="label"]) button[type="submit"]').click()
    return page.locator("#operator-address").input_value()


def publish_figures(representative: Person, line: str) -> str:
    """Enter last month's contacts of a line, propose them, agree and publish; returns the desk's address."""
    page = representative.go(f"{line}figures/")
    month = page.locator("#month option").nth(1).get_attribute("value")
    page = representative.go(f"{line}figures/?month={month}")
    page.locator('[name="total"]').fill("214")
    page.locator('form:has([name="total"]) button[type="submit"]').click()
    page = representative.go(f"{LINE}figures/")
    for name in ("first", "last"):
        page.locator(f'[name="{name}"]').select_option(str(month))
    page.locator('form:has([name="first"]) button[type="submit"]').click()
    page.wait_for_url(re.compile(rf"/helplines/figures/{ONE}/$"))
    address = page.url
    for act in ("agree", "publish"):
        representative.go(address)
        page.locator(f'form[action*="/{act}/"] button').first.click()
        representative.prove_again()
    return address


@dataclass
class Asker:
    """Writes in the form of the appeal as programs do, without a browser's page."""

    demo: Demo
    person: Person

    def ask(self, address: str) -> str:
        """Ask for support; returns the link that the mail holds."""
        page = self.person.go(f"/kk/{APPEAL}")
        fields = {
            name: page.locator(f'form [name="{name}"]').first.input_value() for name in ("version", "stamp")
        }
        given = {**fields, "address": address, "region": "KZ-75", "leave_empty": ""}
        answer = self.person.context.request.post(page.url, form=given, max_redirects=0)
        assert answer.status == 302, answer.text()[:300]
        return self.demo.link_in_mail_to(address, SUPPORT_LINK)

    def confirm(self, link: str) -> None:
        page = self.person.go(link)
        page.locator('button[value="confirm"]').click()
        page.locator('button[value="withdraw"]').wait_for()

    def withdraw(self, link: str) -> None:
        self.confirm(link)
        self.person.page.locator('button[value="withdraw"]').click()
        self.person.page.locator('button[value="withdraw"]').wait_for(state="detached")


def make_files(coordinator: Person, appeal: str) -> str:
    """Make the files of a hand-over; returns its address."""
    page = coordinator.go(f"{appeal}hand-overs/")
    page.locator('select[name="language"]').select_option("kk")
    page.locator('main form:has(select[name="language"]) button').click()
    page.wait_for_url(re.compile(rf"/hand-overs/{ONE}/$"))
    return page.url
