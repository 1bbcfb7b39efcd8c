"""Journey 10: from a poster to a support that is counted once, on a phone in Kazakh without script; a scanner
clicks first; the same mailbox writes again otherwise; it is taken back; the counter follows each time."""

import csv
import hashlib
import io
import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.campaigning import APPEAL, ONE, SUPPORT_LINK, first_link, make_files
from tests.journeys.demo import Demo, Person, wait_until
from tests.journeys.gathering import workspace_of
from tests.poppler import pdf_text
from tests.square_codes import read_from, read_from_picture

pytestmark = pytest.mark.timeout(240, func_only=True)

SUPPORTERS = 1240  # of the demo
BY_POSTER = 170  # of them by the poster of one organisation: 179, which are told in full tens
AS_REGISTERED, AS_TYPED_LATER = "aigerim.test@gmail.com", "Ai.Gerim.Test+appeal@googlemail.com"
FOLLOWS = 10.0  # seconds
SCANNERS = {
    "a mail provider's scanner": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
    "a preview": "WhatsApp/2.25.20.0 A",
    "another preview": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
}


@dataclass
class Appeal:
    """The demo's appeal as anybody reads its counter."""

    demo: Demo
    watcher: Page  # a page with its counter, open with script all the time

    @property
    def count(self) -> int:
        columns = json.loads(self.demo.get(f"/kk/{APPEAL}counters.json"))["columns"]
        return int(next(one["count"] for one in columns if one["column"] == "online"))

    def follows(self, count: int) -> None:
        """The JSON and the page that is open have the number within ten seconds, each counted by itself."""
        wait_until(lambda: self.count == count, f"{count} supporters", seconds=FOLLOWS)
        shown = self.watcher.locator('[data-column="online"] [data-number]').first
        expect(shown).to_have_text(re.compile(rf"^\s*1\s{count - 1000}\s*$"), timeout=FOLLOWS * 1000)


@pytest.fixture
def appeal(demo: Demo, person: Callable[..., Person]) -> Appeal:
    return Appeal(demo, person().go("/kk/korgau123/"))


def phone(browser: Browser, language: str) -> Page:
    """A phone that runs no script."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        locale=language,
        has_touch=True,
        is_mobile=True,
    )
    return context.new_page()


def codes_of(coordinator: Person) -> str:
    """The address of the page of codes of the workspace."""
    return f"{workspace_of(coordinator.go('/workspaces/'))}codes/"


def row_of_poster(coordinator: Person, codes: str) -> Locator:
    return coordinator.go(codes).locator("tr", has_text="Плакат")


def scanned(page: Page, row: Locator, folder: Path) -> str:
    """What a phone reads from the printed card of this code."""
    path = str(row.locator('a[href$=".pdf"]').get_attribute("href"))
    card = page.context.request.get(page.url.split("/workspaces/")[0] + path)
    return read_from(card.body(), folder)


def write(page: Page, address: str, region: str) -> None:
    """Fill in what is needed and nothing else, and send it."""
    page.locator('[name="address"]').fill(address)
    page.locator('[name="region"]').select_option(region)
    page.locator('#support ~ form button[type="submit"]').tap()
    page.wait_for_url("**/sent/**")


def scan(link: str) -> None:
    """Open the link as programs do that read mail before people: by GET and by HEAD, each name of theirs."""
    for agent in SCANNERS.values():
        for method in ("GET", "HEAD"):
            asked = urllib.request.Request(link, method=method, headers={"User-Agent": agent})
            with urllib.request.urlopen(asked) as answer:
                assert answer.status == 200


def test_from_a_poster_to_one_support_and_back(
    demo: Demo, appeal: Appeal, browser: Browser, person: Callable[..., Person], tmp_path: Path
) -> None:
    coordinator = person("coordinator").choose_language("en")
    codes = codes_of(coordinator)
    row = row_of_poster(coordinator, codes)
    expect(row.locator("td").last).to_have_text(str(BY_POSTER))
    opened = int(row.locator("td").nth(1).inner_text())
    printed = scanned(coordinator.page, row, tmp_path)
    assert printed.startswith("HTTP://LOCALHOST:")
    assert appeal.count == SUPPORTERS

    citizen = phone(browser, "kk-KZ")
    citizen.goto(printed)
    citizen.wait_for_url(re.compile(rf"/kk/{APPEAL}from/\w{{8}}/$"))
    expect(citizen.locator("main .appeal__law")).to_contain_text("заң бойынша ресми петиция емес")
    expect(citizen.locator("#words ~ article")).to_contain_text("Шағым айтатын жер болсын")
    assert citizen.evaluate("document.documentElement.scrollWidth") == 360
    write(citizen, AS_REGISTERED, "KZ-75")
    assert citizen.context.cookies() == []

    link = demo.link_in_mail_to(AS_REGISTERED, SUPPORT_LINK)
    assert "/kk/" in link
    scan(link)
    person().go(link)  # a scanner that runs scripts, and presses nothing
    assert appeal.count == SUPPORTERS
    citizen.goto(link)
    citizen.locator('button[value="confirm"]').tap()
    expect(citizen.locator("h1")).to_have_text("Қолдауыңыз саналды")
    appeal.follows(SUPPORTERS + 1)
    expect(row_of_poster(coordinator, codes).locator("td").last).to_have_text(str(BY_POSTER + 10))
    expect(row_of_poster(coordinator, codes).locator("td").nth(1)).to_have_text(str(opened + 1))

    writes_again(demo, browser, link)
    assert appeal.count == SUPPORTERS + 1

    passes_it_on(citizen, printed)
    citizen.locator('button[value="withdraw"]').tap()
    expect(citizen.locator("h1")).to_have_text("Қолдауыңызды қайтарып алдыңыз")
    appeal.follows(SUPPORTERS)
    expect(row_of_poster(coordinator, codes).locator("td").last).to_have_text(str(BY_POSTER))
    scan(link)
    citizen.goto(link)  # the link says so, for ever
    expect(citizen.locator("h1")).to_have_text("Қолдауыңызды қайтарып алдыңыз")
    assert appeal.count == SUPPORTERS
    citizen.context.close()


def writes_again(demo: Demo, browser: Browser, link: str) -> None:
    """The same mailbox, typed otherwise on a Russian page: the same answer; a mail says how it is."""
    again = phone(browser, "ru-RU")
    again.goto(f"{demo.address}/ru/{APPEAL}")
    write(again, AS_TYPED_LATER, "KZ-71")
    expect(again.locator("h1")).to_have_text("Письмо в пути")
    second = demo.link_in_mail_to(AS_TYPED_LATER, SUPPORT_LINK)
    assert "/ru/" in second
    (mail,) = demo.mails_to(AS_TYPED_LATER)
    assert "Ваша поддержка засчитана" in str(mail["Subject"])
    assert second.rpartition("/link/")[2] == link.rpartition("/link/")[2]
    again.goto(second)
    expect(again.locator("h1")).to_have_text("Ваша поддержка засчитана")
    expect(again.locator('button[value="confirm"]')).to_have_count(0)
    again.context.close()


def passes_it_on(citizen: Page, printed: str) -> None:
    """Messages and picture carry the poster's code, and nothing of the person."""
    code = printed.rpartition("/")[2] or printed.rstrip("/").rpartition("/")[2]
    share = citizen.locator("section:has(#share)")
    for messenger in ("wa.me", "t.me"):
        address = str(share.locator(f'a[href*="{messenger}"]').get_attribute("href"))
        assert code in address
        assert "aigerim" not in address.lower()
    path = str(share.locator('a[href$="story.png"]').get_attribute("href"))
    answer = citizen.context.request.get(citizen.url.split("/kk/")[0] + path)
    with Image.open(io.BytesIO(answer.body())) as story:
        assert story.size == (1080, 1920)
        assert read_from_picture(story) == printed


def test_the_organisers_hand_it_over(person: Callable[..., Person], tmp_path: Path) -> None:
    """Nothing is held; two files with the hashes that the page tells, without an address."""
    coordinator = person("coordinator").choose_language("en")
    workspace = workspace_of(coordinator.go("/workspaces/"))
    address = first_link(coordinator.go(f"{workspace}appeals/"), rf"/workspaces/appeals/{ONE}/")
    expect(coordinator.go(address).locator("main")).to_contain_text(str(SUPPORTERS))
    page = coordinator.go(f"{address}holds/")
    expect(page.locator("main")).to_contain_text("Nothing is held")

    make_files(coordinator, address)
    expect(page.locator("main")).to_contain_text(f"{SUPPORTERS} people")
    hashes = [one.inner_text() for one in page.locator(".hash").all()]
    found = []
    for kind in ("pdf", "csv"):
        with page.expect_download() as download:
            page.locator(f'form[action*="support.{kind}"] button').click()
        path = tmp_path / f"support.{kind}"
        download.value.save_as(path)
        found.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert found == hashes
    assert "1 240" in pdf_text(tmp_path / "support.pdf").replace("\N{NO-BREAK SPACE}", " ")
    table = (tmp_path / "support.csv").read_text(encoding="utf-8-sig")
    assert str(SUPPORTERS) in {cell for row in csv.reader(io.StringIO(table)) for cell in row}
    assert "@" not in table
