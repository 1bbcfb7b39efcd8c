"""A reader on a small phone without script: news by topic, facts, sheet, other language, search, feed, mail,
and away."""

import re

import feedparser
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(240, func_only=True)

TOPIC = "how-we-work"
READER = "reader@reader.example"
AWAY = "https://www.google.com/"
WORDS = {
    "kk": {"sheet": "Келісу парағы", "send": "Маған сілтеме жіберу", "confirm": "Маған жаңалықтарды жіберу"},
    "ru": {"sheet": "Лист согласования", "send": "Отправить мне ссылку", "confirm": "Присылать мне новости"},
    "en": {"sheet": "Approval sheet", "send": "Send me the link", "confirm": "Send me the news"},
}
ANY_FORM = {"kk": "заңгерлерге", "ru": "юристами", "en": "employers"}  # of words that are there in others
OTHER = {"kk": "ru", "ru": "en", "en": "kk"}


def phone(browser: Browser, *, script: bool) -> Page:
    page = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=script, service_workers="block"
    ).new_page()
    page.route(f"{AWAY}**", lambda route: route.fulfill(body="<title>Away</title>", content_type="text/html"))
    return page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_reading_without_script(demo: Demo, browser: Browser, language: str) -> None:
    page, said = phone(browser, script=False), WORDS[language]
    page.goto(f"{demo.address}/{language}/")
    page.locator("header nav a[href$='/news/']").click()
    page.locator(f".tabs a[href*='topic={TOPIC}']").click()
    feed = feedparser.parse(demo.get(page.locator("main a[href$='rss.xml']").get_attribute("href") or ""))
    assert not feed.bozo
    assert {entry.title for entry in feed.entries} == set(page.locator(".news h2 a").all_inner_texts())

    page.locator(".news li:has(.marks) h2 a").first.click()  # one under which organisations stand
    article, title = page.url, page.locator("h1").inner_text()
    assert title in {entry.title for entry in feed.entries}
    page.get_by_role("link", name=said["sheet"], exact=True).first.click()
    page.locator(f"#sheet a[href*='/{language}/publications/']").click()
    assert re.search(rf"/{language}/publications/[0-9a-f-]{{36}}/$", page.url)
    page.goto(article)

    page.locator(f"nav.langs a[hreflang='{OTHER[language]}']").click()
    assert f"/{OTHER[language]}/news/" in page.url
    assert title != page.locator("h1").inner_text()
    page.locator(f"nav.langs a[hreflang='{language}']").click()
    assert page.url == article

    page.locator("section[aria-labelledby='related'] a[href$='/three-numbers/']").click()
    page.locator("main details summary").first.click()  # how do we know
    page.locator(f"main details a[href*='/{language}/facts/']").first.click()
    assert re.search(rf"/{language}/facts/[0-9a-f-]{{36}}/$", page.url)
    assert "Internews" in page.locator("main").inner_text()

    page.locator("input[name='q']").fill(ANY_FORM[language])
    page.locator("input[name='q']").press("Enter")
    assert f"/{language}/search/?q=" in page.url
    expect(page.locator(".result mark").first).to_be_visible()

    _by_mail(page, demo, language)

    page.goto(f"{demo.address}/{language}/news/how-to-write-a-complaint/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(".exit [data-safe-exit]").click()
    assert page.url == AWAY


def _by_mail(page: Page, demo: Demo, language: str) -> None:
    page.goto(f"{demo.address}/{language}/news-by-mail/")
    page.locator("input[name='address']").fill(READER)
    page.get_by_role("button", name=WORDS[language]["send"]).click()
    assert page.url.endswith("/sent/")
    page.goto(demo.link_in_mail_to(READER, rf"http\S+/{language}/news-by-mail/\S+"))
    page.get_by_role("button", name=WORDS[language]["confirm"]).click()
    assert READER in page.locator("main").inner_text()
