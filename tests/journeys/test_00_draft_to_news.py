"""From a draft to the news: three languages, twelve organisations, one public text that verifies."""

import datetime
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.writing import paper, write_text

pytestmark = pytest.mark.timeout(300, func_only=True)

TEXTS = {
    "kk": ("Жұмыс орнында құрмет керек", "Біз он екі ұйым бір сөз айтамыз 🌷", "Заң адамды қорғауы керек."),
    "ru": (
        "На работе нужно уважение",
        "Мы, двенадцать организаций, говорим одно 🌷",
        "Закон должен защищать.",
    ),
    "en": (
        "Work needs respect",
        "We, twelve organisations, say one thing 🌷",
        "The law must protect people.",
    ),
}
REPRESENTATIVES = [
    "coordinator",
    "reviewer",
    "withheld",
    "y.qasymbek",
    "s.ergali",
    "o.tsoi",
    "m.seidaly",
    "l.qalieva",
    "r.isatai",
    "s.orman",
    "z.orazbek",
    "k.murat",
]
UNTOLD = ("Сыр қыздары", "Syr Qyzdary", "Сыр кыздары", "Бөктер үйі", "Bokter", "Боктер")


def _start_draft(page: Page) -> str:
    """Start a draft in the workspace on the desk; returns the draft's address without its language."""
    page.get_by_role("link", name="Article 123").first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    page.goto(page.url + "drafts/new/")
    page.locator('input[name="title"]').fill("Құрмет · Respect")
    page.locator('input[name="from_template"]').uncheck()
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/drafts/[0-9a-f-]{36}/kk/"))
    return page.url.removesuffix("kk/")


def _write(page: Page, draft: str, language: str) -> None:
    title, lead, words = TEXTS[language]
    page.goto(f"{draft}{language}/")
    write_text(page, title=title, lead=lead, words=words)
    page.reload()
    expect(paper(page)).to_contain_text(words)
    page.goto(f"{draft}{language}/versions/")
    page.locator('input[name="name"]').fill(f"{language} 1")
    page.locator('main form:has(input[name="name"]) button[type="submit"]').click()
    expect(page.locator("main .hash").first).to_be_visible()


def _put_to_approval(page: Page, draft: str) -> str:
    page.goto(f"{draft}put/")
    for box in page.locator('main input[type="checkbox"]').all():
        box.check()
    page.locator('input[name="rule"][value="all"]').check()
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    page.locator('input[name="deadline"]').fill(later.strftime("%Y-%m-%dT18:00"))
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/rounds/[0-9a-f-]{36}/$"))
    return page.url


def _approve(someone: Person, round_address: str) -> None:
    page = someone.go(f"{round_address}decide/")
    page.locator('form[action$="/approve/"] button[type="submit"]').click()
    _prove_again(page)
    expect(page.locator(".state--approved").first).to_be_visible()


def _prove_again(page: Page) -> None:
    """Give the password where the site asks who one is once more."""
    page.wait_for_load_state()
    if "/reauthenticate/" in page.url:
        page.locator('input[name="password"]').fill("coalition-demo")
        page.locator('main form button[type="submit"]').first.click()
        page.wait_for_load_state()


def test_from_a_draft_to_the_news(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator")
    draft = _start_draft(coordinator.page)
    for language in TEXTS:
        _write(coordinator.page, draft, language)
    round_address = _put_to_approval(coordinator.page, draft)

    # While one is missing, publishing is refused in words.
    for name in REPRESENTATIVES[:-1]:
        someone = coordinator if name == "coordinator" else person()
        if someone is not coordinator:
            someone.sign_in_with(f"{name}@demo.example")
        _approve(someone, round_address)
    page = coordinator.go(round_address)
    expect(page.locator(".tally b, .verdict b").first).to_have_text("3")
    page.goto(f"{round_address}publish/")
    expect(page.locator('main [role="alert"]')).to_be_visible()
    expect(page.locator(".btn--public")).to_have_count(0)

    last = person()
    last.sign_in_with(f"{REPRESENTATIVES[-1]}@demo.example")
    _approve(last, round_address)

    page = coordinator.go(f"{round_address}publish/")
    asked = re.search(r"[“«](.+?)[”»]", page.locator('label[for="id_word"]').inner_text())
    assert asked, "The page says which word to type."
    page.locator("#id_word").fill(asked.group(1))
    page.locator("main .btn--public").click()
    _prove_again(page)
    page.wait_for_url(re.compile(r"/workspaces/publications/[0-9a-f-]{36}/"))
    publication = page.url.rstrip("/").rpartition("/")[2]

    _visitor_reads(demo, person(width=360), publication)


def _visitor_reads(demo: Demo, visitor: Person, publication: str) -> None:
    title, lead, words = TEXTS["kk"]
    page = visitor.go("/kk/news/")
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("article")).to_contain_text(lead)
    expect(page.locator("article")).to_contain_text(words)
    assert not any(name in page.content() for name in UNTOLD)
    page.locator('.langs a[hreflang="ru"]').click()
    expect(page.locator("h1")).to_have_text(TEXTS["ru"][0])

    feed = ET.fromstring(demo.get("/kk/news/rss.xml"))
    assert title in [item.findtext("title") for item in feed.iter("item")]

    page = visitor.go(f"/kk/publications/{publication}/")
    assert not any(name in page.content() for name in UNTOLD)
    record = demo.get(f"/kk/publications/{publication}.json").decode()
    assert not any(name in record for name in UNTOLD)
    assert {document["language"] for document in json.loads(record)["documents"]} >= set(TEXTS)
    file = demo.folder / "publication.json"
    file.write_text(record, encoding="utf-8")
    verified = demo.manage("verify_publication", str(file))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    file.write_text(record.replace(words, words.replace("керек", "тиіс")), encoding="utf-8")
    assert demo.manage("verify_publication", str(file)).returncode == 1
