"""An exhibition of weeks: its hours in everyone's calendar, its works with their loans, its volunteers."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.events.ical.readers import by_ical_js, by_icalendar
from tests.journeys.demo import Demo, Person
from tests.journeys.gathering import (
    LETTERS,
    SPRING,
    YEAR,
    hours_on,
    iso_day,
    key_of,
    open_days,
    plan_exhibition,
    tell_everyone,
    workspace_of,
)

pytestmark = pytest.mark.timeout(400, func_only=True)
LENDER = "Гүлнәр Сапарқызы"
VOLUNTEER = "volunteer@else.example"


def _hang_a_work(page: Page, event: str) -> None:
    """A work with its label in three languages, who lends it and when it goes back."""
    page.goto(f"{event}works/add/")
    for language, title in (("kk", "Бірінші хат"), ("ru", "Первое письмо"), ("en", "The first letter")):
        page.locator(f"#id_title_{language}_tab").click()  # opens the language in every text of the form
        page.locator(f'[name="title_{language}"]').fill(title)
        page.locator(f'[name="label_{language}"]').fill(f"{title}.")
    page.locator('[name="show_agreed"]').check()
    page.locator(".form-foot button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/works/"))
    page.goto(f"{event}works/")
    page.get_by_role("link", name="The first letter").first.click()
    page.get_by_role("link", name="Loan and condition").click()
    page.locator('[name="lender"]').fill(LENDER)
    page.locator('[name="return_on"]').fill(iso_day(5, 10))
    page.locator("main form button[type=submit]", has_text="Save").first.click()
    expect(page.locator('[name="return_on"]')).to_have_value(iso_day(5, 10))
    expect(page.get_by_role("link", name="Loan agreement (PDF)")).to_be_visible()
    page.goto(f"{event}works/")
    page.get_by_role("button", name="Show the works on the site").click()


def _plan_shifts(page: Page, event: str) -> str:
    """Two shifts that overlap, and a link for volunteers; returns the link."""
    for begins, ends in (("11:00", "15:00"), ("14:00", "19:00")):
        page.goto(f"{event}shifts/add/")
        page.locator('[name="title_en"]').fill(f"At the door {begins}")
        for name, value in {"on": iso_day(3, 10), "begins": begins, "ends": ends, "needed": "2"}.items():
            page.locator(f'[name="{name}"]').fill(value)
        page.locator(".form-foot button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"/shifts/($|\?|#)"))
    page.goto(f"{event}shifts/links/")
    page.locator('[name="until"]').fill(iso_day(4, 1))
    page.locator("main form button[type=submit]", has_text="Make a link").click()
    return page.locator(".shift-links input").first.input_value()


def _sign_up(demo: Demo, volunteer: Person, link: str) -> None:
    """Both at once are refused in words, with what was typed kept; one of them is taken by a mailed link."""
    page = volunteer.go(re.sub(r"^https?://[^/]+", "", link))
    boxes = page.locator('[name="shifts"]')
    expect(boxes).to_have_count(2)
    boxes.first.check()
    boxes.last.check()
    for name, value in {"name": "Еркебұлан", "address": VOLUNTEER, "phone": "+7 701 000 00 00"}.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("overlap")
    expect(page.locator('[name="name"]')).to_have_value("Еркебұлан")
    page.locator('[name="shifts"]').last.uncheck()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/sent/"))
    own = demo.link_in_mail_to(VOLUNTEER, r"http\S+/my-shifts/\S+")
    page = volunteer.go(own)
    page.locator('button[value="confirm"]').click()
    expect(page.locator(".own-shifts").first).to_contain_text("11:00")
    # The other one overlaps with theirs: it is refused here too.
    take = page.locator('button[value="take"]')
    if take.count():
        take.first.click()
        expect(page.locator("main")).to_contain_text("You have another shift at that time")


def test_an_exhibition(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator")
    page = coordinator.page
    event = plan_exhibition(page, workspace_of(page))
    coordinator.choose_language("en")
    _hang_a_work(page, event)
    tell_everyone(page, event)

    visitor = person(width=360)
    seen = visitor.go("/ru/events/")
    seen.get_by_role("link", name=LETTERS["title"]["ru"]).first.click()
    expect(seen.locator("h1")).to_contain_text(LETTERS["title"]["ru"])
    expect(seen.locator("main")).to_contain_text("11:00–19:00")
    works = f"{re.sub(r'[?#].*', '', seen.url)}works/"
    expect(visitor.go(works).locator("main")).to_contain_text("Первое письмо")
    assert LENDER not in seen.content()

    volunteer = person(width=360).choose_language("en")
    _sign_up(demo, volunteer, _plan_shifts(page, event))
    expect(coordinator.go(f"{event}shifts/?on={iso_day(3, 10)}").locator("main")).to_contain_text("Еркебұлан")

    # Opening night and hours, not one block of 54 days; the same in each reader and each time zone.
    spans = [hours_on(datetime.date(YEAR, 3, 7), 18, 20), *(hours_on(day, 11, 19) for day in open_days())]
    feed = demo.get(f"/calendar/events/{key_of(event)}.ics?language=ru")
    everything = demo.get("/calendar.ics?language=ru")
    for read in (by_icalendar, by_ical_js):
        assert sorted(read(feed, *SPRING, "Asia/Almaty")) == spans
        assert sorted(read(feed, *SPRING, "America/New_York")) == spans
        assert set(spans) <= set(read(everything, *SPRING, "Asia/Almaty"))
