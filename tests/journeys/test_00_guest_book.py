"""Days of an exhibition: the guest book from phone to public page; visitors counted without connection."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import EVENT, LETTERS, fill_in, iso_day, plan_it, workspace_of

pytestmark = pytest.mark.timeout(240, func_only=True)
PHONE = 360
TOLD = 60_000  # milliseconds
WORDS = "Әжем де осындай хат жазған еді. Рақмет."


def test_words_go_from_a_phone_to_the_public_page(person: Callable[..., Person]) -> None:
    visitor = Eye(person(width=PHONE, scheme="dark"), "kk")
    page = visitor.look("/kk/events/")
    page.get_by_role("link", name="«Гүл емес, қорғау» көрмесі").first.click()
    page.get_by_role("link", name="Пікірлер кітабы").click()
    visitor.look(page.url)
    page.get_by_role("link", name="Пікірлер кітабына жазыңыз").click()
    visitor.look(page.url)
    form = page.url
    page.locator("[name=text]").fill(WORDS)
    page.locator("[name=name]").fill("Сәуле")
    page.locator("[name=may_show]").check()
    page.get_by_role("button", name="Жіберу").click()
    expect(page.locator("#own-address")).to_have_value(page.url.partition("?")[0])
    own = page.url
    visitor.look_again()

    coordinator = person("coordinator")
    coordinator.choose_language("en")
    desk = coordinator.go(f"/workspaces/calendar/?view=agenda&on={iso_day(3, 7)}")
    desk.get_by_role("link", name="Exhibition “Not flowers. Protection.”").first.click()
    event = desk.url
    looked = Eye(coordinator, "en")
    for path in (
        "guest-book/",
        "guest-book/?state=help",
        "guest-book/terms/",
        "visitors/",
        "visitors/links/",
    ):
        looked.look(f"{event}{path}")
    desk.goto(f"{event}guest-book/")
    entry = desk.locator(".guest-entries > li", has_text=WORDS)
    entry.locator("button[value=taken]").click()
    expect(desk.locator(".guest-entries > li", has_text=WORDS)).to_have_count(0)

    page.goto(form.replace("write/", ""))
    expect(page.locator(".entries blockquote[lang=kk]", has_text=WORDS)).to_be_visible()
    expect(page.get_by_text("Сәуле")).to_have_count(0)  # the second tick was not set
    visitor.look_again()
    page.goto(own)
    page.get_by_role("button", name="Қайтарып алып, жою").click()
    page.goto(form.replace("write/", ""))
    expect(page.locator(".entries blockquote", has_text=WORDS)).to_have_count(0)
    assert visitor.faults + looked.faults == []


def test_taps_wait_on_the_phone_while_it_has_no_connection(person: Callable[..., Person]) -> None:
    coordinator = person("coordinator", width=PHONE, scheme="dark")
    coordinator.choose_language("en")
    page = coordinator.go("/workspaces/")
    today = datetime.datetime.now(ZoneInfo("Asia/Almaty")).date().isoformat()
    hours = {"starts_at_time": "00:05", "ends_at_time": "23:55"}
    fill_in(page, workspace_of(page), "exhibition", LETTERS, starts_on=today, **hours)
    page.locator(".form-foot button[type=submit]").click()
    page.wait_for_load_state()
    event = page.url if EVENT.fullmatch(page.url) else plan_it(page)  # what is in the way may be kept
    looked = Eye(coordinator, "en")
    page = looked.look(f"{event}visitors/count/")
    adults = page.locator("output[data-group=adults]")
    page.locator("button[value='adults:1']").click()
    expect(page.locator("#waiting")).to_have_text("All is sent.")
    coordinator.context.set_offline(True)
    for value in ("adults:5", "adults:5", "adults:-1", "children:1"):
        page.locator(f"button[value='{value}']").click()
    expect(adults).to_have_text("10")
    expect(page.locator("#waiting")).to_have_text("Not sent yet: 4")
    expect(page.locator("#line")).to_contain_text("Offline")
    coordinator.context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("All is sent.", timeout=TOLD)
    page.reload()
    expect(adults).to_have_text("10")
    page = looked.look(f"{event}visitors/")
    expect(page.get_by_text("11 people", exact=True)).to_be_visible()
    assert [one for one in looked.faults if "ERR_INTERNET_DISCONNECTED" not in one] == []
