"""A nurse writes two sentences to a committee member, opens her mail program, copies the letter and prints
the formal appeal. Nothing she typed leaves her browser, and nothing of it is stored there."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

PATH = "/kk/write/labour-law/"
OWN = "Мен медбикемін & күнде 1=1 + #2 көремін.\nБіз шаршадық."
SECRETS = ("Canary Әсел Есімқызы", "900101350013", "Canary көшесі 7", "медбикемін")
STORES = """async () => {
    const names = (await indexedDB.databases?.()) ?? [];
    const caches_ = "caches" in window ? await caches.keys() : [];
    return JSON.stringify([{...localStorage}, {...sessionStorage}, names, caches_, document.cookie,
        history.state, location.href]);
}"""


def write(page: Page) -> None:
    """Choose somebody and write: the first person of the first committee."""
    page.locator("[name=target]").first.check()
    page.locator("[data-own]").fill(OWN)


def body_of(page: Page) -> str:
    link = page.locator("[data-mail]").get_attribute("href") or ""
    return parse_qs(urlsplit(link).query).get("body", [""])[0]


def sent_by(context: BrowserContext) -> list[str]:
    """Everything that requests of this browser hold, filled as they are made."""
    seen: list[str] = []

    def heard(request: Request) -> None:
        headers = json.dumps(request.headers, ensure_ascii=False)
        seen.append(f"{request.method} {request.url} {headers} {request.post_data or ''}")

    context.on("request", heard)
    return seen


def test_what_is_typed_never_leaves_the_browser(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="kk")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.address)
    seen = sent_by(context)
    page = context.new_page()
    page.add_init_script(
        "window.printed = []; window.print = () => window.printed.push("
        "document.querySelector('[data-paper]').innerText)"
    )
    page.goto(demo.address + PATH)
    write(page)
    page.locator("[data-block]").first.click()
    page.locator("[data-sign]").fill(SECRETS[0])
    page.locator("[data-copy-letter]").click()
    expect(page.locator("[data-copied]")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert OWN in copied
    assert copied.rstrip().endswith(SECRETS[0])

    page.locator(".letter__formal summary").click()
    for name, typed in zip(("name", "iin", "address"), SECRETS, strict=False):
        page.locator(f'[data-formal="{name}"]').fill(typed)
    expect(page.locator('[data-iin="fits"]')).to_be_visible()
    page.locator("[data-print-formal]").click()
    printed = page.evaluate("window.printed")[0]
    assert all(secret in printed for secret in SECRETS)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("[data-paper]").inner_text() == ""

    page.locator("[data-declare]").click()
    expect(page.locator("[data-answer] .notice--yes")).to_be_visible()
    page.wait_for_load_state("networkidle")
    posts = [one for one in seen if one.startswith("POST")]
    assert len(posts) == 1
    assert "way=print" in posts[0]
    kept = page.evaluate(STORES)
    for secret in SECRETS:
        assert not any(secret in one or json.dumps(secret)[1:-1] in one for one in seen), secret
        assert secret not in kept, secret
    assert json.loads(kept)[:4] == [{}, {}, [], []]
    assert context.storage_state(indexed_db=True)["origins"] == []
    assert context.cookies() == []
    context.close()


def test_the_mail_link_holds_the_letter_while_it_fits(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(locale="kk")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.address)
    page = context.new_page()
    page.goto(demo.address + PATH)
    expect(page.locator('[data-verdict="empty"]')).to_be_visible()
    page.locator("[data-block]").first.click()
    expect(page.locator('[data-verdict="template"]')).to_be_visible()
    page.locator("[data-block]").first.click()
    page.locator("[name=target]").nth(1).check()
    write(page)
    expect(page.locator('[data-verdict="own"]')).to_be_visible()
    link = page.locator("[data-mail]").get_attribute("href") or ""
    assert link.startswith("mailto:")
    assert link.count("@") == 1, "one recipient each"
    assert "%0D%0A" in link
    assert OWN.replace("\n", "\r\n") in body_of(page)
    assert len(link.encode()) <= 1900
    first = page.locator("[data-now-name]").inner_text()
    page.locator("[data-next]").click()
    expect(page.locator("[data-now-name]")).not_to_have_text(first)
    assert first not in body_of(page)

    page.locator("[data-own]").fill("Ұзақ сөз. " * 60)
    link = page.locator("[data-mail]").get_attribute("href") or ""
    assert "subject=" in link
    assert "body=" not in link
    expect(page.locator("[data-is-long]")).to_be_visible()
    page.locator("[data-mail]").evaluate(
        "(link) => link.addEventListener('click', (e) => e.preventDefault())"
    )
    page.locator("[data-mail]").click()
    expect(page.locator("[data-mail-copied]")).to_be_visible()
    assert "Ұзақ сөз." in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_chance_filters_and_keys(demo: Demo, browser: Browser) -> None:
    page = browser.new_context(locale="kk").new_page()
    page.goto(demo.address + PATH)
    everybody = page.locator("[data-people] li:visible").count()
    page.locator("#by-committee").select_option(index=1)
    some = page.locator("[data-people] li:visible").count()
    assert 0 < some < everybody
    page.locator("[data-chance]").focus()
    for _time in range(some + 3):
        page.keyboard.press("Enter")
    assert page.locator("[name=target]:checked").count() == some, "chance stays within the choice"
    page.locator("[data-nobody]").press("Space")
    page.locator("[name=target]:visible").first.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-answer] .notice")).to_have_count(0)
    page.locator("[name=way][value=copy]").press("Space")
    page.locator("[data-declare]").press("Enter")
    expect(page.locator("[data-answer] .notice--yes")).to_be_visible()
    expect(page.locator("[name=target]:checked")).to_have_count(0)
    expect(page.locator("[data-people] li em")).to_have_count(1)
    page.locator("[data-declare]").press("Enter")
    expect(page.locator("[data-answer] .notice--wait")).to_be_visible()
    for _time in range(some + 3):
        page.locator("[data-chance]").press("Enter")
    assert page.locator("[name=target]:checked").count() == some - 1, "chance leaves out who was written to"


def test_a_formal_appeal_to_nobody_is_not_printed_and_words_stand_beside_the_button(
    demo: Demo, browser: Browser
) -> None:
    page = browser.new_context(locale="kk").new_page()
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
    page.goto(demo.address + PATH)
    page.locator(".letter__formal summary").press("Enter")
    said = page.get_by_role("alert").filter(has=page.locator("a"))
    expect(said).to_have_count(0)
    page.locator("[data-print-formal]").press("Enter")
    expect(said).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#whom")
    write(page)
    expect(said).to_have_count(0)
    assert page.evaluate("window.printed") == 0
    page.locator("[data-print-formal]").press("Enter")
    assert page.evaluate("window.printed") == 1


def test_an_empty_letter_is_neither_copied_nor_printed_and_words_stand_beside_the_button(
    demo: Demo, browser: Browser
) -> None:
    context = browser.new_context(locale="kk")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.address)
    page = context.new_page()
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
    page.goto(demo.address + PATH)
    page.evaluate("navigator.clipboard.writeText('what was there')")
    page.locator("[name=target]").first.check()
    page.locator(".letter__formal summary").press("Enter")
    for button, name in (
        ("[data-copy-letter]", "copy"),
        ("[data-print-letter]", "print"),
        ("[data-print-formal]", "formal"),
    ):
        page.locator(button).press("Enter")
        expect(page.locator(f'[data-empty="{name}"]')).to_be_focused()
    expect(page.locator("[data-copied]")).to_be_hidden()
    assert page.evaluate("navigator.clipboard.readText()") == "what was there"
    assert page.evaluate("window.printed") == 0
    page.locator("[data-own]").fill(OWN)
    expect(page.locator("[data-empty]:visible")).to_have_count(0)
    page.locator("[data-print-letter]").press("Enter")
    assert page.evaluate("window.printed") == 1

    iin = page.locator('[data-formal="iin"]')
    iin.press_sequentially("9001")
    expect(page.locator('[data-iin="short"]')).to_be_hidden()
    iin.blur()
    expect(page.locator('[data-iin="short"]')).to_be_visible()
    iin.fill("")
    expect(page.locator('[data-iin="blank"]')).to_be_visible()
    context.close()


def test_without_script_only_what_is_there_is_described(demo: Demo, browser: Browser) -> None:
    page = browser.new_context(locale="kk", java_script_enabled=False).new_page()
    page.goto(demo.address + PATH)
    assert page.locator("main noscript").first.is_visible()
    assert page.locator("main [data-scripted]").count() > 0
    assert page.locator("main [data-scripted]:visible").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1440, "dark")])
def test_it_is_accessible(person: Callable[..., Person], width: int, scheme: str) -> None:
    eye = Eye(person(width=width, scheme=scheme), "kk")
    page = eye.look(PATH)
    write(page)
    page.locator("[data-block]").first.click()
    page.locator(".letter__formal summary").click()
    page.locator("[data-is-long]").evaluate("(one) => { one.hidden = false; }")
    for said in page.locator("[data-formal-nobody], [data-empty]").all():
        said.evaluate("(one) => { one.hidden = false; }")
    eye.look_again()
    page.locator("[data-own]").fill("")
    eye.look(f"{PATH}sent/")
    assert eye.faults == []
