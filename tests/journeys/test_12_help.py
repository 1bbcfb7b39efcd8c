"""Journey 12: at 23:40 a woman finds in Kazakh who answers now, and leaves in a second without a trace."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.demo import Demo
from tests.journeys.newsroom import ALMATY
from tests.journeys.servers import WarmServer, copied
from tests.poppler import pdf_text

pytestmark = pytest.mark.timeout(120, func_only=True)

AWAY = "https://www.google.com/"
PHONE = {"width": 360, "height": 740}
KENG_BOSAGHA, NIGHT_CHAT, STATE, LAWYERS = "«Кең босаға»", "түнгі чаты", "111:", "заңгерлерінің"
DAY_AND_NIGHT, OPEN_UNTIL, CLOSED = "Қазір ашық, тәулік бойы", "Қазір ашық.*08:00", "Қазір жабық"


def tonight() -> datetime.datetime:
    """The next 23:40 in Almaty."""
    here = datetime.datetime.now(ALMATY)
    night = here.replace(hour=23, minute=40, second=0, microsecond=0)
    return night if night > here else night + datetime.timedelta(days=1)


@pytest.fixture
def demo(seed: Path, server: WarmServer, tmp_path: Path) -> Iterator[Demo]:
    """A demo in which it is night."""
    with server.serving(copied(seed, tmp_path / "demo"), at=tonight()) as started:
        yield started


def phone(browser: Browser, *, script: bool) -> Page:
    """A page of a phone to which everything outside of the site is one empty page."""
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=script, has_touch=True, is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    page.route(f"{AWAY}**", lambda route: route.fulfill(body="<title>Away</title>", content_type="text/html"))
    return page


def lines(page: Page) -> Locator:
    return page.locator("article.help-line")


def reads_who_is_there(page: Page) -> None:
    """Who answers now stands first, and of those first where one can write; what 111 does is said before."""
    expected = [
        (KENG_BOSAGHA, DAY_AND_NIGHT),
        (NIGHT_CHAT, OPEN_UNTIL),
        (STATE, DAY_AND_NIGHT),
        (LAWYERS, CLOSED),
    ]
    expect(lines(page).locator("h2")).to_have_text([re.compile(name) for name, _state in expected])
    expect(lines(page).locator(".help-line__state")).to_have_text([re.compile(s) for _name, s in expected])
    first = lines(page).first
    ways = first.locator("a.help-way").evaluate_all("all => all.map((one) => one.protocol)")
    assert ways == ["https:", "https:", "tel:"]  # chat, WhatsApp, phone
    box = first.locator(".help-line__state").bounding_box()
    assert box
    assert box["y"] + box["height"] < PHONE["height"]  # seen without scrolling
    expect(first.locator(".help-line__police")).to_contain_text(
        "Сіз сұрамасаңыз, полицияға ештеңе хабарланбайды"
    )
    state = lines(page).filter(has_text=STATE)
    expect(state).to_contain_text("мемлекеттік орган")
    expect(state.locator(".help-line__police")).to_contain_text("полициямен бірге жұмыс істейді")
    expect(state).to_contain_text("Қоңыраулар мен чаттар жазып алынады")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("start", ["/kk/", "/kk/korgau123/"])
def test_at_night_she_finds_help_and_leaves_without_a_trace(demo: Demo, browser: Browser, start: str) -> None:
    page = phone(browser, script=True)
    page.goto(demo.address + start)
    page.locator('main a[href^="/kk/help/"]').last.tap()
    page.wait_for_url("**/kk/help/**")
    entries = page.evaluate("history.length")
    assert page.title() == "Ақпарат"
    reads_who_is_there(page)

    # Through three more pages of help: those of her region, those that speak Russian, the figures.
    page.locator(".help-narrow > summary").tap()
    page.locator("#help-region").select_option("KZ-79")
    page.locator(".help-filter button").tap()
    page.wait_for_url("**?region=KZ-79**")
    expect(lines(page)).to_have_count(4)
    leaflet = page.locator('a[href$="leaflet-kz-79.pdf"]')
    expect(leaflet).to_be_visible()
    page.locator('header a[hreflang="ru"]').tap()
    page.wait_for_url("**/ru/help/**")
    page.locator('a[href$="/help/figures/"]').tap()
    page.wait_for_url("**/ru/help/figures/")
    assert page.evaluate("history.length") == entries

    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(AWAY)
    page.go_back()
    page.wait_for_url(demo.address + start)
    assert page.evaluate("history.length") == entries
    assert page.context.cookies() == []
    page.context.close()
    nothing_is_written(demo, start)


def test_without_script_the_same_by_links(demo: Demo, browser: Browser, tmp_path: Path) -> None:
    page = phone(browser, script=False)
    page.goto(f"{demo.address}/kk/")
    page.locator('.site a[href="/kk/help/"]').tap()
    reads_who_is_there(page)
    page.locator(".help-narrow > summary").tap()
    page.locator("#help-region").select_option("KZ-79")
    page.locator(".help-filter button").tap()
    path = page.locator('a[href$="leaflet-kz-79.pdf"]').get_attribute("href")
    (tmp_path / "sheet.pdf").write_bytes(demo.get(str(path)))
    printed = pdf_text(tmp_path / "sheet.pdf")
    for words in ("shyraq_zhagy_demo", "8 800 000 01 23", "Ночной чат"):
        assert words in printed
    page.locator(".exit [data-safe-exit]").tap()
    page.wait_for_url(AWAY)
    page.context.close()
    nothing_is_written(demo, "/kk/")


def nothing_is_written(demo: Demo, start: str) -> None:
    """The server's log has the first page, and says of no page of help that anybody was there."""
    log = (demo.folder / "server.log").read_text(encoding="utf-8")
    assert f"GET {start} " in log
    assert "help" not in log.lower()
