"""Journey 13: a statement in two hours, by phone, from a holding statement that was approved in advance.

Counted: every press of a key or button from the moment it is begun, and the minutes that it would take: ten
seconds a press, six minutes a call. A password is filled in by the password manager: one press.
"""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.demo import Demo, Person, wait_until

pytestmark = pytest.mark.timeout(300, func_only=True)

SIGNS_IN = ["coordinator", "reviewer", "y.qasymbek", "s.ergali"]  # approve in advance
ABSTAINS = ["o.tsoi", "m.seidaly", "l.qalieva", "r.isatai", "withheld"]
CALLED = ["s.orman", "z.orazbek", "k.murat"]  # by phone, at night
MOST_PRESSES, MOST_MINUTES = 60, 40


@dataclass
class Effort:
    """What the coordinator does, counted."""

    page: Page
    presses: int = 0
    calls: int = 0

    def press(self, target: Locator) -> None:
        target.click()
        self.page.wait_for_load_state()
        self.presses += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.presses += len(words)

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.page.wait_for_load_state()
        self.presses += 1

    @property
    def minutes(self) -> float:
        return self.presses * 10 / 60 + self.calls * 6


def test_a_statement_in_two_hours_by_phone(demo: Demo, person: Callable[..., Person]) -> None:
    lead = person("coordinator")
    round_address = _approved_in_advance(demo, person, lead)

    page = lead.go(round_address)
    effort = Effort(page, presses=1)
    _fill_in(effort, round_address)
    effort.press(page.locator('a[href*="/rounds/"][href$="/calls/"]'))
    effort.press(page.locator('.call-row a.btn[href*="/calls/"]').first)
    for _name in CALLED:
        _call(demo, effort)
    effort.press(page.locator('.topbar a[href$="/publish/"], header a[href$="/publish/"]').first)
    publication = _publish(effort)
    assert effort.presses <= MOST_PRESSES, effort
    assert effort.minutes <= MOST_MINUTES, effort
    _ten_minutes_later(demo, person(), publication)


def _approved_in_advance(demo: Demo, person: Callable[..., Person], lead: Person) -> str:
    """Put with its gaps; four organisations approve, five abstain, three have not decided."""
    page = lead.page
    page.get_by_role("link", name="Article 123").first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    page.goto(page.url + "drafts/")
    page.get_by_role("link", name=re.compile("Holding statement")).first.click()
    draft = page.url.rsplit("/", 2)[0]
    page.goto(f"{draft}/put/")
    for box in page.locator('main input[type="checkbox"]').all():
        box.check()
    page.locator('input[name="put_en"]').uncheck()
    for box in page.locator('main input[name="withheld"]').all():
        box.uncheck()
    page.locator('input[name="rule"][value="joined"]').check()
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)
    page.locator('input[name="deadline"]').fill(later.strftime("%Y-%m-%dT18:00"))
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/rounds/[0-9a-f-]{36}/$"))
    round_address = page.url
    for name in [*SIGNS_IN, *ABSTAINS]:
        someone = lead if name == "coordinator" else person().sign_in_with(f"{name}@demo.example")
        someone.go(f"{round_address}decide/")
        approves = 'form[action$="/approve/"] button[type="submit"]'
        someone.page.locator(approves if name in SIGNS_IN else 'button[value="abstains"]').click()
        someone.prove_again()
    return round_address


def _fill_in(effort: Effort, round_address: str) -> None:
    page = effort.page
    effort.press(page.locator('a[href$="/fill/"]'))
    expect(page.locator("#id_kk_0")).to_be_focused()
    for words, tabs in (("25.11", 1), ("Алға", 1), ("7", 2)):
        effort.type(words)
        for _ in range(tabs):
            effort.key("Tab")
    effort.type("Алга")
    effort.key("Enter")
    _prove_again(effort)
    page.wait_for_url(round_address)


def _prove_again(effort: Effort) -> None:
    """The password, where the site asks once more who one is; what was sent is done then."""
    page = effort.page
    if "/reauthenticate/" in page.url:
        page.locator('input[name="password"]').fill("coalition-demo")
        effort.presses += 1
        effort.press(page.locator('main form button[type="submit"]').first)


def _call(demo: Demo, effort: Effort) -> None:
    """The code goes to the person, who reads it out; the coordinator types it."""
    page = effort.page
    expect(page.locator('input[name="person"]')).to_be_checked()  # the only one who decides there
    known = set(_codes(demo))
    effort.press(page.locator('button[value="code"]'))
    code = _read_out(demo, known)
    assert code not in page.content(), "whoever asked for it never sees it"
    page.locator('input[name="code"]').focus()
    effort.type(code)
    effort.key("Enter")
    _prove_again(effort)
    effort.calls += 1


def _codes(demo: Demo) -> list[str]:
    """Every code that was mailed to those who are called."""
    found = []
    for name in CALLED:
        for mail in demo.mails_to(f"{name}@demo.example"):
            body = mail.get_body(("plain",))
            found += re.findall(r"^(\d{3} \d{3})$", body.get_content() if body else "", re.MULTILINE)
    return [one.replace(" ", "") for one in found]


def _read_out(demo: Demo, known: set[str]) -> str:
    return wait_until(lambda: [one for one in _codes(demo) if one not in known], "a code by mail")[-1]


def _publish(effort: Effort) -> str:
    page = effort.page
    asked = re.search(r"[“«](.+?)[”»]", page.locator('label[for="id_word"]').inner_text())
    assert asked
    page.locator("#id_word").focus()
    effort.type(asked.group(1))
    effort.press(page.locator("main .btn--public"))
    _prove_again(effort)
    page.wait_for_url(re.compile(r"/workspaces/publications/[0-9a-f-]{36}/"))
    return page.url.rstrip("/").rpartition("/")[2]


def _ten_minutes_later(demo: Demo, visitor: Person, publication: str) -> None:
    """One of those who were called objects: the name is gone everywhere, the text stands."""
    sheet = f"/kk/publications/{publication}/"
    page = visitor.go(sheet)
    expect(page.locator("main")).to_contain_text("Алға")
    objecting = f"{CALLED[0]}@demo.example"
    address = demo.link_in_mail_to(objecting, r"http\S+/objection/\S+/")
    before = _named(demo, publication)
    assert len(before) + _withheld(demo, publication) == len(SIGNS_IN) + len(CALLED)
    (article,) = {link for link in _articles(demo) if "Алға" in demo.get(link).decode()}
    surfaces = (sheet, f"/kk/publications/{publication}.json", article, "/kk/news/", "/kk/news/rss.xml")
    told = {path: demo.get(path).decode() for path in surfaces}
    visitor.go(address)
    visitor.page.locator("main form button[type=submit]").last.click()
    visitor.page.wait_for_url(re.compile("/objected/"))
    (gone,) = before - _named(demo, publication)
    assert visitor.status(sheet) == 200, "its rule still holds"
    assert gone in told[sheet]
    assert gone in told[article]
    for path, words in told.items():
        # Other news tell of the same organisation: what goes is its name under this text.
        others = 0 if path in surfaces[:3] else words.count(gone)
        assert demo.get(path).decode().count(gone) <= others, path


def _articles(demo: Demo) -> set[str]:
    """Addresses of the Kazakh news, the newest page of them."""
    return set(re.findall(r'href="(/kk/news/[a-z0-9-]+/)"', demo.get("/kk/news/").decode()))


def _sheet(demo: Demo, publication: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(demo.get(f"/kk/publications/{publication}.json"))["approvals"]
    return found


def _named(demo: Demo, publication: str) -> set[str]:
    return {one["name"]["kk"] for one in _sheet(demo, publication)["named"]}


def _withheld(demo: Demo, publication: str) -> int:
    return int(_sheet(demo, publication)["names_withheld"])
