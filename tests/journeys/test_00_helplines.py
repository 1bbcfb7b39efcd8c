"""A centre whose name is withheld adds its line, another organisation publishes it, and somebody with a phone
and without script reads in Kazakh whom to write to and what the police learn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

POLICE = "Сіз келіссеңіз ғана"


def test_a_line_goes_from_its_centre_to_somebody_in_need(
    demo: Demo, browser: Browser, person: Callable[..., Person]
) -> None:
    author = person("withheld")
    eye = Eye(author, author.page.locator("html").get_attribute("lang") or "")
    page = eye.look("/workspaces/helplines/")
    page.locator(".topbar a.btn--solid").click()
    page.locator("[name=name_kk]").fill("Түнгі желі")
    page.locator("[name=run_by][value=organisation]").check()
    page.locator("[name=channel-0-kind]").select_option("phone")
    page.locator("[name=channel-0-value]").fill("15o")
    page.locator("button[name=add][value=channel]").click()
    page.locator("[name=channel-1-kind]").select_option("telegram")
    page.locator("[name=channel-1-value]").fill("@tungi_line")
    page.locator("[name=is_round_the_clock]").check()
    page.locator("[name=passed_to_police_kk]").fill(POLICE)
    page.locator("[name=is_anonymous][value=yes]").check()
    page.locator("[name=is_recorded][value=no]").check()
    page.locator("[name=languages][value=kk]").check()
    page.locator("[name=has_called]").check()
    with page.expect_navigation():
        page.locator("button[name=propose]").click()

    # A letter in the number: said beside it, and nothing is lost.
    expect(page.locator("[name=channel-0-value]")).to_have_value("15o")
    expect(page.locator("[name=passed_to_police_kk]")).to_have_value(POLICE)
    eye.look_again()
    page.locator("[name=channel-0-value]").fill("150")
    page.locator("button[name=propose]").click()
    page.wait_for_url("**/workspaces/helplines/*-*/")
    eye.look_again()
    line = page.url
    assert b"tungi_line" not in demo.get("/kk/help/")

    reviewer = person("coordinator")
    of_reviewer = Eye(reviewer, reviewer.page.locator("html").get_attribute("lang") or "")
    page = of_reviewer.look(line)
    page.locator("[name=no_shelter]").check()
    page.locator("form[action$='/publish/'] button").click()
    expect(page.locator("#review")).to_have_count(0)
    of_reviewer.look_again()
    assert eye.faults + of_reviewer.faults == []

    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    phone = context.new_page()
    phone.goto(f"{demo.address}/kk/")
    phone.locator('.site a[href="/kk/help/"]').click()
    card = phone.locator("article", has_text="Түнгі желі")
    ways = card.locator("a.help-way").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert ways == ["https://t.me/tungi_line", "tel:150"]
    expect(card).to_contain_text(POLICE)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    leaflet = phone.locator('a[href$=".pdf"]').get_attribute("href")
    assert demo.get(str(leaflet)).startswith(b"%PDF")
    context.close()
