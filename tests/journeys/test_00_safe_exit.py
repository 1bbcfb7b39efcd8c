"""Away from a page by button, by Shift and by a plain link; and what is left of it in the history."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.demo import Demo
from tests.journeys.servers import WarmServer, copied

pytestmark = pytest.mark.timeout(60, func_only=True)

AWAY = "https://www.google.com/"
ARTICLE = "/kk/news/how-to-write-a-complaint/"
QUIET = "help/nothing-is-here/"  # a quiet page in each language
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
BROWSERS = {
    "whatsapp": f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 WhatsApp/2.25.20.0",
    "instagram": f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 Instagram 390.0.0.42.94 Android",
    "instagram on an iphone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/22F76 Instagram 390.0.0.28.85",
}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they change nothing."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("left") / "demo")) as started:
        yield started


def opened(context: BrowserContext) -> Page:
    """A page of a browser to whom everything outside of the site is one empty page."""
    page = context.new_page()
    page.route(f"{AWAY}**", lambda route: route.fulfill(body="<title>Away</title>", content_type="text/html"))
    return page


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    yield opened(context)
    context.close()


def phone(browser: Browser, *, script: bool = True, agent: str | None = None) -> Page:
    context = browser.new_context(
        viewport=PHONE,
        java_script_enabled=script,
        user_agent=agent,
        has_touch=True,
        is_mobile=True,
        service_workers="block",
    )
    return opened(context)


def lights(page: Page) -> int:
    """How many of the three are on; 0 where none is shown."""
    return page.locator("[data-exit-lights]:visible [data-on]").count()


@pytest.mark.parametrize("path", [ARTICLE, f"/kk/{QUIET}"])
@pytest.mark.parametrize("way", ["button", "Shift", "both keys", "link at the top"])
def test_back_shows_nothing(demo: Demo, desk: Page, path: str, way: str) -> None:
    desk.goto(f"{demo.address}/kk/news/")
    desk.goto(demo.address + path)
    if way == "button":
        desk.locator(".exit [data-safe-exit]").click()
    elif way == "link at the top":
        desk.locator("header [data-safe-exit]").focus()
        desk.keyboard.press("Enter")
    else:
        keys = ["ShiftLeft", "ShiftRight", "ShiftLeft"] if way == "both keys" else ["Shift"] * 3
        for number, key in enumerate(keys):
            assert lights(desk) == number
            desk.keyboard.press(key)
    desk.wait_for_url(AWAY)
    desk.go_back()
    desk.wait_for_url(f"{demo.address}/kk/news/")


def test_presses_are_shown_and_spoken(demo: Demo, desk: Page) -> None:
    desk.goto(f"{demo.address}/en/{QUIET}")
    status = desk.get_by_role("status")
    expect(desk.get_by_text("or press Shift three times")).to_be_visible()
    desk.keyboard.press("Shift")
    expect(status).to_have_text("Shift: press it two more times to leave this page.")
    assert lights(desk) == 1
    desk.keyboard.press("Shift")
    expect(status).to_have_text("Shift: press it once more to leave this page.")
    assert lights(desk) == 2
    desk.keyboard.press("Tab")
    expect(status).to_have_text(re.compile("^The count of Shift was interrupted"))
    assert lights(desk) == 0


def test_while_the_other_page_loads_there_is_nothing_to_read(demo: Demo, desk: Page) -> None:
    """Read in the same breath in which somebody leaves: later the other page may be there."""
    desk.goto(demo.address + ARTICLE.replace("/kk/", "/en/"))
    assert "complain" in desk.locator("body").inner_text()
    left = desk.evaluate(
        """() => {
            document.querySelector(".exit [data-safe-exit]").click();
            const cover = document.querySelector("[role=alert]");
            const { width, height } = cover.getBoundingClientRect();
            return { said: cover.textContent, title: document.title, read: document.body.innerText.trim(),
                covered: [width, height] };
        }"""
    )
    assert left == {"said": "Loading…", "title": "Loading…", "read": "Loading…", "covered": [1280, 800]}
    desk.wait_for_url(AWAY)


def test_six_seconds_between_presses_are_too_many(demo: Demo, desk: Page) -> None:
    desk.clock.install()
    desk.goto(demo.address + ARTICLE)
    address = desk.url
    for _ in range(4):
        desk.keyboard.press("Shift")
        assert lights(desk) == 1
        desk.clock.run_for(5001)
        assert lights(desk) == 0
    assert desk.url == address


def test_words_are_typed_and_layouts_switched_without_leaving(demo: Demo, desk: Page) -> None:
    desk.goto(demo.address + ARTICLE)
    address = desk.url
    desk.locator("input[name='q']").focus()
    for letter in "ABCDE":
        desk.keyboard.press(f"Shift+{letter}")
    assert desk.locator("input[name='q']").input_value() == "ABCDE"
    for combination in ("Alt+Shift", "Control+Shift", "Shift+Tab", "Escape"):
        for _ in range(4):
            desk.keyboard.press(combination)
            assert lights(desk) == 0
    assert desk.url == address


@pytest.mark.parametrize("path", [ARTICLE, f"/kk/{QUIET}"])
def test_on_a_phone_the_button_is_under_the_thumb_and_covers_nothing(
    demo: Demo, browser: Browser, path: str
) -> None:
    page = phone(browser)
    page.goto(demo.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for where in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo(0, {where})")
        box = page.locator(".exit [data-safe-exit]").bounding_box()
        assert box
        assert box["y"] + box["height"] > PHONE["height"] - 32
        assert box["y"] + box["height"] <= PHONE["height"]
        assert box["height"] >= 48
        assert box["width"] > 300
    # At the end of the page what stands last is above the bar.
    last = page.locator("main, footer").last.bounding_box()
    bar = page.locator(".exit").bounding_box()
    assert last
    assert bar
    assert last["y"] + last["height"] <= bar["y"] + 1
    expect(page.locator("[data-exit-hint]")).to_be_hidden()
    page.locator(".exit [data-safe-exit]").tap()
    page.wait_for_url(AWAY)
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", BROWSERS)
def test_browsers_inside_other_programs(demo: Demo, browser: Browser, name: str, script: bool) -> None:
    page = phone(browser, script=script, agent=BROWSERS[name])
    page.goto(f"{demo.address}/kk/news/")
    answer = page.goto(f"{demo.address}/kk/{QUIET}")
    assert answer
    assert answer.headers["referrer-policy"] == "no-referrer"
    sent: list[str | None] = []
    page.on("request", lambda one: sent.append(one.headers.get("referer")) if one.url == AWAY else None)
    page.locator(".exit [data-safe-exit]").tap()
    page.wait_for_url(AWAY)
    assert sent == [None]
    page.go_back()
    page.wait_for_url(f"{demo.address}/kk/{'news/' if script else QUIET}")
    page.context.close()


def test_without_script_the_links_are_plain_and_nothing_promises_keys(demo: Demo, browser: Browser) -> None:
    page = phone(browser, script=False)
    page.goto(f"{demo.address}/kk/{QUIET}")
    assert page.locator("[data-exit-hint], [data-exit-lights]").locator("visible=true").count() == 0
    page.locator(".exit [data-safe-exit]").tap()
    page.wait_for_url(AWAY)
    page.context.close()


def test_three_quiet_pages_leave_one_entry(demo: Demo, desk: Page) -> None:
    desk.goto(f"{demo.address}/kk/news/")
    desk.goto(f"{demo.address}/kk/{QUIET}")
    entries = desk.evaluate("history.length")
    for language in ("ru", "en"):
        desk.locator(f"header a[hreflang='{language}']").click()
        desk.wait_for_url(f"{demo.address}/{language}/{QUIET}")
    desk.keyboard.press("Tab")
    desk.locator("a.skip[href='#main']").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/#main")
    assert desk.evaluate("document.activeElement.id") == "main"
    assert desk.evaluate("history.length") == entries
    desk.go_back()
    desk.wait_for_url(f"{demo.address}/kk/news/")


def test_a_search_on_a_quiet_page_leaves_no_entry_either(demo: Demo, desk: Page) -> None:
    desk.goto(f"{demo.address}/kk/news/")
    desk.goto(f"{demo.address}/kk/{QUIET}?region=KZ-10")
    entries = desk.evaluate("history.length")
    desk.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
            `<form method="get"><select name="region"><option value="KZ-75">Алматы</option></select>
             <button name="language" value="kk">Іздеу</button></form>`)"""
    )
    desk.get_by_role("button", name="Іздеу").click()
    desk.wait_for_url(f"{demo.address}/kk/{QUIET}?region=KZ-75&language=kk")
    assert desk.evaluate("history.length") == entries
    desk.go_back()
    desk.wait_for_url(f"{demo.address}/kk/news/")


def test_links_elsewhere_are_left_to_the_browser(demo: Demo, desk: Page) -> None:
    """Another site, and a new window."""
    desk.goto(f"{demo.address}/kk/{QUIET}")
    desk.evaluate(
        f"""() => document.querySelector("main").insertAdjacentHTML("beforeend",
            `<a id="out" href="{AWAY}">Чат</a>`)"""
    )
    entries = desk.evaluate("history.length")
    with desk.context.expect_page() as new:
        desk.locator("header a[hreflang='ru']").click(modifiers=["ControlOrMeta"])
    new.value.close()
    assert desk.url == f"{demo.address}/kk/{QUIET}"
    desk.locator("#out").click()
    desk.wait_for_url(AWAY)
    assert desk.evaluate("history.length") == entries + 1
    desk.go_back()
    desk.wait_for_url(f"{demo.address}/kk/{QUIET}")


def test_a_quiet_page_is_light_and_asks_nobody_else(demo: Demo, browser: Browser) -> None:
    page = phone(browser)
    session, sizes, hosts = page.context.new_cdp_session(page), [], set()
    session.on("Network.requestWillBeSent", lambda event: hosts.add(event["request"]["url"].split("/")[2]))
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(f"{demo.address}/kk/{QUIET}", wait_until="networkidle")
    assert page.title() == "Ақпарат"
    assert 0 < sum(sizes) < 30_000
    assert {host for host in hosts if not host.startswith("data:")} <= {demo.address.split("/")[2], ""}
    assert page.context.cookies() == []
    page.context.close()
