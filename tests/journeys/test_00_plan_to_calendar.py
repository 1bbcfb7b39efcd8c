"""From a plan in a workspace to everyone's calendar. An exhibition is journey 7."""

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.events.ical.readers import by_ical_js, by_icalendar
from tests.journeys.demo import Demo, Person
from tests.journeys.gathering import (
    SPRING,
    UTC,
    fill_in,
    iso_day,
    key_of,
    plan_it,
    tell_everyone,
    workspace_of,
)

pytestmark = pytest.mark.timeout(300, func_only=True)

PRESS = {
    "title": {"kk": "Екінші кездесу", "ru": "Вторая встреча с прессой", "en": "A second press conference"},
    "place": {"kk": "Баспасөз үйі", "ru": "Дом прессы", "en": "House of Press"},
}


def _plan_press_conference(page: Page, workspace: str) -> tuple[str, datetime.datetime]:
    """On the day and hour of another one in the same city: the reason is told, and a free time taken."""
    times = {"starts_on": iso_day(3, 3), "starts_at_time": "11:00", "ends_at_time": "12:00"}
    fill_in(page, workspace, "press-conference", PRESS, **times)
    clash = page.locator("form .notice--no")
    expect(clash).to_contain_text("123-бап туралы баспасөз конференциясы")
    free = clash.locator('button[name="take"]')
    expect(free).to_have_count(3)
    start = datetime.datetime.fromisoformat(free.last.get_attribute("value") or "")
    free.last.click()
    expect(page.locator('[name="starts_on"]')).to_have_value(start.date().isoformat())
    expect(page.locator("form .notice--no")).to_have_count(0)
    return plan_it(page), start


def test_plan_to_calendar(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator")
    page = coordinator.page
    press, start = _plan_press_conference(page, workspace_of(page))

    # What is only planned is nobody else's business.
    visitor = person(width=360)
    assert visitor.status(f"/calendar/events/{key_of(press)}.ics") == 404
    assert PRESS["title"]["ru"] not in visitor.go("/ru/events/").content()

    tell_everyone(page, press)
    expect(visitor.go("/ru/events/").locator("main")).to_contain_text(PRESS["title"]["ru"])
    begins = start.replace(tzinfo=UTC) - datetime.timedelta(hours=5)
    span = (begins, begins + datetime.timedelta(hours=1))
    everything = demo.get("/calendar.ics?language=ru")
    one = demo.get(f"/calendar/events/{key_of(press)}.ics?language=ru")
    for read in (by_icalendar, by_ical_js):
        assert read(one, *SPRING, "Asia/Almaty") == [span]
        assert span in read(everything, *SPRING, "Asia/Almaty")
    elsewhere = by_ical_js(everything, *SPRING, "America/New_York")
    assert sorted(by_icalendar(everything, *SPRING, "Asia/Almaty")) == sorted(elsewhere)
    assert PRESS["title"]["ru"] in everything.decode().replace("\r\n ", "")


def test_conflicts_are_told_without_a_script(demo: Demo, browser: Browser) -> None:
    """The form comes back once with what is in the way; sent again, it is saved all the same."""
    planner = Person(demo, browser)
    planner.context.close()
    planner.context = browser.new_context(java_script_enabled=False)
    page = planner.page = planner.context.new_page()
    planner.sign_in("coordinator")
    page.goto(f"{workspace_of(page)}events/new/")
    for name, value in {
        "title_kk": "Кездесу",
        "starts_on": iso_day(3, 12),
        "starts_at_time": "15:00",
        "ends_at_time": "16:00",
    }.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('select[name="region"]').select_option("KZ-79")
    page.locator(".form-foot button[type=submit]").click()
    expect(page.locator("form .notice--no")).to_contain_text("Үй мен жұмыс")
    assert plan_it(page)
    planner.leave()
