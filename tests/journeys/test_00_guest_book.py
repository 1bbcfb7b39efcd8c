"""A visitor writes into the guest book on a phone, a moderator takes it in, everyone reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import iso_day

pytestmark = pytest.mark.timeout(240, func_only=True)
PHONE = 360
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
